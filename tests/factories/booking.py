"""A bookable instrument with its prices, its staff, and a customer: what tests of bookings start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.booking import service
from equipment_cloud.booking.models import Booking
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.period import Period
from equipment_cloud.organisations.models import Kind, Organisation
from equipment_cloud.pricing.models import Basis, CustomerClass, PricePlan, PriceRate
from tests.factories import occupancy as make

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Yuyao."""
WEDNESDAY = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""Nine in the morning."""


@dataclass(frozen=True)
class Scene:
    """An institution with staff and one instrument, an enterprise with two people, and a stranger."""

    provider: Organisation
    customer: Organisation
    machine: Instrument
    manager: Actor
    operator: Actor
    researcher: Actor
    owner: Actor
    stranger: Actor


def scene(session: Session, *, positions: int = 1, **rules: Any) -> Scene:
    """300 yuan an hour for local enterprises, an hour at least, office hours, approval of each request."""
    provider = make.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    customer = make.organisation(session, "塑业有限公司")
    other = make.organisation(session, "光学有限公司")
    machine = make.instrument(session, provider, positions=positions)
    make.opened(session, machine, **rules)
    manager = make.member(session, provider, "manager", name="管理员")
    priced(session, machine, by=manager)
    return Scene(
        provider=provider,
        customer=customer,
        machine=machine,
        manager=manager,
        operator=make.member(session, provider, "operator", name="操作员"),
        researcher=make.member(session, customer, "researcher", name="研发员"),
        owner=make.member(session, customer, "owner", name="负责人"),
        stranger=make.member(session, other, "researcher", name="外人"),
    )


def priced(session: Session, machine: Instrument, *, by: Actor, hour_fen: int = 30_000) -> PricePlan:
    """A plan from the beginning of the year on: own staff 200, local 300, outside 400 yuan."""
    classes = (CustomerClass.INTERNAL, CustomerClass.LOCAL, CustomerClass.OUTSIDE)
    rates = [
        PriceRate(customer_class=each, hour_fen=hour_fen + (place - 1) * 10_000) for place, each in enumerate(classes)
    ]
    plan = PricePlan(
        instrument_id=machine.id, valid_from=date(2026, 1, 1), valid_to=None, basis=Basis.BOOKED, minimum_minutes=60,
        setup_fen=0, note=None, created_by=by.id, created_at=make.START, used_at=None, rates=rates,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return plan


def hours(start: float, end: float) -> Period:
    """Hours after nine o'clock on Wednesday."""
    return Period(WEDNESDAY + timedelta(hours=start), WEDNESDAY + timedelta(hours=end))


def booked(place: Scene, period: Period | None = None, **more: Any) -> Booking:
    """A request of the researcher for Wednesday 9 to 12 o'clock."""
    values: dict[str, Any] = {
        "organisation_id": place.customer.id, "purpose": "rd", "note": None, "voucher_id": None, "by": place.researcher,
        "now": NOW,
    } | more  # fmt: skip
    return service.request(place.machine.id, period or hours(0, 3), **values)
