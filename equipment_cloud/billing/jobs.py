"""Jobs of the billing room."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.billing import service
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome


def issue_charges(_on: date, now: datetime) -> Outcome:
    """Bills for all usage confirmed and not yet billed, whatever the date asked for."""
    with transaction():
        return Outcome(done=service.issue_charges(now=now))


JOBS: tuple[Job, ...] = (Job("billing.issue-charges", "*/10 * * * *", issue_charges),)
