"""How an instrument may be booked: dated hours and rules, single days, quotas, closures.

Every change is written under the lock of the instrument's calendars. A change holds from a day on and replaces whatever
was planned from that day on; what held before stays on record. Bookings already made stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from equipment_cloud.catalog.models import Position
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Problem, raise_if
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries, rules
from equipment_cloud.occupancy.models import (
    BookingRules,
    Closure,
    OpeningHours,
    Quota,
    QuotaOf,
    QuotaPer,
    SpecialDay,
    WeekKind,
)
from equipment_cloud.occupancy.rules import Hours
from equipment_cloud.occupancy.service.occupations import ensure_calendars, lock

LONGEST_CLOSURE_DAYS = 3700
FARTHEST = timedelta(days=3700)
MOST_QUOTAS = 20


def set_opening(
    instrument_id: int,
    hours: Mapping[int, Sequence[Hours]],
    *,
    kind: WeekKind = WeekKind.OPEN,
    valid_from: date | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Set the weekly hours of a kind from a day on (today unless told); a weekday left out has none.

    Weekday 0 is Monday; touching stretches become one. Raises :class:`Invalid` for a day gone by.
    """
    begins = _begins(valid_from, now)
    _lock_instrument(instrument_id)
    mine = (OpeningHours.instrument_id == instrument_id) & (OpeningHours.kind == kind)
    _end_from(OpeningHours, mine, begins)
    fixed = {"instrument_id": instrument_id, "kind": kind, "valid_from": begins, "valid_to": None}
    rows = [
        fixed | {"weekday": weekday, "opens": opens, "closes": closes}
        for weekday, ranges in sorted(hours.items())
        for opens, closes in _joined(ranges)
    ]
    if rows:
        session().execute(insert(OpeningHours), rows)
    shown = {str(weekday): rules.hours_text(ranges) for weekday, ranges in sorted(hours.items())}
    _note("set-opening", instrument_id, {"kind": kind, "valid_from": begins.isoformat(), **shown}, by=by, now=now)


def set_rules(
    instrument_id: int, *, valid_from: date | None = None, by: Actor, now: datetime, **given: Any
) -> BookingRules:
    """Say how the instrument may be booked on days from ``valid_from`` on (today unless told).

    ``given`` are fields of :class:`rules.RulesGiven`; what is left out takes its default. Raises :class:`Invalid`.
    """
    values = asdict(rules.RulesGiven(**given))
    begins = _begins(valid_from, now)
    raise_if(rules.problems_with_terms(rules.RulesGiven(**given).terms))
    _lock_instrument(instrument_id)
    _end_from(BookingRules, BookingRules.instrument_id == instrument_id, begins)
    row = BookingRules(instrument_id=instrument_id, valid_from=begins, valid_to=None, **values)
    session().add(row)
    session().flush()
    _note("set-rules", instrument_id, values | {"valid_from": begins.isoformat()}, by=by, now=now)
    return row


def set_special_day(
    instrument_id: int, on: date, hours: Sequence[Hours], note: str, *, by: Actor, now: datetime
) -> SpecialDay:
    """Give a single day hours of its own, or close it (no hours); it replaces what was entered for that day."""
    _begins(on, now, field="on")
    _lock_instrument(instrument_id)
    _forget_day(instrument_id, on)
    day = SpecialDay(instrument_id=instrument_id, on=on, note=note)
    session().add(day)
    fixed = {"instrument_id": instrument_id, "kind": WeekKind.SPECIAL, "weekday": on.weekday()}
    dates = {"valid_from": on, "valid_to": on + timedelta(days=1)}
    rows = [fixed | dates | {"opens": opens, "closes": closes} for opens, closes in _joined(hours)]
    if rows:
        session().execute(insert(OpeningHours), rows)
    session().flush()
    detail = {"on": on.isoformat(), "hours": rules.hours_text(hours), "note": note}
    _note("set-special-day", instrument_id, detail, by=by, now=now)
    return day


def drop_special_day(instrument_id: int, day_id: int, *, by: Actor, now: datetime) -> None:
    """Let the week and the working-day calendar decide on that day again. A day gone by stays on record."""
    _lock_instrument(instrument_id)
    day = session().get(SpecialDay, day_id)
    if day is None or day.instrument_id != instrument_id:
        raise NotFound
    _begins(day.on, now, field="on")
    _forget_day(instrument_id, day.on)
    _note("drop-special-day", instrument_id, {"on": day.on.isoformat()}, by=by, now=now)


def add_quota(
    instrument_id: int,
    *,
    of: QuotaOf,
    per: QuotaPer,
    most_minutes: int,
    only_peak: bool = False,
    valid_from: date | None = None,
    by: Actor,
    now: datetime,
) -> Quota:
    """Limit what one person or organisation books in a stretch of days, from a day on."""
    begins = _begins(valid_from, now)
    _lock_instrument(instrument_id)
    if len(queries.quotas_of(instrument_id, clock.today(now))) >= MOST_QUOTAS:
        message = N_("An instrument has at most %(most)s quotas.")
        raise Invalid.single("too-many", message, remedy=N_("End one of them first."), most=MOST_QUOTAS)
    values = {"of": of, "per": per, "most_minutes": most_minutes, "only_peak": only_peak}
    quota = Quota(instrument_id=instrument_id, valid_from=begins, valid_to=None, **values)
    session().add(quota)
    session().flush()
    _note("add-quota", instrument_id, values | {"valid_from": begins.isoformat()}, by=by, now=now)
    return quota


def end_quota(instrument_id: int, quota_id: int, *, by: Actor, now: datetime) -> None:
    """From today on the quota no longer counts; one that never held is forgotten."""
    _lock_instrument(instrument_id)
    quota = session().get(Quota, quota_id)
    if quota is None or quota.instrument_id != instrument_id:
        raise NotFound
    _end_from(Quota, Quota.id == quota_id, clock.today(now))
    _note("end-quota", instrument_id, {"quota_id": quota_id}, by=by, now=now)


def close(instrument_id: int, period: Period, reason: str, *, by: Actor, now: datetime) -> Closure:
    """Close the instrument for a period. Time already taken stays taken: whoever closes tells those people."""
    if period.length.days > LONGEST_CLOSURE_DAYS or period.ends_at <= now:
        message = N_("A closure ends in the future and lasts ten years at most.")
        raise Invalid.single("closure-period", message, field="ends_at", remedy=N_("Correct the end of the closure."))
    _lock_instrument(instrument_id)
    closure = Closure(instrument_id=instrument_id, starts_at=period.starts_at, ends_at=period.ends_at, reason=reason)
    session().add(closure)
    session().flush()
    _note("close", instrument_id, _told(closure), by=by, now=now)
    return closure


def reopen(instrument_id: int, closure_id: int, *, by: Actor, now: datetime) -> None:
    """Take a closure back; one that has begun ends now and stays in the record."""
    _lock_instrument(instrument_id)
    closure = session().get(Closure, closure_id)
    if closure is None or closure.instrument_id != instrument_id:
        raise NotFound
    _note("reopen", instrument_id, _told(closure), by=by, now=now)
    if closure.starts_at < now < closure.ends_at:
        closure.ends_at = now
    else:
        session().delete(closure)
    session().flush()


def _begins(valid_from: date | None, now: datetime, *, field: str = "valid_from") -> date:
    """The day from which a change holds: what was is not changed backwards."""
    today = clock.today(now)
    begins = valid_from or today
    if today <= begins <= today + FARTHEST:
        return begins
    message = N_("A change holds from today or from a later day on.")
    raise Invalid(problems=[Problem("valid-from", message, field, remedy=N_("Choose today or a later day."))])


def _end_from(
    rows: type[OpeningHours] | type[BookingRules] | type[Quota], mine: ColumnElement[bool], begins: date
) -> None:
    """End the rows on a day; those that would only have begun then are replaced."""
    session().flush()
    unsynchronised = {"synchronize_session": False}
    session().execute(delete(rows).where(mine, rows.valid_from >= begins), execution_options=unsynchronised)
    later = rows.valid_to.is_(None) | (rows.valid_to > begins)
    session().execute(update(rows).where(mine, later).values(valid_to=begins), execution_options=unsynchronised)
    session().expire_all()


def _forget_day(instrument_id: int, on: date) -> None:
    hours = (OpeningHours.instrument_id == instrument_id) & (OpeningHours.kind == WeekKind.SPECIAL)
    session().execute(delete(OpeningHours).where(hours, OpeningHours.valid_from == on))
    session().execute(delete(SpecialDay).where(SpecialDay.instrument_id == instrument_id, SpecialDay.on == on))


def _note(act: str, instrument_id: int, detail: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    audit.note(f"occupancy.{act}", f"instrument:{instrument_id}", by=by, now=now, detail=detail)


def _lock_instrument(instrument_id: int) -> None:
    ensure_calendars(instrument_id)
    lock(
        session()
        .scalars(select(Position.id).where(Position.instrument_id == instrument_id).order_by(Position.id))
        .all()
    )


def _joined(ranges: Sequence[Hours]) -> list[Hours]:
    joined: list[Hours] = []
    for opens, closes in sorted(ranges):
        if joined and joined[-1][1] == opens != time.min:
            joined[-1] = (joined[-1][0], closes)
        else:
            joined.append((opens, closes))
    return joined


def _told(closure: Closure) -> dict[str, str]:
    return {
        "starts_at": closure.starts_at.isoformat(),
        "ends_at": closure.ends_at.isoformat(),
        "reason": closure.reason,
    }
