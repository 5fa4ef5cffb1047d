"""The clock's work on usage."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.usage import queries, service


def close_forgotten(_business_date: date, now: datetime) -> Outcome:
    """End sessions nobody stopped; each in a transaction of its own."""
    outcome = Outcome()
    for usage_id in queries.forgotten(now):
        try:
            with transaction():
                service.close_forgotten(usage_id, now=now)
            outcome.done += 1
        except Refused as refusal:
            outcome.failures.append((f"usage:{usage_id}", str(refusal)))
    return outcome


JOBS = (Job("usage.close-forgotten", "*/15 * * * *", close_forgotten),)
