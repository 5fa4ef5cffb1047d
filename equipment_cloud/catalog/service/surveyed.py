"""What an accepted survey return says becomes the catalogue's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from equipment_cloud.catalog import queries
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import PROPOSED_PUBLIC, WRITABLE, problems_before_submission
from equipment_cloud.catalog.service import indexing
from equipment_cloud.catalog.service.bulk import BulkRow, bulk_upsert
from equipment_cloud.catalog.service.records import plain
from equipment_cloud.catalog.service.steps import is_calibrated
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.bulk import chunks
from equipment_cloud.foundation.db import session


@dataclass(frozen=True, slots=True)
class SurveyedRow:
    """One instrument as its unit reports it: ``values`` by column, only what is to be set.

    ``gone_reason`` says why the unit no longer has it.
    """

    unit_number: str
    values: Mapping[str, Any]
    gone_reason: str | None = None


def take_over(
    organisation_id: int, rows: Sequence[SurveyedRow], *, consents: bool, by: Actor, now: datetime, source: str
) -> list[int]:
    """Create, change, verify and retire as an accepted return says; ids in the order of ``rows``.

    Keyed by organisation and its own number, so that taking over again creates nothing. A complete record is verified;
    with ``consents`` (the owner agreed in the return) a verified one that may be shown is published, with the proposed
    public fields where none were chosen before. An incomplete one stays a draft. The caller holds the permission, has
    checked the values and locked the return.
    """
    known = queries.by_unit_numbers([organisation_id], [row.unit_number for row in rows])
    _lock(list(known.values()))
    ids = _write(organisation_id, rows, known, by=by, now=now, source=source)
    session().expire_all()
    records = {record.id: record for part in chunks(ids) for record in queries.instruments(part).values()}
    notes = []
    for row, record_id in zip(rows, ids, strict=True):
        record = records[record_id]
        acts = (
            _retire(record, row.gone_reason) if row.gone_reason else _advance(record, consents=consents, by=by, now=now)
        )
        notes += [_note(act, record, by=by, now=now, source=source) for act in acts]
        record.updated_at = now
    session().flush()
    for part in chunks(notes):
        session().execute(insert(AuditNote), part)
    indexing.refresh_instruments(list(records.values()))
    return ids


def _lock(records: Sequence[Instrument]) -> None:
    """By ascending id, as everywhere."""
    for part in chunks(sorted(record.id for record in records)):
        statement = select(Instrument.id).where(Instrument.id.in_(part)).order_by(Instrument.id)
        session().execute(statement.with_for_update())


def _write(
    organisation_id: int, rows: Sequence[SurveyedRow], known: Mapping[tuple[int, str], Instrument], *, by: Actor,
    now: datetime, source: str,
) -> list[int]:  # fmt: skip
    """Insert and change; a record nobody said anything new of is left as it is."""
    written: list[BulkRow] = []
    for row in rows:
        record = known.get((organisation_id, row.unit_number))
        values = {name: value for name, value in row.values.items() if name in WRITABLE}
        if record is not None:
            values = {name: value for name, value in values.items() if value != getattr(record, name)}
            before = {name: getattr(record, name) for name in values}
            written.append(BulkRow(organisation_id, row.unit_number, values, record.id, before=before))
        else:
            written.append(BulkRow(organisation_id, row.unit_number, values))
    to_write = [row for row in written if row.instrument_id is None or row.values]
    ids = dict(zip(map(id, to_write), bulk_upsert(to_write, by=by, now=now, source=source), strict=True))
    return [row.instrument_id or ids[id(row)] for row in written]


def _advance(record: Instrument, *, consents: bool, by: Actor, now: datetime) -> list[str]:
    """Verify what is complete, publish what may be shown; the acts to note."""
    if record.state is InstrumentState.RETIRED or problems_before_submission(
        {name: getattr(record, name) for name in WRITABLE}
    ):
        return []
    acts = ["verify"]
    record.verified_by, record.verified_at, record.return_reason = by.id, now, None
    if record.state in {InstrumentState.DRAFT, InstrumentState.SUBMITTED}:
        record.state = InstrumentState.VERIFIED
    if consents and record.state is InstrumentState.VERIFIED and _may_be_shown(record, now=now):
        if record.consented_at is None:
            record.public_fields, record.consented_at = list(PROPOSED_PUBLIC), now
            acts.append("consent")
        record.state, record.published_at = InstrumentState.PUBLISHED, record.published_at or now
        acts.append("publish")
    return acts


def _may_be_shown(record: Instrument, *, now: datetime) -> bool:
    return not record.is_secret and record.share_mode == "external" and is_calibrated(record, now=now)


def _retire(record: Instrument, reason: str) -> list[str]:
    if record.state is InstrumentState.RETIRED:
        return []
    record.state, record.pause_reason = InstrumentState.RETIRED, reason[:255]
    return ["retire"]


def _note(act: str, record: Instrument, *, by: Actor, now: datetime, source: str) -> dict[str, Any]:
    detail = {"source": source, "to": plain(record.state.value)}
    if act == "retire":
        detail["reason"] = record.pause_reason or ""
    return {
        "at": now, "person_id": by.id, "person_name": by.name, "action": f"catalog.{act}",
        "reference": f"instrument:{record.id}", "detail": detail, "block_id": None,
    }  # fmt: skip
