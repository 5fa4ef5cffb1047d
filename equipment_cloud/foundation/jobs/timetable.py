"""When jobs are due. Cron lines are read by APScheduler, with weekday *names* only: its numbers are not cron's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.job import Job

_WEEKDAYS = re.compile(r"\*|(mon|tue|wed|thu|fri|sat|sun)([-,](mon|tue|wed|thu|fri|sat|sun))*")
_LOOK_BACK = (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=32), timedelta(days=400))


@lru_cache(maxsize=256)
def trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    """The trigger of five cron fields in local time. Raises ``ValueError`` for a line that cannot be read."""
    fields = cron.split()
    if len(fields) != 5 or not _WEEKDAYS.fullmatch(fields[4]):
        raise ValueError(f"{cron!r}: five fields are needed, weekdays by name")
    return CronTrigger.from_crontab(cron, timezone=zone)


def next_due(job: Job, after: datetime) -> datetime:
    """The first firing later than ``after``."""
    found = trigger(job.cron, clock.zone()).get_next_fire_time(None, after + timedelta(microseconds=1))
    if found is None:
        raise ValueError(f"{job.name} never fires")
    return datetime.fromtimestamp(found.timestamp(), UTC)


def last_due(job: Job, until: datetime) -> datetime | None:
    """The last firing at or before ``until``, if there was one within 400 days."""
    for step in _LOOK_BACK:
        firings = list(firings_between(job, until - step, until))
        if firings:
            return firings[-1]
    return None


def firings_between(job: Job, after: datetime, until: datetime) -> Iterator[datetime]:
    """Every firing in ``(after, until]``, in order."""
    due = next_due(job, after)
    while due <= until:
        yield due
        due = next_due(job, due)


def last_firing_on(job: Job, day: date, *, until: datetime) -> datetime | None:
    """The last firing of a local day that is not later than ``until``."""
    end = min(clock.end_of(day) - timedelta(microseconds=1), until)
    due = last_due(job, end)
    return due if due is not None and due >= clock.at(day) else None


def due_on(day: date) -> datetime:
    """The instant under which a run by hand for a date is kept: no cron line fires a second past midnight."""
    return clock.at(day) + timedelta(seconds=1)
