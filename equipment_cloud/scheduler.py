"""The clock: a process of its own that fires the rooms' jobs. Several may run side by side; each firing runs once."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from equipment_cloud.foundation import clock, jobs
from equipment_cloud.foundation.db import db
from equipment_cloud.foundation.job import Job

log = logging.getLogger(__name__)

BEAT_SECONDS = 20
CATCH_UP_MINUTES = 15
LEAVE = (signal.SIGTERM, signal.SIGINT)


def run(app: Flask) -> None:
    """Fire jobs until SIGTERM or Ctrl-C; runs already begun are finished first.

    The signals are waited for, not handled: a handler would strike in the middle of some lock.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, LEAVE)
    timetable = app.extensions["jobs"]
    with app.app_context():
        jobs.register_jobs(timetable, now=clock.now())
        db.session.remove()
    scheduler = build(app, timetable)
    scheduler.start()
    log.info("the clock runs %s jobs", len(timetable))
    signal.sigwait(LEAVE)
    log.info("the clock stops")
    scheduler.shutdown(wait=True)


def build(app: Flask, timetable: Sequence[Job]) -> BackgroundScheduler:
    """A scheduler that knows the jobs, beats, and catches up at once and every quarter of an hour.

    Its memory is its own: what ran is known by ``job_run`` alone. A late firing is run late, several late ones once.
    """
    with app.app_context():
        zone = clock.zone()
    scheduler = BackgroundScheduler(
        executors={
            "default": ThreadPoolExecutor(4),
            "beat": ThreadPoolExecutor(1),
            "catching-up": ThreadPoolExecutor(1),
        },
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=zone,
    )
    for job in timetable:
        scheduler.add_job(_inside(app, partial(fire, job)), jobs.trigger(job.cron, zone), id=job.name)
    beat = _inside(app, lambda: jobs.beat(now=clock.now()))
    catch_up = _inside(app, lambda: jobs.catch_up(timetable, now=clock.now()))
    for name, act, seconds in (("beat", beat, BEAT_SECONDS), ("catching-up", catch_up, CATCH_UP_MINUTES * 60)):
        scheduler.add_job(act, "date", executor=name, id=f"first-{name}")
        scheduler.add_job(act, "interval", seconds=seconds, executor=name, id=name)
    return scheduler


def fire(job: Job) -> None:
    """Run the firing that is due now, unless another clock has it."""
    now = clock.now()
    due_at = jobs.last_due(job, now)
    if due_at is not None:
        jobs.run_once(job, due_at, now=now)


def _inside(app: Flask, act: Callable[[], object]) -> Callable[[], None]:
    """The act with the application around it; a database that is away is met again at the next firing."""

    def acted() -> None:
        with app.app_context():
            try:
                act()
            except Exception:
                log.exception("the clock missed a beat")
            finally:
                db.session.remove()

    return acted
