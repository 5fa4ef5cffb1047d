"""Running a job once: two clocks may fire, the unique key of ``job_run`` lets one of them in."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.job import Job, JobRun, RunState
from equipment_cloud.kernel.errors import Refused

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=30)
"""A run that is still "running" after this long lost its process; another may take it over."""


def run_once(job: Job, due_at: datetime, *, now: datetime, again: bool = False) -> JobRun | None:
    """Run a job for a firing; the business date is the local date of ``due_at``.

    Returns ``None`` when the firing is another's or was run before. ``again`` runs it all the same: jobs may be
    repeated for any date. An exception inside the job ends as state ``failed`` with its message, never here.
    """
    run_id = _claim(job.name, due_at, now=now, again=again)
    if run_id is None:
        return None
    try:
        outcome, state = job.run(clock.today(due_at), now).as_dict(), RunState.DONE
    except Exception as error:
        session().rollback()
        log.error("%s failed", job.name, exc_info=error)
        outcome, state = {"done": 0, "failed": 0, "failures": [], "error": _words(error)[:1000]}, RunState.FAILED
    with transaction():
        run = session().get_one(JobRun, run_id)
        run.state, run.outcome, run.finished_at = state, outcome, clock.now()
    return session().get(JobRun, run_id)


def _claim(name: str, due_at: datetime, *, now: datetime, again: bool) -> int | None:
    """The id of the run if it is ours: inserted first, or taken over from a process that died."""
    values = {"state": RunState.RUNNING, "started_at": now, "finished_at": None, "outcome": {}}
    with transaction() as current:
        ours = insert_one_missing(JobRun, {"job_name": name, "due_at": due_at, **values})
        known = current.execute(
            select(JobRun.id, JobRun.state, JobRun.started_at).where(JobRun.job_name == name, JobRun.due_at == due_at)
        ).one()
        if ours:
            return int(known.id)
        is_stale = known.state is RunState.RUNNING and known.started_at <= now - STALE_AFTER
        if not (again or is_stale):
            return None
        taken = current.execute(
            update(JobRun)
            .where(JobRun.id == known.id, JobRun.started_at == known.started_at, JobRun.state == known.state)
            .values(values)
            .execution_options(synchronize_session=False)
        )
        return int(known.id) if taken.rowcount else None  # type: ignore[attr-defined]


def _words(error: Exception) -> str:
    if isinstance(error, Refused):
        return worded(error.message_id, dict(error.values))
    return f"{type(error).__name__}: {error}"


def summary(outcome: dict[str, Any]) -> str:
    """``3 of 41 failed``, or what went wrong as a whole."""
    if "error" in outcome:
        return str(outcome["error"])
    if "done" not in outcome:
        return ""
    return f"{outcome['failed']} of {outcome['done'] + outcome['failed']} failed"
