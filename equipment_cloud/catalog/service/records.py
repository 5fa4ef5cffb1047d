"""Creating and changing instrument records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from equipment_cloud.catalog import policy, queries
from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode, Position, ShareMode
from equipment_cloud.catalog.rules import (
    BY_NAME,
    CODE_PREFIX,
    FIELDS,
    IN_CATALOGUE,
    MOST_POSITIONS,
    WRITABLE,
    has_control_characters,
    problems_before_submission,
    problems_with_values,
)
from equipment_cloud.catalog.service import indexing
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound, Problem, WrongState, raise_if
from equipment_cloud.reference import queries as reference

DEFAULTS: Mapping[str, Any] = {
    "subjects": [], "funds": [], "share_mode": ShareMode.EXTERNAL, "mode": Mode.BOTH, "customs_supervised": False,
    "is_secret": False, "calibration_required": False, "extra": {},
}  # fmt: skip
"""What a record holds where nobody said anything; all other fields are empty."""


def create(
    organisation_id: int,
    unit_number: str,
    name: str,
    fields: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    positions: int = 1,
    listed_by_id: int | None = None,
) -> Instrument:
    """A new draft. ``fields`` holds values by column name, as the models store them.

    Raises :class:`Invalid` with every problem; Conflict ``number-taken`` when the organisation has the number already.
    """
    permit(by is SYSTEM or policy.may_create(by, listed_by_id or organisation_id))
    number = unit_number.strip()
    values = {**DEFAULTS, **fields, "name": name.strip()}
    raise_if([*problems_with_unit_number(number), *_problems(values, now=now), *_problems_with_count(positions)])
    if queries.by_unit_numbers([organisation_id], [number]):
        raise Conflict(
            N_("This organisation already has an instrument with the number %(number)s."),
            code="number-taken",
            remedy=N_("Open that record, or use another number."),
            number=number,
        )
    record = Instrument(
        organisation_id=organisation_id, unit_number=number, listed_by_id=listed_by_id, state=InstrumentState.DRAFT,
        public_fields=[], created_at=now, updated_at=now, revision=1, **blank(values),
    )  # fmt: skip
    session().add(record)
    session().flush()
    record.code = f"{CODE_PREFIX}-{record.id:06d}"
    session().add_all(
        Position(instrument_id=record.id, number=place, label=str(place)) for place in range(1, positions + 1)
    )
    session().flush()
    audit.note("catalog.create", f"instrument:{record.id}", by=by, now=now, detail={"unit_number": number})
    return record


def update(
    instrument_id: int, fields: Mapping[str, Any], revision: int | None = None, *, by: Actor, now: datetime
) -> Instrument:
    """Change fields; the organisation and its own number never change.

    A change of a core field after verification asks the bureau for another look: a verified record returns to
    ``submitted``, one in the catalogue stays there with its verification withdrawn. Raises Conflict for a stale
    ``revision``, WrongState for a retired record, Invalid with every problem.
    """
    record = locked(instrument_id)
    permit(policy.may_edit(by, record))
    if record.state is InstrumentState.RETIRED:
        raise WrongState(current=record.state.value)
    if revision is not None and revision != record.revision:
        raise Conflict
    changed = {name: value for name, value in fields.items() if value != getattr(record, name, None)}
    together = {name: getattr(record, name) for name in WRITABLE} | dict(fields)
    problems = _problems(together, now=now, only=set(changed) | _beside(changed))
    if record.state is not InstrumentState.DRAFT:
        problems.extend(problem for problem in problems_before_submission(together) if problem.field in changed)
    raise_if(problems)
    before = {name: plain(getattr(record, name)) for name in changed}
    for name, value in changed.items():
        setattr(record, name, value)
    if changed:
        _after_change(record, set(changed), now=now)
        after = {name: plain(value) for name, value in changed.items()}
        detail = {"before": before, "after": after}
        audit.note("catalog.update", f"instrument:{record.id}", by=by, now=now, detail=detail)
    return record


def set_positions(instrument_id: int, count: int, *, by: Actor, now: datetime) -> list[Position]:
    """Have so many positions (工位). Positions are only added: time may lie on the old ones."""
    record = locked(instrument_id)
    permit(policy.may_edit(by, record))
    raise_if(_problems_with_count(count))
    have = session().scalar(select(func.count()).where(Position.instrument_id == instrument_id)) or 0
    if count < have:
        raise Invalid.single(
            "fewer-positions",
            N_("Positions cannot be taken away: people may have booked them."),
            field="positions",
            remedy=N_("Close the position in the calendar instead."),
        )
    added = range(have + 1, count + 1)
    session().add_all(Position(instrument_id=instrument_id, number=place, label=str(place)) for place in added)
    if added:
        touch(record, now=now)
        detail = {"before": have, "after": count}
        audit.note("catalog.set-positions", f"instrument:{record.id}", by=by, now=now, detail=detail)
    session().flush()
    return queries.positions(instrument_id)


def locked(instrument_id: int) -> Instrument:
    """The record under a row lock, read anew. Raises :class:`NotFound`."""
    statement = select(Instrument).where(Instrument.id == instrument_id).with_for_update()
    record = session().scalar(statement.execution_options(populate_existing=True))
    if record is None:
        raise NotFound
    return record


def touch(record: Instrument, *, now: datetime) -> None:
    """A change happened: the next ETag, and the index in line."""
    record.updated_at = now
    record.revision += 1
    session().flush()
    indexing.refresh_instrument(record)


def blank(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every writable column, empty where nothing was given."""
    return {name: values.get(name) for name in (*(item.name for item in FIELDS), "extra")}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _after_change(record: Instrument, changed: set[str], *, now: datetime) -> None:
    core = any(BY_NAME[name].is_core for name in changed if name in BY_NAME)
    if core and record.state is InstrumentState.VERIFIED:
        record.state = InstrumentState.SUBMITTED
    if core and (record.state in IN_CATALOGUE or record.state is InstrumentState.SUBMITTED):
        record.verified_by, record.verified_at = None, None
    touch(record, now=now)


def _problems(values: Mapping[str, Any], *, now: datetime, only: set[str] | None = None) -> list[Problem]:
    """Problems of the values; with ``only``, those of these fields (cross-checks against the rest of the record)."""
    towns = {region.code for region in reference.towns()}
    classes = reference.class_names()
    found = problems_with_values(values, today=clock.today(now), towns=towns, classes=classes)
    return [problem for problem in found if only is None or problem.field in only]


def problems_with_unit_number(number: str) -> list[Problem]:
    """What speaks against an own number (所在单位仪器编号)."""
    if not number or len(number) > 100 or has_control_characters(number):
        return [
            Problem(
                "unit-number", N_("The unit's own number needs 1 to 100 characters and never changes."), "unit_number"
            )
        ]
    return []


def _problems_with_count(count: int) -> list[Problem]:
    if not 1 <= count <= MOST_POSITIONS:
        return [Problem("positions", N_("Between 1 and %(most)s positions."), "positions", {"most": MOST_POSITIONS})]
    return []


def _beside(changed: Mapping[str, Any]) -> set[str]:
    """Fields whose checks also look at a changed one."""
    pairs = {"acquired_on": "in_service_on", "run_hours": "service_hours", "share_mode": "not_shared_reason"}
    return {pairs[name] for name in changed if name in pairs}
