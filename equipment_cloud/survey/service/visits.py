"""Visits (走访): a row of the unit's return, entered at the machine, that the firm confirms afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Problem, raise_if
from equipment_cloud.survey import policy
from equipment_cloud.survey.models import ContactKind, ReturnRow, RowSource
from equipment_cloud.survey.rules import UnitState, said_otherwise, stored
from equipment_cloud.survey.service.returns import answerable, impossible
from equipment_cloud.survey.service.units import log_contact, step

OLDEST = timedelta(days=90)
"""A phone's clock may be wrong: what it says outside of these days is not believed."""


def find_visit(key: str, *, by: Actor) -> ReturnRow | None:
    """The row this key made before; somebody else's key is none of yours (Conflict)."""
    row = session().scalar(select(ReturnRow).where(ReturnRow.visit_key == key))
    if row is not None and row.entered_by != by.id and row.source is RowSource.VISIT and row.confirmed_at is None:
        raise Conflict
    return row


def record_visit(
    unit_id: int,
    key: str,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    photo_id: int | None = None,
    visited_at: datetime | None = None,
) -> bool:
    """Put a visited machine into the unit's return, to be confirmed by the firm; false when the key came before.

    ``key`` is a UUID made where it was written down. ``values`` are the six fields of the nameplate. Raises Invalid
    with all that is wrong, WrongState when the return is not the unit's any more.
    """
    unit = answerable(unit_id, by=by)
    permit(policy.may_chase(by, unit.organisation))
    problems = [*_problems_with_key(key), *impossible(values, now=now)]
    raise_if(problems)
    if find_visit(key, by=by) is not None:
        return False
    if unit.state is UnitState.NOT_STARTED:
        step(unit, UnitState.DRAFT, now=now)
    believed = visited_at if visited_at and now - OLDEST <= visited_at <= now + timedelta(days=1) else now
    number = f"V-{uuid.UUID(key).hex[:10].upper()}"
    row = ReturnRow(
        unit_id=unit.id, unit_number=number, instrument_id=None, values=stored(said_otherwise(values, None)),
        is_touched=True, gone_reason=None, source=RowSource.VISIT, entered_by=by.id, entered_by_name=by.name,
        entered_at=now, confirmed_by=None, confirmed_by_name=None, confirmed_at=None, confirmed_note=None,
        accepted_at=None, accepted_values=None, visit_key=key, visited_at=believed, photo_id=photo_id,
    )  # fmt: skip
    session().add(row)
    session().flush()
    detail = {"number": number, "values": dict(row.values), "photo": photo_id, "visited_at": believed.isoformat()}
    audit.note("survey.visit", f"campaign-unit:{unit.id}", by=by, now=now, detail=detail)
    log_contact(unit.id, ContactKind.VISIT, f"{values.get('name')} {values.get('model') or ''}", by=by, now=now)
    return True


def _problems_with_key(key: str) -> list[Problem]:
    try:
        fits = str(uuid.UUID(key)) == key.lower()
    except ValueError:
        fits = False
    return [] if fits else [Problem("visit-key", N_("This visit has no proper key; open the form again."), "key")]
