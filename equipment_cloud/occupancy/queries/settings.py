"""Terms, opening hours, closures and working days of instruments, as pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Date, Table, and_, bindparam, exists, null, or_, select, union_all
from sqlalchemy import cast as sql_cast

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import rules
from equipment_cloud.occupancy.models import BookingRules, Closure, OpeningHours, Quota, SpecialDay
from equipment_cloud.occupancy.rules import Closing, DayKind, Hours, Opening, QuotaRule, Setting, Terms, WeekKind
from equipment_cloud.reference.models import CalendarDay

SUGGEST_FOR = timedelta(days=14)
"""How far ahead a next possible time is looked for."""


def in_force(rows: type[BookingRules] | type[OpeningHours] | type[Quota], on: date) -> ColumnElement[bool]:
    """The dated row holds on the day."""
    return and_(rows.valid_from <= on, or_(rows.valid_to.is_(None), rows.valid_to > on))


def setting(instrument_id: int, window: Period, *, on: date | None = None) -> Setting | None:
    """Rules and opening hours of one instrument; ``None`` where it has none. See :func:`settings`."""
    return settings([instrument_id], window, on=on).get(instrument_id)


def settings(instrument_ids: Sequence[int], window: Period, *, on: date | None = None) -> dict[int, Setting]:
    """Rules and opening hours by instrument, with closures and working days as far as the window reaches.

    The rules are those of the day ``on``; unless told, the first that hold within the window, which is closed before
    they begin. Hours follow each day's own. Four statements at most, whatever the number of instruments. Instruments
    without booking rules are left out.
    """
    found, hours = _rules_and_hours(instrument_ids, window, on)
    closures = _closures(list(found), window) if found else {}
    days = day_kinds(window) if any(row.follows_workdays for row in found.values()) else {}
    result = {}
    for key, row in found.items():
        weeks, exceptions = hours.get(key, []), closures.get(key, _Exceptions())
        opening = _opening(weeks, exceptions, window, days if row.follows_workdays else None, since=row.valid_from)
        result[key] = _setting(row, opening, weeks, on or max(row.valid_from, clock.today(window.starts_at)))
    return result


def open_periods(instrument_id: int, window: Period) -> list[Period]:
    """When the instrument is open within the window; nothing where it has no rules or the calendar is unknown."""
    found = setting(instrument_id, window)
    return found.opening.periods(window) if found else []


def quota_rules(instrument_id: int, on: date) -> list[QuotaRule]:
    """The quotas in force on a day, as pure values."""
    rows = session().execute(_QUOTAS, {"instrument_id": instrument_id, "on": on})
    return [QuotaRule(*row) for row in rows]


@dataclass(slots=True)
class _Exceptions:
    """What interrupts an instrument's weeks."""

    closures: list[Closing] = field(default_factory=list)
    special: list[date] = field(default_factory=list)


def _rules_and_hours(
    ids: Sequence[int], window: Period, on: date | None
) -> tuple[dict[int, Any], dict[int, list[Any]]]:
    found: dict[int, Any] = {}
    hours: dict[int, list[Any]] = {}
    first, last = clock.today(window.starts_at), clock.today(window.ends_at)
    asked = {"ids": ids, "on": on or first, "until": on or clock.today(window.ends_at - _MOMENT),
             "first": min(on or first, first), "last": max(on or last, last)}  # fmt: skip
    for row in session().execute(_RULES_AND_HOURS, asked):
        if found.setdefault(row.instrument_id, row).id == row.id and row.weekday is not None:
            hours.setdefault(row.instrument_id, []).append(row)
    return found, hours


def _closures(instrument_ids: Sequence[int], window: Period) -> dict[int, _Exceptions]:
    """Closures and single days of the window, in one statement."""
    asked = {
        "ids": instrument_ids, "starts_at": window.starts_at, "ends_at": window.ends_at,
        "first": clock.today(window.starts_at), "last": clock.today(window.ends_at),
    }  # fmt: skip
    found: dict[int, _Exceptions] = {}
    for instrument_id, starts_at, ends_at, on, text in session().execute(_INTERRUPTIONS, asked):
        mine = found.setdefault(instrument_id, _Exceptions())
        if on is None:
            mine.closures.append(Closing(Period(starts_at, ends_at), text))
        else:
            mine.special.append(on)
    return found


def day_kinds(window: Period) -> dict[date, DayKind]:
    """What the city's calendar says of every entered day the window touches."""
    asked = {"first": clock.today(window.starts_at), "last": clock.today(window.ends_at)}
    rows = session().execute(_DAYS, asked)
    return {on: rules.day_kind(on, is_workday=is_workday, is_named=bool(note)) for on, is_workday, note in rows}


def _opening(
    weeks: Sequence[Any], exceptions: _Exceptions, window: Period, days: dict[date, DayKind] | None, *, since: date
) -> Opening:
    """The hours of a window, none before ``since``."""
    first = clock.today(window.starts_at)
    own = [row for row in weeks if row.kind is WeekKind.OPEN]
    turns = {day for row in own for day in (row.hours_from, row.hours_to) if day is not None} | {since}
    begins = sorted(day for day in turns if day > first and day >= since)
    return Opening(
        hours=_week(own, first) if since <= first else {},
        zone=clock.zone(),
        window=window,
        closures=exceptions.closures,
        days=days,
        changes=[(day, _week(own, day)) for day in begins],
        special={on: _hours_of(weeks, on) for on in exceptions.special if on >= since},
    )


def _hours_of(rows: Sequence[Any], on: date) -> list[Hours]:
    """The hours of a single day."""
    return [(row.opens, row.closes) for row in rows if row.kind is WeekKind.SPECIAL and row.hours_from == on]


def _week(rows: Sequence[Any], on: date, kind: WeekKind = WeekKind.OPEN) -> dict[int, list[Hours]]:
    """The week of a kind that holds on a day."""
    week: dict[int, list[Hours]] = {}
    for row in rows:
        if row.kind is kind and row.hours_from <= on and (row.hours_to is None or row.hours_to > on):
            week.setdefault(row.weekday, []).append((row.opens, row.closes))
    return week


def _setting(row: Any, opening: Opening, weeks: Sequence[Any], on: date) -> Setting:
    return Setting(
        terms=Terms(
            step_minutes=row.step_minutes,
            shortest_minutes=row.shortest_minutes,
            longest_minutes=row.longest_minutes,
            lead_minutes=row.lead_minutes,
            horizon_days=row.horizon_days,
            unattended=row.unattended,
            before_minutes=row.before_minutes,
            after_minutes=row.after_minutes,
        ),
        opening=opening,
        approval=row.approval,
        pending_for=timedelta(hours=row.pending_hours),
        cancel_for=timedelta(hours=row.cancel_hours),
        peak=_week(weeks, on, WeekKind.PEAK),
        peak_longest=timedelta(minutes=row.peak_longest_minutes),
        kept=_week(weeks, on, WeekKind.OUTSIDE),
        released_for=timedelta(hours=row.release_hours),
        needs_training=row.needs_training,
        has_quotas=row.has_quotas,
    )


# Read by every booking and every calendar, so built once and on plain tables.
_RULES, _HOURS = cast("Table", BookingRules.__table__), cast("Table", OpeningHours.__table__)
_CLOSURE, _DAY = cast("Table", Closure.__table__), cast("Table", CalendarDay.__table__)
_SPECIAL, _QUOTA = cast("Table", SpecialDay.__table__), cast("Table", Quota.__table__)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_ON: BindParameter[date] = bindparam("on", type_=Date)
_UNTIL: BindParameter[date] = bindparam("until", type_=Date)
_MOMENT = timedelta(microseconds=1)


def _holds(table: Table, first: BindParameter[date], last: BindParameter[date]) -> ColumnElement[bool]:
    return and_(table.c.valid_from <= last, or_(table.c.valid_to.is_(None), table.c.valid_to > first))


_HAS_QUOTAS = exists().where(_QUOTA.c.instrument_id == _RULES.c.instrument_id, _holds(_QUOTA, _ON, _ON))
_RULES_AND_HOURS = (
    select(
        *_RULES.c,
        _HAS_QUOTAS.label("has_quotas"),
        _HOURS.c.kind,
        _HOURS.c.weekday,
        _HOURS.c.opens,
        _HOURS.c.closes,
        _HOURS.c.valid_from.label("hours_from"),
        _HOURS.c.valid_to.label("hours_to"),
    )
    .outerjoin(_HOURS, and_(_HOURS.c.instrument_id == _RULES.c.instrument_id, _holds(_HOURS, _FIRST, _LAST)))
    .where(_RULES.c.instrument_id.in_(_IDS), _holds(_RULES, _ON, _UNTIL))
    .order_by(_RULES.c.instrument_id, _RULES.c.valid_from, _HOURS.c.weekday, _HOURS.c.opens)
)
_NO_INSTANT = sql_cast(null(), _CLOSURE.c.starts_at.type)
_INTERRUPTIONS = union_all(
    select(
        _CLOSURE.c.instrument_id,
        _CLOSURE.c.starts_at,
        _CLOSURE.c.ends_at,
        sql_cast(null(), Date).label("on"),
        _CLOSURE.c.reason,
    )
    .where(_CLOSURE.c.instrument_id.in_(_IDS))
    .where(_CLOSURE.c.starts_at < bindparam("ends_at", type_=_CLOSURE.c.ends_at.type))
    .where(_CLOSURE.c.ends_at > bindparam("starts_at", type_=_CLOSURE.c.starts_at.type)),
    select(_SPECIAL.c.instrument_id, _NO_INSTANT, _NO_INSTANT, _SPECIAL.c.on, _SPECIAL.c.note)
    .where(_SPECIAL.c.instrument_id.in_(_IDS))
    .where(_SPECIAL.c.on.between(_FIRST, _LAST)),
)
_QUOTAS = (
    select(_QUOTA.c.of, _QUOTA.c.per, _QUOTA.c.most_minutes, _QUOTA.c.only_peak)
    .where(_QUOTA.c.instrument_id == bindparam("instrument_id"), _holds(_QUOTA, _ON, _ON))
    .order_by(_QUOTA.c.id)
)
_DAYS = (
    select(_DAY.c.on, _DAY.c.is_workday, _DAY.c.note)
    .where(_DAY.c.on.between(bindparam("first"), bindparam("last")))
    .order_by(_DAY.c.on)
)
