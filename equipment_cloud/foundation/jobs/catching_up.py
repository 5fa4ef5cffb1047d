"""Missed dates are made up for, in order, from a job's registration on and at most 31 days back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.job import Job, JobRegistration, JobRun, RunState
from equipment_cloud.foundation.jobs.running import STALE_AFTER, run_once
from equipment_cloud.foundation.jobs.timetable import last_firing_on

FARTHEST_BACK = timedelta(days=31)


def register_jobs(jobs: Sequence[Job], *, now: datetime) -> None:
    """Note when each job was first known: nothing before that is missing."""
    with transaction():
        for job in jobs:  # a handful, once a start of the clock
            insert_one_missing(JobRegistration, {"job_name": job.name, "registered_at": now})


def catch_up(jobs: Sequence[Job], *, now: datetime) -> list[JobRun]:
    """Run what is missing up to ``now``, oldest first: one run for each date without any, and runs left half done."""
    missed = [(due_at, job) for job in jobs for due_at in _missed(job, now=now)]
    missed.sort(key=lambda row: (row[0], row[1].name))
    runs = (run_once(job, due_at, now=now) for due_at, job in missed)
    return [run for run in runs if run is not None]


def _missed(job: Job, *, now: datetime) -> Iterator[datetime]:
    registered_at = session().scalar(
        select(JobRegistration.registered_at).where(JobRegistration.job_name == job.name)
    )  # fmt: skip
    if registered_at is None:
        return
    first = max(clock.today(registered_at), clock.today(now) - FARTHEST_BACK)
    if clock.today(registered_at) < first:
        _raise_alarm(job, clock.today(registered_at), first, now=now)
    runs = session().execute(
        select(JobRun.due_at, JobRun.state, JobRun.started_at).where(
            JobRun.job_name == job.name,
            JobRun.due_at >= clock.at(first),
        )
    ).all()  # fmt: skip
    yield from (
        run.due_at for run in runs if run.state is RunState.RUNNING and run.started_at <= now - STALE_AFTER
    )  # fmt: skip
    served = {clock.today(run.due_at) for run in runs}
    for offset in range((clock.today(now) - first).days + 1):
        day = first + timedelta(days=offset)
        due_at = None if day in served else last_firing_on(job, day, until=now)
        if due_at is not None and due_at > registered_at:
            yield due_at


def _raise_alarm(job: Job, registered_on: date, first: date, *, now: datetime) -> None:
    """Dates too old to be caught up stay on record as one failed run; a person decides what to do about them."""
    last = session().scalar(
        select(func.max(JobRun.due_at)).where(JobRun.job_name == job.name, JobRun.due_at < clock.at(first))
    )  # fmt: skip
    served_until = clock.today(last) if last else registered_on - timedelta(days=1)
    gap_from, gap_to = served_until + timedelta(days=1), first - timedelta(days=1)
    due_at = next((due for day in _backwards(gap_to, gap_from) if (due := last_firing_on(job, day, until=now))), None)
    if due_at is None:
        return
    words = f"not run from {gap_from} to {gap_to}: older than {FARTHEST_BACK.days} days, run the dates by hand"
    outcome = {"done": 0, "failed": 0, "failures": [], "error": words, "gap": [str(gap_from), str(gap_to)]}
    values = {"state": RunState.FAILED, "started_at": now, "finished_at": now, "outcome": outcome}
    with transaction():
        insert_one_missing(JobRun, {"job_name": job.name, "due_at": due_at, **values})


def _backwards(last: date, first: date) -> Iterator[date]:
    day = last
    while day >= first and (last - day).days <= 400:
        yield day
        day -= timedelta(days=1)
