"""The clock's work on figures."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.insight import service


def roll_up(on: date, now: datetime) -> Outcome:
    """Write down the stock of instruments of the month."""
    with transaction():
        return Outcome(done=service.roll_up(on, now=now))


JOBS: tuple[Job, ...] = (Job("insight.roll-up", "40 23 * * *", roll_up),)
