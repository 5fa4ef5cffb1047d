"""Reads of instruments, positions and calibrations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import (
    Calibration,
    Instrument,
    InstrumentState,
    Position,
)
from equipment_cloud.catalog.rules import IN_CATALOGUE
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation

OFFICE = ("surveyor", "policy", "reviewer", "approver", "leader", "treasurer", "auditor", "admin")
"""Roles of the bureau that see every record; a township liaison sees those of the town."""
STAFF = ("manager", "operator", "finance")


def instrument(instrument_id: int) -> Instrument:
    """One instrument with its owner. Raises :class:`NotFound`."""
    return _one(select(Instrument).where(Instrument.id == instrument_id))


def instrument_by_code(code: str) -> Instrument:
    """One instrument by its platform number (``330281-000231``). Raises :class:`NotFound`."""
    return _one(select(Instrument).where(Instrument.code == code))


def published_instrument(instrument_id: int) -> Instrument:
    """One instrument of the public catalogue. Raises :class:`NotFound`."""
    return _one(select(Instrument).where(Instrument.id == instrument_id, Instrument.state == InstrumentState.PUBLISHED))


def visible_to(actor: Actor | None, instrument_id: int) -> Instrument:
    """One instrument this person may see: published or paused to all, others to owner and bureau. Raises NotFound."""
    return _one(select(Instrument).where(Instrument.id == instrument_id, _seen_by(actor)))


def instruments(ids: Collection[int]) -> dict[int, Instrument]:
    """Instruments by id, with their owners."""
    statement = select(Instrument).where(Instrument.id.in_(ids)).options(joinedload(Instrument.organisation))
    return {record.id: record for record in session().scalars(statement)}


def positions(instrument_id: int) -> list[Position]:
    """Positions of an instrument, lowest number first."""
    statement = select(Position).where(Position.instrument_id == instrument_id).order_by(Position.number)
    return list(session().scalars(statement))


def calibrations(instrument_id: int) -> list[Calibration]:
    """The last 100 calibration records, newest first."""
    statement = select(Calibration).where(Calibration.instrument_id == instrument_id)
    return list(session().scalars(statement.order_by(Calibration.valid_until.desc(), Calibration.id.desc()).limit(100)))


def history(instrument_id: int, *, number: int, size: int) -> Page[AuditNote]:
    """What was done to the record, newest first."""
    statement = select(AuditNote).where(AuditNote.reference == f"instrument:{instrument_id}")
    return scalars_page(statement.order_by(AuditNote.id.desc()), number=number, size=size)


def managed_by(
    actor: Actor, *, number: int, size: int, state: str | None = None, q: str | None = None
) -> Page[Instrument]:
    """Instruments of the organisations where the actor works, newest change first."""
    statement = select(Instrument).where(_staffed_by(actor)).options(joinedload(Instrument.organisation))
    if state in set(InstrumentState):
        statement = statement.where(Instrument.state == InstrumentState(state))
    statement = _containing(statement, q)
    return scalars_page(
        statement.order_by(Instrument.updated_at.desc(), Instrument.id.desc()), number=number, size=size
    )


def counts_managed_by(actor: Actor) -> dict[str, int]:
    """How many of them in each state."""
    statement = select(Instrument.state, func.count()).where(_staffed_by(actor)).group_by(Instrument.state)
    return {state.value: found for state, found in session().execute(statement)}


def sent_back(actor: Actor) -> list[Instrument]:
    """Own drafts the bureau sent back, the latest five."""
    returned = (Instrument.state == InstrumentState.DRAFT, Instrument.return_reason.is_not(None))
    statement = select(Instrument).where(_staffed_by(actor), *returned)
    return list(session().scalars(statement.order_by(Instrument.updated_at.desc(), Instrument.id).limit(5)))


def twins(record: Instrument) -> list[Instrument]:
    """Other live records that may be the same machine: same serial number and model, or same owner, name and model."""
    if not record.model:
        return []
    same = and_(
        Instrument.organisation_id == record.organisation_id,
        Instrument.name == record.name,
        or_(Instrument.serial_number.is_(None), Instrument.serial_number == record.serial_number),
    )
    if record.serial_number:
        same = or_(same, Instrument.serial_number == record.serial_number)
    statement = select(Instrument).where(
        Instrument.model == record.model,
        Instrument.id != record.id,
        Instrument.state != InstrumentState.RETIRED,
        same,
    )
    statement = statement.options(joinedload(Instrument.organisation))
    return list(session().scalars(statement.order_by(Instrument.id).limit(10)))


def awaiting_verification(
    *, number: int, size: int, organisation_id: int | None = None, town: str | None = None, q: str | None = None
) -> Page[Instrument]:
    """Submitted records, and published ones whose core facts changed since they were verified; oldest first."""
    statement = select(Instrument).where(_unverified()).options(joinedload(Instrument.organisation))
    if organisation_id is not None:
        statement = statement.where(Instrument.organisation_id == organisation_id)
    if town:
        statement = statement.where(Instrument.town_code == town)
    statement = _containing(statement, q)
    return scalars_page(statement.order_by(Instrument.updated_at, Instrument.id), number=number, size=size)


def next_awaiting_verification(after_id: int) -> int | None:
    """The next record of the queue, for a surveyor who works through it."""
    statement = select(Instrument.id).where(_unverified(), Instrument.id > after_id)
    return session().scalar(statement.order_by(Instrument.id).limit(1))


def due_to_pause(on: Any) -> list[int]:
    """Ids of published instruments that must be calibrated and, on that day, are not."""
    overdue = or_(Instrument.calibration_valid_until.is_(None), Instrument.calibration_valid_until < on)
    statement = select(Instrument.id).where(
        Instrument.state == InstrumentState.PUBLISHED, Instrument.calibration_required.is_(True), overdue
    )
    return list(session().scalars(statement.order_by(Instrument.id)))


def instrument_choices(organisation_ids: Collection[int]) -> list[tuple[int, str]]:
    """``(id, name and model)`` of an organisation's live instruments, for select fields; the first 1,000 by name."""
    statement = select(Instrument.id, Instrument.name, Instrument.model).where(
        Instrument.organisation_id.in_(organisation_ids), Instrument.state != InstrumentState.RETIRED
    )
    rows = session().execute(statement.order_by(Instrument.name, Instrument.id).limit(1000))
    return [(found_id, " ".join(filter(None, (name, model)))) for found_id, name, model in rows]


def by_unit_numbers(organisation_ids: Collection[int], numbers: Sequence[str]) -> dict[tuple[int, str], Instrument]:
    """Records of organisations by ``(organisation id, its own number)`` (innerId)."""
    found: dict[tuple[int, str], Instrument] = {}
    for start in range(0, len(numbers) if organisation_ids else 0, 5000):
        wanted = numbers[start : start + 5000]
        statement = select(Instrument).where(
            Instrument.organisation_id.in_(organisation_ids), Instrument.unit_number.in_(wanted)
        )
        records = session().scalars(statement.order_by(Instrument.id))
        found.update(((record.organisation_id, record.unit_number), record) for record in records)
    return found


def identities_of(organisation_ids: Collection[int]) -> Iterator[Any]:
    """``(organisation id, unit number, name, model, manufacturer, serial number)`` of all live records, by id."""
    statement = select(
        Instrument.organisation_id,
        Instrument.unit_number,
        Instrument.name,
        Instrument.model,
        Instrument.manufacturer,
        Instrument.serial_number,
    ).where(Instrument.organisation_id.in_(organisation_ids), Instrument.state != InstrumentState.RETIRED)
    yield from session().execute(statement.order_by(Instrument.id))


def all_for_export() -> Iterator[Any]:
    """Rows ``(instrument, owner's name, owner's credit code)`` of all not retired, streamed by id."""
    statement = (
        select(Instrument, Organisation.name, Organisation.credit_code)
        .join(Organisation, Organisation.id == Instrument.organisation_id)
        .where(Instrument.state != InstrumentState.RETIRED)
        .order_by(Instrument.id)
        .execution_options(yield_per=500)
    )
    yield from session().execute(statement)


def owners_awaiting() -> list[tuple[int, str, int]]:
    """``(organisation id, name, count)`` of the owners in the verification queue, most first, 100 at most."""
    statement = (
        select(Organisation.id, Organisation.name, func.count())
        .join(Instrument, Instrument.organisation_id == Organisation.id)
        .where(_unverified())
        .group_by(Organisation.id, Organisation.name)
        .order_by(func.count().desc(), Organisation.id)
        .limit(100)
    )
    return [(row[0], row[1], row[2]) for row in session().execute(statement)]


def _one(statement: Select[Instrument]) -> Instrument:
    found = session().scalar(statement.options(joinedload(Instrument.organisation)))
    if found is None:
        raise NotFound
    return found


def _unverified() -> ColumnElement[bool]:
    changed = and_(Instrument.state.in_(IN_CATALOGUE), Instrument.verified_at.is_(None))
    return or_(Instrument.state == InstrumentState.SUBMITTED, changed)


def _staffed_by(actor: Actor) -> ColumnElement[bool]:
    mine = actor.organisations(*STAFF)
    return or_(Instrument.organisation_id.in_(mine), Instrument.listed_by_id.in_(mine))


def _seen_by(actor: Actor | None) -> ColumnElement[bool]:
    public = Instrument.state.in_(IN_CATALOGUE)
    if actor is None:
        return public
    if actor.has(*OFFICE):
        return Instrument.id.is_not(None)
    town = actor.scope_of("township")
    return or_(public, _staffed_by(actor), *([Instrument.town_code == town] if town else []))


def _containing(statement: Select[Instrument], q: str | None) -> Select[Instrument]:
    """Records whose number, name or model holds the text: a desk's short lists need no index."""
    words = (q or "").replace("\x00", "").strip()[:100]
    if not words:
        return statement
    columns = (Instrument.name, Instrument.model, Instrument.unit_number, Instrument.code, Instrument.serial_number)
    return statement.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
