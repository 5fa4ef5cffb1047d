"""``free at that time`` as a condition of the search: one select, whatever the number of instruments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from equipment_cloud.catalog.models import Position
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import is_sqlite
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.models import BookingRules, Closure, Occupation, OpeningHours, SpecialDay, WeekKind
from equipment_cloud.occupancy.queries.held import LONGEST, touches
from equipment_cloud.occupancy.queries.settings import day_kinds, in_force
from equipment_cloud.occupancy.rules import DayKind, weekday_of

MIDNIGHT = time.min
MOST_BUFFER = timedelta(hours=12)
"""No instrument warms up or cleans up longer."""
Days = Mapping[date, DayKind] | None


def free_between(instrument_ids: Any, period: Period, *, now: datetime | None = None) -> Select[Any]:
    """Ids of those instruments on which the period could be booked: a select for use inside ``in_()``.

    ``instrument_ids`` is a list of ids or a select of one column; ``None`` asks all instruments. Lead time and horizon
    count when ``now`` is given. Reads the working days (one statement); an instrument that follows them is closed in a
    year nobody entered. What hangs on who asks (quotas, kept hours, training) is not asked here.
    """
    statement = select(BookingRules.instrument_id).where(
        in_force(BookingRules, clock.today(period.starts_at)),
        BookingRules.shortest_minutes <= period.minutes,
        BookingRules.longest_minutes >= period.minutes,
        _open_during(period),
        ~exists().where(
            Closure.instrument_id == BookingRules.instrument_id,
            Closure.starts_at < period.ends_at,
            Closure.ends_at > period.starts_at,
        ),
        exists().where(
            Position.instrument_id == BookingRules.instrument_id,
            ~exists().where(Occupation.position_id == Position.id, _in_the_way(period)),
        ),
    )
    if instrument_ids is not None:
        statement = statement.where(BookingRules.instrument_id.in_(instrument_ids))
    if now is not None:
        ahead = (period.starts_at - now) // timedelta(minutes=1)
        statement = statement.where(BookingRules.lead_minutes <= ahead, BookingRules.horizon_days * 1440 >= ahead)
    return statement


def _in_the_way(period: Period) -> ColumnElement[bool]:
    """The occupation touches the period with the buffers that a booking of it would take."""
    near = Period(period.starts_at - MOST_BUFFER, period.ends_at + MOST_BUFFER)
    return and_(
        touches(near),
        Occupation.ends_at > _shifted(period.starts_at, -BookingRules.before_minutes),
        Occupation.starts_at < _shifted(period.ends_at, BookingRules.after_minutes),
    )


def _shifted(moment: datetime, minutes: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[datetime]:
    """A moment so many minutes later, written as each engine keeps instants."""
    if is_sqlite():
        kept = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        return func.strftime("%Y-%m-%d %H:%M:%f000", kept, cast(minutes, String).concat(" minutes"))
    return literal(moment, DateTime(timezone=True)) + func.make_interval(0, 0, 0, 0, 0, minutes)


def _open_during(period: Period) -> ColumnElement[bool]:
    if period.length > LONGEST:
        return false()
    follows = BookingRules.follows_workdays
    return or_(and_(follows, _hours_during(period, day_kinds(period))), and_(~follows, _hours_during(period, None)))


def _hours_during(period: Period, days: Days) -> ColumnElement[bool]:
    """Attended time is open throughout; an unattended run needs only its first and last moment inside the hours."""
    parts = list(_local_parts(period))
    (first, start, _end), (last, _start, end) = parts[0], parts[-1]
    whole = [_hours(day, days, _opens_by(begin), _closes_from(close)) for day, begin, close in parts]
    at_start = _hours(first, days, _opens_by(start), or_(OpeningHours.closes > start, _until_midnight()))
    before_end = true() if end == MIDNIGHT else OpeningHours.opens < end
    at_end = _hours(last, days, before_end, _closes_from(end))
    unattended = BookingRules.unattended
    return or_(and_(~unattended, *whole), and_(unattended, at_start, at_end))


def _hours(day: date, days: Days, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The day has such hours: its own, where it has any or is closed by itself, else its week's."""
    mine = (SpecialDay.instrument_id == BookingRules.instrument_id) & (SpecialDay.on == day)
    own = exists().where(
        OpeningHours.instrument_id == BookingRules.instrument_id,
        OpeningHours.kind == WeekKind.SPECIAL,
        OpeningHours.valid_from == day,
        *conditions,
    )
    weekday = weekday_of(day, days)
    weekly: ColumnElement[bool] = false()
    if weekday is not None:
        weekly = exists().where(
            OpeningHours.instrument_id == BookingRules.instrument_id,
            OpeningHours.kind == WeekKind.OPEN,
            OpeningHours.weekday == weekday,
            in_force(OpeningHours, day),
            *conditions,
        )
    return or_(own, and_(~exists().where(mine), weekly))


def _opens_by(start: time) -> ColumnElement[bool]:
    return OpeningHours.opens <= start


def _closes_from(end: time) -> ColumnElement[bool]:
    return _until_midnight() if end == MIDNIGHT else or_(OpeningHours.closes >= end, _until_midnight())


def _until_midnight() -> ColumnElement[bool]:
    return OpeningHours.closes == MIDNIGHT


def _local_parts(period: Period) -> Iterator[tuple[date, time, time]]:
    """The period cut at local midnights: ``(day, from, to)``, where ``to`` 00:00 is the end of the day."""
    start, end = clock.local(period.starts_at).replace(tzinfo=None), clock.local(period.ends_at).replace(tzinfo=None)
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), MIDNIGHT)
        stop = min(end, midnight)
        yield start.date(), start.time(), stop.time()
        start = stop
