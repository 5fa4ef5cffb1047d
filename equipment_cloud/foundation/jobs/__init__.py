"""The clock's machinery: when a job is due, who runs it, what was missed, what happened."""

from equipment_cloud.foundation import backup, sealing
from equipment_cloud.foundation.job import Job
from equipment_cloud.foundation.jobs.catching_up import catch_up, register_jobs
from equipment_cloud.foundation.jobs.overview import (
    JobLine,
    beat,
    known,
    last_beat,
    named,
    overview,
    recent_failures,
    stands_still,
)
from equipment_cloud.foundation.jobs.running import run_once, summary
from equipment_cloud.foundation.jobs.timetable import due_on, last_due, next_due, trigger

JOBS: tuple[Job, ...] = (sealing.JOB, backup.JOB)

__all__ = [
    "JOBS",
    "JobLine",
    "beat",
    "catch_up",
    "due_on",
    "known",
    "last_beat",
    "last_due",
    "named",
    "next_due",
    "overview",
    "recent_failures",
    "register_jobs",
    "run_once",
    "stands_still",
    "summary",
    "trigger",
]
