"""Who is qualified, who wants to be."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlalchemy import Date, Table, bindparam, exists, or_, select

from equipment_cloud.foundation.db import settled
from equipment_cloud.training.models import Qualification


def is_qualified(person_id: int, instrument_id: int, on: date) -> bool:
    """Whether the person may operate the instrument on a day."""
    asked = {"person_id": person_id, "instrument_id": instrument_id, "on": on}
    return bool(settled().scalar(_IS_QUALIFIED, asked))


# Asked by every booking of an instrument that wants qualified people, so built once.
_QUALIFICATION = cast("Table", Qualification.__table__)
_DAY = bindparam("on", type_=Date)
_IS_QUALIFIED = select(
    exists().where(
        _QUALIFICATION.c.instrument_id == bindparam("instrument_id"),
        _QUALIFICATION.c.person_id == bindparam("person_id"),
        _QUALIFICATION.c.revoked_at.is_(None),
        _QUALIFICATION.c.valid_from <= _DAY,
        or_(_QUALIFICATION.c.valid_until.is_(None), _QUALIFICATION.c.valid_until >= _DAY),
    )
)
