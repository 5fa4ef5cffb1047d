"""Test services (检测项目): what an institution does with samples, on which instruments, at what price."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from equipment_cloud.catalog import policy
from equipment_cloud.catalog.models import Instrument, InstrumentState, ServiceState, TestService
from equipment_cloud.catalog.rules import SERVICE_MOVES, problems_with_service
from equipment_cloud.catalog.service import indexing
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Forbidden, Invalid, NotFound, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.reference import queries as reference

VALUES = (
    "name", "name_en", "category", "method_standards", "sample_requirements", "minimum_quantity", "hazard_note", "unit",
    "price_fen", "turnaround_days",
)  # fmt: skip


def create_service(
    organisation_id: int, values: Mapping[str, Any], instrument_ids: Collection[int], *, by: Actor, now: datetime
) -> TestService:
    """A new test service, not yet offered. ``values`` as :data:`VALUES`; ``category`` is an instrument class code."""
    if by is not SYSTEM and not by.has_at(organisation_id, *policy.MANAGERS):
        raise Forbidden
    raise_if(problems_with_service(values, classes=reference.class_names()))
    record = TestService(
        organisation_id=organisation_id, state=ServiceState.DRAFT, created_at=now, revision=1,
        **{name: values.get(name) for name in VALUES if name != "method_standards"},
        method_standards=values.get("method_standards") or [],
    )  # fmt: skip
    session().add(record)
    record.instruments = _instruments(organisation_id, instrument_ids)
    session().flush()
    audit.note("catalog.create-service", f"service:{record.id}", by=by, now=now, detail={"name": record.name})
    return record


def update_service(
    service_id: int,
    values: Mapping[str, Any],
    instrument_ids: Collection[int],
    revision: int | None = None,
    *,
    by: Actor,
    now: datetime,
) -> TestService:
    """Change a test service; orders keep the price they were placed at."""
    record = _locked(service_id)
    permit(policy.may_manage_service(by, record))
    if revision is not None and revision != record.revision:
        raise Conflict
    raise_if(problems_with_service(values, classes=reference.class_names()))
    before = {name: getattr(record, name) for name in VALUES}
    for name in VALUES:
        setattr(record, name, values.get(name) if name != "method_standards" else values.get(name) or [])
    record.instruments = _instruments(record.organisation_id, instrument_ids)
    detail = {"before": {name: old for name, old in before.items() if old != getattr(record, name)}}
    return _noted(record, "update-service", by=by, now=now, detail=detail)


def publish_service(service_id: int, *, by: Actor, now: datetime) -> TestService:
    """Offer it to the public. At least one of its instruments, if it names any, must be in the catalogue."""
    record = _locked(service_id)
    permit(by is SYSTEM or policy.may_manage_service(by, record))
    target = move(SERVICE_MOVES, record.state, ServiceState.PUBLISHED)
    if record.instruments and all(item.state is not InstrumentState.PUBLISHED for item in record.instruments):
        raise Conflict(
            N_("None of its instruments is in the catalogue."),
            code="no-instrument",
            remedy=N_("Publish an instrument it is done on, or take the instruments off the service."),
        )
    record.state, record.published_at = target, now
    return _noted(record, "publish-service", by=by, now=now)


def withdraw_service(service_id: int, *, by: Actor, now: datetime) -> TestService:
    """No longer offer it; orders under way go on."""
    record = _locked(service_id)
    permit(by is SYSTEM or policy.may_manage_service(by, record))
    record.state = move(SERVICE_MOVES, record.state, ServiceState.WITHDRAWN)
    return _noted(record, "withdraw-service", by=by, now=now)


def _locked(service_id: int) -> TestService:
    statement = select(TestService).where(TestService.id == service_id).with_for_update()
    record = session().scalar(statement.execution_options(populate_existing=True))
    if record is None:
        raise NotFound
    return record


def _instruments(organisation_id: int, ids: Collection[int]) -> list[Instrument]:
    if len(ids) > 100:
        raise Invalid.single("too-many", N_("At most %(most)s instruments."), field="instrument_ids", most=100)
    statement = select(Instrument).where(Instrument.id.in_(ids), Instrument.organisation_id == organisation_id)
    found = list(session().scalars(statement.order_by(Instrument.id)))
    if len(found) != len(set(ids)):
        raise Invalid.single(
            "unknown-instrument", N_("One of the instruments is not this organisation's."), field="instrument_ids"
        )
    return found


def _noted(
    record: TestService, act: str, *, by: Actor, now: datetime, detail: Mapping[str, Any] | None = None
) -> TestService:
    record.revision += 1
    session().flush()
    indexing.refresh_service(record)
    audit.note(f"catalog.{act}", f"service:{record.id}", by=by, now=now, detail=detail)
    return record
