"""Instruments and test services, written straight into the tables: tests of other rooms need them finished."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from equipment_cloud.catalog.models import (
    Instrument,
    InstrumentState,
    Mode,
    Position,
    ServiceState,
    ShareMode,
    TestService,
)
from equipment_cloud.catalog.service import indexing
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations.models import Kind, Organisation, Standing

_NUMBERS = count(1)
EARLY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def organisation(name: str = "示例检测中心", **values: Any) -> Organisation:
    """An organisation without people or codes."""
    given = {
        "kind": Kind.INSTITUTION, "is_user": False, "is_provider": True, "is_verified": True, "is_example": True,
        "standing": Standing.NONE, "created_at": EARLY, "revision": 1,
    }  # fmt: skip
    record = Organisation(name=name, **(given | values))
    session().add(record)
    session().flush()
    return record


def instrument(owner: Organisation, *, positions: int = 1, **values: Any) -> Instrument:
    """A published three-axis measuring machine, complete, with its positions and its entry in the search index."""
    number = next(_NUMBERS)
    given: dict[str, Any] = {
        "unit_number": f"YY-{number:04d}", "state": InstrumentState.PUBLISHED, "name": "三坐标测量机",
        "name_en": "Coordinate measuring machine", "model": "CONTURA 9/12/8", "manufacturer": "卡尔蔡司",
        "class_code": "030100", "kind": "general", "source": "purchased", "country": "德国",
        "original_value_fen": 86_500_000, "acquired_on": date(2021, 5, 18), "in_service_on": date(2021, 6, 1),
        "technical": "900×1200×800 mm", "function": "尺寸与形位公差测量", "subjects": ["机械工程"],
        "service_content": "模具全尺寸检测", "requirement": "提前预约", "fee_note": "300元/机时", "funds": ["own"],
        "run_state": "normal", "share_mode": ShareMode.EXTERNAL, "mode": Mode.BOTH, "department": "检测中心",
        "town_code": "330281004", "address": "示例路1号", "contact_name": "王示例", "phone": "0574-62000000",
        "customs_supervised": False, "is_secret": False, "calibration_required": False, "extra": {},
        "public_fields": [], "consented_at": EARLY, "verified_at": EARLY, "published_at": EARLY, "created_at": EARLY,
        "updated_at": EARLY, "revision": 1,
    }  # fmt: skip
    record = Instrument(organisation_id=owner.id, **(given | values))
    session().add(record)
    session().flush()
    record.code = record.code or f"330281-{record.id:06d}"
    session().add_all(
        Position(instrument_id=record.id, number=place, label=str(place)) for place in range(1, positions + 1)
    )
    session().flush()
    indexing.refresh_instrument(record)
    return record


def test_service(owner: Organisation, *instruments: Instrument, **values: Any) -> TestService:
    """A published salt-spray test."""
    given: dict[str, Any] = {
        "state": ServiceState.PUBLISHED, "name": "中性盐雾试验", "name_en": "Neutral salt spray test",
        "category": "12", "method_standards": ["GB/T 2423.17"], "sample_requirements": None, "unit": "24 h",
        "price_fen": 24_000, "turnaround_days": 5, "created_at": EARLY, "revision": 1,
    }  # fmt: skip
    record = TestService(organisation_id=owner.id, **(given | values))
    session().add(record)
    record.instruments = list(instruments)
    session().flush()
    indexing.refresh_service(record)
    return record


test_service.__test__ = False  # type: ignore[attr-defined]  # a factory, whatever its name says
