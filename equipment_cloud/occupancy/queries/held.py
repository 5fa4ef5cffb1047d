"""Taken time: occupations of positions within a window. Every scan is bounded by the longest occupation allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, select

from equipment_cloud.catalog.models import Instrument, InstrumentState, Position
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.guards import LONGEST_DAYS
from equipment_cloud.occupancy.models import Occupation, OccupationKind
from equipment_cloud.occupancy.rules import Taken

LONGEST = timedelta(days=LONGEST_DAYS)


class Held(NamedTuple):
    """A position and one occupation of it; the occupation's fields are ``None`` on a position that is free."""

    instrument_id: int
    position_id: int
    position: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    kind: OccupationKind | None = None
    is_firm: bool | None = None
    reference: str | None = None
    reason: str | None = None
    instrument_state: InstrumentState | None = None


def touches(window: Period) -> ColumnElement[bool]:
    """The occupation touches the window."""
    return (
        (Occupation.starts_at < window.ends_at)
        & (Occupation.starts_at > window.starts_at - LONGEST)
        & (Occupation.ends_at > window.starts_at)
    )


def held(instrument_ids: Sequence[int], window: Period) -> list[Held]:
    """Every position of the instruments, with each occupation that touches the window, in order. One statement."""
    asked = {
        "ids": instrument_ids,
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "earliest": window.starts_at - LONGEST,
    }
    return [Held._make(row) for row in session().execute(_HELD, asked)]


def busy(instrument_ids: Sequence[int], window: Period) -> list[Held]:
    """Only the occupations of :func:`held`."""
    return [row for row in held(instrument_ids, window) if row.starts_at is not None]


def taken_of(rows: Iterable[Held]) -> Taken:
    """The rows of one instrument as taken time."""
    rows = list(rows)
    positions = dict.fromkeys(row.position_id for row in rows)
    return Taken(positions, ((row.position_id, period) for row in rows if (period := period_of(row))))


def period_of(row: Held) -> Period | None:
    """When the occupation of the row lasts; ``None`` on a free position."""
    return Period(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else None


def taken_by_instrument(instrument_ids: Sequence[int], window: Period) -> dict[int, Taken]:
    """Taken time by instrument; one without positions is left out. One statement."""
    rows: dict[int, list[Held]] = {}
    for row in held(instrument_ids, window):
        rows.setdefault(row.instrument_id, []).append(row)
    return {key: taken_of(items) for key, items in rows.items()}


def occupation_of(reference: str) -> Occupation | None:
    """The occupation of a reference."""
    statement = select(Occupation).where(Occupation.reference == reference).order_by(Occupation.id).limit(1)
    return session().scalar(statement)


# Read by every calendar, so built once and on plain tables.
_POSITION, _OCCUPATION = cast("Table", Position.__table__), cast("Table", Occupation.__table__)
_INSTRUMENT = cast("Table", Instrument.__table__)
_INSTANT = _OCCUPATION.c.starts_at.type
_TOUCHES = and_(
    _OCCUPATION.c.position_id == _POSITION.c.id,
    _OCCUPATION.c.starts_at < bindparam("ends_at", type_=_INSTANT),
    _OCCUPATION.c.starts_at > bindparam("earliest", type_=_INSTANT),
    _OCCUPATION.c.ends_at > bindparam("starts_at", type_=_INSTANT),
)
_HELD = (
    select(
        _POSITION.c.instrument_id,
        _POSITION.c.id,
        _POSITION.c.number,
        _OCCUPATION.c.starts_at,
        _OCCUPATION.c.ends_at,
        _OCCUPATION.c.kind,
        _OCCUPATION.c.is_firm,
        _OCCUPATION.c.reference,
        _OCCUPATION.c.reason,
        _INSTRUMENT.c.state,
    )
    .select_from(
        _POSITION.join(_INSTRUMENT, _INSTRUMENT.c.id == _POSITION.c.instrument_id).outerjoin(_OCCUPATION, _TOUCHES)
    )
    .where(_POSITION.c.instrument_id.in_(bindparam("ids", expanding=True)))
    .order_by(_POSITION.c.instrument_id, _POSITION.c.number, _OCCUPATION.c.starts_at)
)
