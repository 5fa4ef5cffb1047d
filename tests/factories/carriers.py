"""Entries of the register of carriers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.organisations.models import Organisation
from tests.factories.occupancy import START, person


def carrier(session: Session, provider: Organisation, **fields: Any) -> CarrierEntry:
    """A confirmed entry for every kind of service since January."""
    values: dict[str, Any] = {
        "organisation_id": provider.id, "categories": ["instrument_use", "rd_design", "testing"],
        "valid_from": date(2026, 1, 1), "valid_to": None, "document_number": "示例〔2026〕1号",
        "entered_by": person(session, "示例登记人").id, "confirmed_by": person(session, "示例确认人").id,
        "confirmed_at": START, "suspended_from": None, "suspended_reason": None, "created_at": START,
    } | fields  # fmt: skip
    row = CarrierEntry(**values)
    session.add(row)
    session.flush()
    return row
