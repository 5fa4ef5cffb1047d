"""The dated rows of an instrument's rules, as the page shows them that edits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, union_all

from equipment_cloud.foundation.db import session
from equipment_cloud.occupancy.models import BookingRules, Closure, OpeningHours, Quota, SpecialDay
from equipment_cloud.occupancy.queries.settings import in_force
from equipment_cloud.occupancy.rules import Hours, WeekKind


def rules_of(instrument_id: int, on: date) -> BookingRules | None:
    """The booking rules in force on a day; ``None`` where nobody set any, and nobody can book."""
    statement = select(BookingRules).where(BookingRules.instrument_id == instrument_id, in_force(BookingRules, on))
    return session().scalar(statement)


def rules_to_come(instrument_id: int, on: date) -> Sequence[BookingRules]:
    """Booking rules that hold from a later day on, the next first (at most 50)."""
    statement = (
        select(BookingRules)
        .where(BookingRules.instrument_id == instrument_id, BookingRules.valid_from > on)
        .order_by(BookingRules.valid_from)
        .limit(50)
    )
    return session().scalars(statement).all()


def rules_before(instrument_id: int, on: date) -> Sequence[BookingRules]:
    """Booking rules that no longer hold, the latest first (at most 50)."""
    statement = (
        select(BookingRules)
        .where(BookingRules.instrument_id == instrument_id, BookingRules.valid_to <= on)
        .order_by(BookingRules.valid_from.desc())
        .limit(50)
    )
    return session().scalars(statement).all()


def closures_of(instrument_id: int, *, now: datetime) -> Sequence[Closure]:
    """Present and coming closures, the next first (at most 100)."""
    return (
        session()
        .scalars(
            select(Closure)
            .where(Closure.instrument_id == instrument_id)
            .where(Closure.ends_at > now)
            .order_by(Closure.starts_at, Closure.id)
            .limit(100)
        )
        .all()
    )


def hours_of(instrument_id: int, on: date, kind: WeekKind = WeekKind.OPEN) -> dict[int, list[Hours]]:
    """Weekly hours of a kind by weekday, as they hold on a day."""
    rows = session().execute(
        select(OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
        .where(OpeningHours.instrument_id == instrument_id, OpeningHours.kind == kind, in_force(OpeningHours, on))
        .order_by(OpeningHours.weekday, OpeningHours.opens)
    )
    hours: dict[int, list[Hours]] = {}
    for weekday, opens, closes in rows:
        hours.setdefault(weekday, []).append((opens, closes))
    return hours


def hours_change_on(instrument_id: int, on: date) -> dict[WeekKind, date]:
    """The next day after ``on`` from which other weekly hours hold, by kind."""
    mine = and_(OpeningHours.instrument_id == instrument_id, OpeningHours.kind != WeekKind.SPECIAL)
    changes = select(OpeningHours.kind, OpeningHours.valid_from.label("day")).where(mine, OpeningHours.valid_from > on)
    ends = select(OpeningHours.kind, OpeningHours.valid_to.label("day")).where(mine, OpeningHours.valid_to > on)
    both = union_all(changes, ends).subquery()
    rows = session().execute(select(both.c.kind, func.min(both.c.day)).group_by(both.c.kind).order_by(both.c.kind))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class SpecialHours:
    """A single day with its hours; none when it is closed."""

    id: int
    on: date
    hours: list[Hours]
    note: str


def special_days_of(instrument_id: int, on: date) -> list[SpecialHours]:
    """Coming single days with hours of their own, the next first (at most 100 stretches)."""
    rows = session().execute(
        select(SpecialDay.id, SpecialDay.on, SpecialDay.note, OpeningHours.opens, OpeningHours.closes)
        .outerjoin(
            OpeningHours,
            and_(
                OpeningHours.instrument_id == SpecialDay.instrument_id,
                OpeningHours.kind == WeekKind.SPECIAL,
                OpeningHours.valid_from == SpecialDay.on,
            ),
        )
        .where(SpecialDay.instrument_id == instrument_id, SpecialDay.on >= on)
        .order_by(SpecialDay.on, OpeningHours.opens)
        .limit(100)
    )
    found: dict[int, SpecialHours] = {}
    for row in rows:
        day = found.setdefault(row.id, SpecialHours(row.id, row.on, [], row.note))
        if row.opens is not None:
            day.hours.append((row.opens, row.closes))
    return list(found.values())


def quotas_of(instrument_id: int, on: date) -> Sequence[Quota]:
    """Quotas that hold on a day or later, in order (at most 100)."""
    statement = (
        select(Quota)
        .where(Quota.instrument_id == instrument_id, or_(Quota.valid_to.is_(None), Quota.valid_to > on))
        .order_by(Quota.valid_from, Quota.id)
        .limit(100)
    )
    return session().scalars(statement).all()
