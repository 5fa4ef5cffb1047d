"""What the clock does and did: the page of jobs, ``flask jobs list`` and the health check read this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import select, union_all

from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.job import ClockBeat, Job, JobRun, RunState
from equipment_cloud.foundation.jobs.running import STALE_AFTER
from equipment_cloud.foundation.jobs.timetable import next_due
from equipment_cloud.kernel.errors import NotFound

STANDS_STILL_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its last run and its next firing."""

    job: Job
    last_run: JobRun | None
    next_run_at: datetime
    is_stale: bool
    """Its last run says "running", but has been silent for too long."""


def known() -> tuple[Job, ...]:
    """Every room's jobs, as the roof collected them (``app.extensions["jobs"]``)."""
    return cast("tuple[Job, ...]", current_app.extensions["jobs"])


def named(name: str) -> Job:
    """The job of that name. Raises :class:`NotFound`."""
    for job in known():
        if job.name == name:
            return job
    raise NotFound


def overview(*, now: datetime) -> list[JobLine]:
    """All jobs by name, each with the run that started last, in one statement."""
    jobs = sorted(known(), key=lambda job: job.name)
    last_ids = [
        select(
            select(JobRun.id)
            .where(JobRun.job_name == job.name)
            .order_by(JobRun.started_at.desc(), JobRun.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        for job in jobs
    ]
    found = session().scalars(select(JobRun).where(JobRun.id.in_(union_all(*last_ids)))) if jobs else ()
    runs = {run.job_name: run for run in found}
    return [
        JobLine(job, runs.get(job.name), next_due(job, now), _is_stale(runs.get(job.name), now=now)) for job in jobs
    ]


def _is_stale(run: JobRun | None, *, now: datetime) -> bool:
    return run is not None and run.state is RunState.RUNNING and run.started_at <= now - STALE_AFTER


def recent_failures(*, now: datetime, most: int = 20) -> list[JobRun]:
    """Runs of the last 31 days that failed as a whole, alarms about forgotten dates among them; newest first."""
    return list(
        session().scalars(
            select(JobRun)
            .where(JobRun.state == RunState.FAILED, JobRun.started_at >= now - timedelta(days=31))
            .order_by(JobRun.started_at.desc(), JobRun.id.desc())
            .limit(most)
        )
    )


def beat(*, now: datetime) -> None:
    """The clock's sign of life."""
    with transaction() as current:
        insert_one_missing(ClockBeat, {"id": 1, "beat_at": now})
        current.get_one(ClockBeat, 1).beat_at = now


def last_beat() -> datetime | None:
    """When the clock was last heard of."""
    return session().scalar(select(ClockBeat.beat_at).where(ClockBeat.id == 1))


def stands_still(beat_at: datetime | None, *, now: datetime) -> bool:
    """Whether nothing was heard of the clock for more than three minutes (or ever)."""
    return beat_at is None or now - beat_at > STANDS_STILL_AFTER
