"""The only place that asks the time. Edges ask once and hand the moment down."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """The present instant, aware, in UTC, whole seconds (no form or paper of ours is finer)."""
    return datetime.now(UTC).replace(microsecond=0)


def zone() -> ZoneInfo:
    """The one local zone of this installation (``TIMEZONE``)."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def local(moment: datetime) -> datetime:
    """The same instant on local clocks."""
    return moment.astimezone(zone())


def today(moment: datetime) -> date:
    """The local business date of an instant."""
    return local(moment).date()


def at(day: date, hour: time = time.min) -> datetime:
    """The instant of a local clock time on a day."""
    return datetime.combine(day, hour, zone()).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant at which a local day is over: deadlines are inclusive to 23:59:59."""
    return at(day + timedelta(days=1))
