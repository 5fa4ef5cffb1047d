"""Many records at once, for imports: a few statements however many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Enum, bindparam, delete, insert, select, text, update

from equipment_cloud.catalog.models import DuplicatePair, Instrument, InstrumentState, Position
from equipment_cloud.catalog.rules import CODE_PREFIX
from equipment_cloud.catalog.service.records import DEFAULTS, blank, plain
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.bulk import chunks
from equipment_cloud.foundation.db import is_sqlite, session

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One record to write. ``instrument_id`` is ``None`` for a new one; ``values`` holds only what is to be set."""

    organisation_id: int
    unit_number: str
    values: Mapping[str, Any]
    instrument_id: int | None = None
    positions: int = 1
    before: Mapping[str, Any] | None = None


def bulk_upsert(rows: Sequence[BulkRow], *, by: Actor, now: datetime, source: str) -> list[int]:
    """Create and change records as given; returns their ids in the order of ``rows``.

    ``source`` is the reference of the cause. The caller has checked the values, holds the permission, and passes only
    drafts and submitted records to change.
    """
    new = [row for row in rows if row.instrument_id is None]
    ids = _insert(new, now=now)
    changed = [row for row in rows if row.instrument_id is not None]
    _update(changed, now=now)
    created = dict(zip(map(id, new), ids, strict=True))
    result = [row.instrument_id or created[id(row)] for row in rows]
    _note(list(zip(rows, result, strict=True)), by=by, now=now, source=source)
    return result


def bulk_remove(ids: Sequence[int], *, by: Actor, now: datetime, source: str) -> None:
    """Take away records nothing points to, with their positions; ``source`` is the reference of the cause.

    The caller holds the permission and has asked what depends on them; the foreign keys refuse the rest
    (``IntegrityError``). What is known of them stays in the audit trail.
    """
    for part in chunks(ids):
        gone = session().execute(
            select(Instrument.id, Instrument.code, Instrument.unit_number, Instrument.name).where(
                Instrument.id.in_(part)
            )
        )
        notes = []
        for record_id, code, number, name in gone:
            detail = {"source": source, "code": code, "unit_number": number, "name": name}
            notes.append(_note_row("catalog.remove", record_id, detail, by=by, now=now))
        pairs = DuplicatePair.first_id.in_(part) | DuplicatePair.second_id.in_(part)
        session().execute(delete(DuplicatePair).where(pairs))
        session().execute(delete(Position).where(Position.instrument_id.in_(part)))
        session().execute(delete(Instrument).where(Instrument.id.in_(part)))
        session().execute(insert(AuditNote), notes)


def from_plain(name: str, value: Any) -> Any:
    """A field's value from what JSON kept of it (the opposite of ``plain``)."""
    if value is None:
        return None
    kind = Instrument.metadata.tables[Instrument.__tablename__].c[name].type
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return kind.enum_class(value) if isinstance(kind, Enum) and kind.enum_class else value


def _insert(rows: Sequence[BulkRow], *, now: datetime) -> list[int]:
    if not rows:
        return []
    ids = _take_ids(len(rows))
    fixed = {"state": InstrumentState.DRAFT, "public_fields": [], "created_at": now, "updated_at": now, "revision": 1}
    values = [
        {
            **blank({**DEFAULTS, **row.values}),
            **fixed,
            "id": record_id,
            "code": f"{CODE_PREFIX}-{record_id:06d}",
            "organisation_id": row.organisation_id,
            "unit_number": row.unit_number,
        }
        for record_id, row in zip(ids, rows, strict=True)
    ]
    places = [
        {"instrument_id": record_id, "number": place, "label": str(place)}
        for record_id, row in zip(ids, rows, strict=True)
        for place in range(1, row.positions + 1)
    ]
    for start in range(0, len(values), _CHUNK):
        session().execute(insert(Instrument), values[start : start + _CHUNK])
    session().execute(insert(Position), places)
    return ids


def _take_ids(count: int) -> list[int]:
    """Ids beforehand: asking each insert for its own costs ten times the insert on PostgreSQL."""
    if is_sqlite():  # inside BEGIN IMMEDIATE nobody else writes
        last = session().scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'instrument'"))
        first = (last or 0) + 1
        return list(range(first, first + count))
    drawn = "SELECT nextval(pg_get_serial_sequence('instrument', 'id')) FROM generate_series(1, :count)"
    return list(session().scalars(text(drawn), {"count": count}))


def _update(rows: Sequence[BulkRow], *, now: datetime) -> None:
    """One prepared statement per set of columns: rows of one file mostly share it."""
    grouped: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        columns = tuple(sorted(row.values))
        values = {f"new_{name}": row.values[name] for name in columns}
        grouped.setdefault(columns, []).append({"which": row.instrument_id, **values})
    table = Instrument.metadata.tables[Instrument.__tablename__]
    for columns, group in grouped.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("which"))
            .values(
                {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
                | {"updated_at": now, "revision": table.c.revision + 1}
            )
        )
        session().execute(statement, group)


def _note(rows: Sequence[tuple[BulkRow, int]], *, by: Actor, now: datetime, source: str) -> None:
    notes = [
        _note_row(
            "catalog.create" if row.instrument_id is None else "catalog.update", record_id, _detail(row, source),
            by=by, now=now,
        )
        for row, record_id in rows
    ]  # fmt: skip
    for start in range(0, len(notes), _CHUNK):
        session().execute(insert(AuditNote), notes[start : start + _CHUNK])


def _note_row(action: str, record_id: int, detail: dict[str, Any], *, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "person_id": by.id,
        "person_name": by.name,
        "action": action,
        "reference": f"instrument:{record_id}",
        "detail": detail,
        "block_id": None,
    }


def _detail(row: BulkRow, source: str) -> dict[str, Any]:
    if row.instrument_id is None:
        return {"unit_number": row.unit_number, "source": source}
    return {
        "source": source,
        "before": {name: plain(value) for name, value in (row.before or {}).items()},
        "after": {name: plain(value) for name, value in row.values.items()},
    }
