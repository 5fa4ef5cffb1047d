"""The clock's work on surveys."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.rules.reminding import is_reminder_day


def remind_units(on: date, now: datetime) -> Outcome:
    """Remind the units that are behind in an open campaign, on the days before and after its due date."""
    outcome = Outcome()
    due = [campaign.id for campaign in queries.open_campaigns() if is_reminder_day(on, campaign.due_on)]
    for campaign_id in due:
        for organisation_id, drafts in queries.units_behind(campaign_id):
            try:
                with transaction():
                    outcome.done += service.remind_unit(campaign_id, organisation_id, drafts, on=on, now=now)
            except Refused as refusal:
                outcome.failures.append((f"organisation:{organisation_id}", str(refusal)))
    return outcome


def write_waiting_imports(_on: date, now: datetime) -> Outcome:
    """Write the imports that were too long for a request, part by part, from where the last process stopped."""
    outcome = Outcome()
    for run_id in queries.waiting_imports():
        with transaction():
            is_ours = service.claim(run_id, now=clock.now())
        if not is_ours:
            continue
        try:
            _write(run_id, now=now)
            outcome.done += 1
        except Refused as refusal:
            with transaction():
                service.give_up(run_id, refusal, now=clock.now())
            outcome.failures.append((f"import:{run_id}", str(refusal)))
    return outcome


def _write(run_id: int, *, now: datetime) -> None:
    run = queries.import_run(run_id)
    work = service.take_up(run, service.rows_of(run, now=now))
    goes_on = True
    while goes_on:
        with transaction():
            goes_on = service.write_part(work, now=clock.now())


JOBS: tuple[Job, ...] = (
    Job("survey.remind-units", "30 8 * * *", remind_units),
    Job("survey.write-imports", "* * * * *", write_waiting_imports),
)
