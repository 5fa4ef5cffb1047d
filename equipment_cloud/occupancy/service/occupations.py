"""The one owner of time. Lock the positions' calendars, read anew, decide by pure rules, write.

The database's own guard (:mod:`equipment_cloud.occupancy.guards`) is the last line under it and is answered as the same
refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, delete, exists, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from equipment_cloud.catalog.models import Position
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import rules
from equipment_cloud.occupancy.guards import NO_OVERLAP, OVERLAPS
from equipment_cloud.occupancy.models import Calendar, Occupation, OccupationKind
from equipment_cloud.occupancy.rules import PeriodTaken

UNSYNCHRONISED = {"synchronize_session": False}

# The statements of every booking are built once, on plain tables: building them costs more than running them.
_CALENDAR, _OCCUPATION = cast("Table", Calendar.__table__), cast("Table", Occupation.__table__)
_MINE = _CALENDAR.c.position_id.in_(bindparam("position_ids", expanding=True))
_ORDERED = select(_CALENDAR.c.position_id).where(_MINE).order_by(_CALENDAR.c.position_id).with_for_update().cte()
_RAISE = update(_CALENDAR).values(revision=_CALENDAR.c.revision + 1).returning(_CALENDAR.c.position_id)
_RAISE_ON_SQLITE = _RAISE.where(_MINE)  # the whole database is locked already
_RAISE_ON_POSTGRESQL = _RAISE.where(_CALENDAR.c.position_id == _ORDERED.c.position_id)
_INSERT = insert(_OCCUPATION).returning(_OCCUPATION.c.id)
_LAST_END = (
    select(_OCCUPATION.c.ends_at)
    .where(_OCCUPATION.c.position_id == _CALENDAR.c.position_id)
    .where(_OCCUPATION.c.starts_at < bindparam("ends_at", type_=_OCCUPATION.c.starts_at.type))
    .where(_OCCUPATION.c.reference != bindparam("besides"))
    .order_by(_OCCUPATION.c.starts_at.desc())
    .limit(1)
)
_LAST_ENDS = select(_CALENDAR.c.position_id, _LAST_END.scalar_subquery()).where(_MINE).order_by(_CALENDAR.c.position_id)
"""For each position the end of its last occupation to start before the period ends: one index entry each."""


def occupy(
    position_ids: Sequence[int],
    period: Period,
    *,
    kind: OccupationKind,
    reference: str,
    is_firm: bool,
    reason: str | None = None,
    expires_at: datetime | None = None,
    now: datetime,
) -> Occupation:
    """Take the lowest of the positions that is free for the whole period. Raises :class:`PeriodTaken`."""
    position_id = claim(position_ids, period)
    if position_id is None:
        raise PeriodTaken
    return record(
        position_id, period, kind=kind, reference=reference, is_firm=is_firm, reason=reason, expires_at=expires_at
    )


def claim(position_ids: Sequence[int], period: Period, *, besides: str | None = None) -> int | None:
    """Lock the positions and name the lowest one free for the period, or ``None``; write it with :func:`record`.

    ``besides`` is a reference whose own time does not count (it is about to move).
    """
    lock(position_ids)
    return free_position(position_ids, period, besides=besides)


def free_position(position_ids: Sequence[int], period: Period, *, besides: str | None = None) -> int | None:
    """The lowest of the positions that is free for the period, or ``None``; asked under :func:`lock`."""
    rows = session().execute(
        _LAST_ENDS, {"position_ids": position_ids, "ends_at": period.ends_at, "besides": besides or ""}
    )
    return rules.lowest_free({row[0]: row[1] for row in rows}, period)


def record(
    position_id: int,
    period: Period,
    *,
    kind: OccupationKind,
    reference: str,
    is_firm: bool,
    reason: str | None = None,
    expires_at: datetime | None = None,
) -> Occupation:
    """Write what :func:`claim` found, under its lock; the answer is a copy of what stands there, no record to change.

    Raises :class:`PeriodTaken` if the database knows better.
    """
    values: dict[str, Any] = {
        "position_id": position_id,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "kind": kind,
        "is_firm": is_firm,
        "reference": reference,
        "reason": reason,
        "expires_at": expires_at,
    }
    with _answering_overlaps():
        occupation_id = session().execute(_INSERT, values).scalar_one()
    return Occupation(id=occupation_id, **values)


def lock(position_ids: Collection[int]) -> None:
    """Take the calendars' row locks, by ascending position, and forget what was read before.

    The first statement of whatever decides about time. Raises :class:`NotFound` for a position that does not exist.
    """
    wanted = sorted(set(position_ids))
    if not wanted:
        raise NotFound
    session().flush()
    locked = _raise_revisions(wanted)
    if len(locked) < len(wanted):
        _insert_calendars(select(Position.id).where(Position.id.in_(wanted)))
        locked = _raise_revisions(wanted)
    if len(locked) < len(wanted):
        raise NotFound
    session().expire_all()


def ensure_calendars(instrument_id: int) -> None:
    """Give every position of the instrument its calendar row; harmless when they are there."""
    _insert_calendars(select(Position.id).where(Position.instrument_id == instrument_id))


def release(reference: str) -> int:
    """Free the time a reference holds; says how many occupations that were."""
    return release_all([reference])


def release_all(references: Sequence[str]) -> int:
    """Free the time of several references in one statement."""
    done = session().execute(
        delete(Occupation).where(Occupation.reference.in_(references)).returning(Occupation.id),
        execution_options=UNSYNCHRONISED,
    )
    return len(done.all())


def make_firm(reference: str) -> bool:
    """Turn a pending occupation into a firm one that no longer expires; False if there is none."""
    done = session().execute(
        update(Occupation)
        .where(Occupation.reference == reference)
        .values(is_firm=True, expires_at=None)
        .returning(Occupation.id),
        execution_options=UNSYNCHRONISED,
    )
    return done.first() is not None


def move(
    reference: str,
    candidates: Sequence[int],
    period: Period,
    *,
    is_firm: bool = True,
    expires_at: datetime | None = None,
    now: datetime,
) -> Occupation:
    """Move a reference's time to the lowest candidate free in another period; its own present time counts as free.

    ``candidates`` contains its present position. Raises :class:`PeriodTaken`, or :class:`NotFound` if it holds none.
    """
    position_id = claim(candidates, period, besides=reference)
    if position_id is None:
        raise PeriodTaken
    occupation = _held_by(reference)
    occupation.position_id = position_id
    occupation.starts_at, occupation.ends_at = period.starts_at, period.ends_at
    occupation.is_firm, occupation.expires_at = is_firm, expires_at
    _flush()
    return occupation


def extend(reference: str, ends_at: datetime) -> Occupation:
    """Let a reference keep its position until later. Raises :class:`PeriodTaken` if somebody else has it then."""
    occupation = _held_by(reference)
    longer = Period(occupation.starts_at, max(ends_at, occupation.ends_at))
    if claim([occupation.position_id], longer, besides=reference) is None:
        raise PeriodTaken
    occupation.ends_at = longer.ends_at
    _flush()
    return occupation


def shorten(reference: str, ends_at: datetime) -> None:
    """Give back what lies after ``ends_at``; all of it if that is before the start."""
    occupation = _held_by(reference)
    lock([occupation.position_id])
    if ends_at <= occupation.starts_at:
        session().delete(occupation)
    else:
        occupation.ends_at = min(ends_at, occupation.ends_at)
    session().flush()


def _held_by(reference: str) -> Occupation:
    found = session().scalar(select(Occupation).where(Occupation.reference == reference).limit(1))
    if found is None:
        raise NotFound
    return found


def _raise_revisions(position_ids: Sequence[int]) -> list[int]:
    statement = _RAISE_ON_SQLITE if is_sqlite() else _RAISE_ON_POSTGRESQL
    return list(session().scalars(statement, {"position_ids": position_ids}))


def _insert_calendars(positions: Select[int]) -> None:
    insert_missing = sqlite.insert if is_sqlite() else postgresql.insert
    without_calendar = ~exists().where(Calendar.position_id == Position.id)
    missing = positions.add_columns(literal(0)).where(without_calendar).order_by(Position.id)
    session().execute(
        insert_missing(Calendar).from_select(["position_id", "revision"], missing).on_conflict_do_nothing()
    )


def _flush() -> None:
    with _answering_overlaps():
        session().flush()


@contextmanager
def _answering_overlaps() -> Iterator[None]:
    """The database's refusal of an overlap, as ours."""
    try:
        yield
    except IntegrityError as error:
        if OVERLAPS in str(error.orig) or NO_OVERLAP in str(error.orig):
            raise PeriodTaken from error
        raise
