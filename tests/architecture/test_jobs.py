"""Jobs are named and timed so that both people and the clock read them rightly."""

from __future__ import annotations

import importlib
import re

import pytest
from apscheduler.triggers.cron import CronTrigger

from equipment_cloud.foundation.job import Job
from tests.architecture.sources import PACKAGE, room_files

NAME = re.compile(r"[a-z]+(?:\.[a-z]+(?:-[a-z]+)*)")


def _jobs() -> list[Job]:
    rooms = {path.relative_to(PACKAGE).parts[0] for path in room_files("jobs")} | {"foundation"}
    return [job for room in sorted(rooms) for job in importlib.import_module(f"equipment_cloud.{room}.jobs").JOBS]


@pytest.mark.parametrize("job", _jobs(), ids=lambda job: job.name)
def test_a_job_is_named_after_its_room_and_its_cron_line_parses(job: Job) -> None:
    assert NAME.fullmatch(job.name)
    assert CronTrigger.from_crontab(job.cron, timezone="Asia/Shanghai")
    weekday = job.cron.split()[4]
    assert not re.search(r"\d", weekday), "APScheduler counts weekdays from Monday, cron from Sunday: write mon, tue"


def test_no_two_jobs_share_a_name() -> None:
    names = [job.name for job in _jobs()]
    assert sorted(names) == sorted(set(names))
