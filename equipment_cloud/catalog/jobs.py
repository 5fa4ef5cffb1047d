"""What the clock does in the catalogue."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.catalog import queries, service
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused


def pause_uncalibrated(on: date, now: datetime) -> Outcome:
    """Pause every published instrument whose required calibration is missing or over on that day."""
    outcome = Outcome()
    for instrument_id in queries.due_to_pause(on):
        try:
            with transaction():
                outcome.done += service.pause_uncalibrated(instrument_id, now=now, on=on)
        except Refused as refusal:
            outcome.failures.append((f"instrument:{instrument_id}", refusal.problem_code))
    return outcome


def find_duplicates(_on: date, now: datetime) -> Outcome:
    """Look for records that may be one machine; the bureau decides about each pair."""
    with transaction():
        return Outcome(done=service.find_duplicates(now=now))


JOBS: tuple[Job, ...] = (
    Job("catalog.pause-uncalibrated", "10 0 * * *", pause_uncalibrated),
    Job("catalog.find-duplicates", "50 1 * * *", find_duplicates),
)
