"""Price plans follow one another; one in use never changes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.organisations.models import Kind
from equipment_cloud.pricing import queries, service
from equipment_cloud.pricing.models import Basis, CustomerClass, PricePlan
from equipment_cloud.pricing.service import PlanUsed
from tests.factories import occupancy as make

TODAY, LATER, MUCH_LATER = date(2026, 11, 23), date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def manager(session: Session) -> Actor:
    return make.member(session, make.organisation(session, "检测中心", kind=Kind.INSTITUTION), "manager")


@pytest.fixture
def machine_id(session: Session, manager: Actor) -> int:
    owner_id = manager.organisations("manager")[0]
    return make.instrument(session, session.get_one(make.Organisation, owner_id)).id


def set_plan(machine_id: int, day: date, manager: Actor, now: datetime, hour_fen: int = 30_000) -> PricePlan:
    rates = {CustomerClass.LOCAL: hour_fen, CustomerClass.OUTSIDE: hour_fen * 2}
    return service.set_plan(machine_id, day, Basis.BOOKED, 60, 0, rates, by=manager, now=now)


def test_a_new_plan_ends_the_old_one_the_day_before(machine_id: int, manager: Actor, now: datetime) -> None:
    first = set_plan(machine_id, TODAY, manager, now)
    set_plan(machine_id, LATER, manager, now, 35_000)
    assert first.valid_to == date(2026, 11, 30)
    assert queries.hour_prices([machine_id], date(2026, 11, 30))[machine_id][CustomerClass.LOCAL] == 30_000
    assert queries.hour_prices([machine_id], LATER)[machine_id][CustomerClass.LOCAL] == 35_000
    assert queries.plan_on(machine_id, date(2026, 11, 22)) is None


def test_a_plan_set_between_two_ends_when_the_later_begins(machine_id: int, manager: Actor, now: datetime) -> None:
    set_plan(machine_id, TODAY, manager, now)
    set_plan(machine_id, MUCH_LATER, manager, now)
    assert set_plan(machine_id, LATER, manager, now).valid_to == date(2026, 12, 31)
    days = [(plan.valid_from, plan.valid_to) for plan in queries.plans_of(machine_id)]
    assert days == [(MUCH_LATER, None), (LATER, date(2026, 12, 31)), (TODAY, date(2026, 11, 30))]


def test_an_unused_plan_of_the_same_day_is_replaced(machine_id: int, manager: Actor, now: datetime) -> None:
    set_plan(machine_id, TODAY, manager, now)
    set_plan(machine_id, TODAY, manager, now, 50_000)
    found = queries.plan_on(machine_id, TODAY)
    assert found is not None
    assert found.terms.rates[CustomerClass.LOCAL] == 50_000
    assert len(queries.plans_of(machine_id)) == 1


def test_a_plan_in_use_cannot_be_changed(session: Session, machine_id: int, manager: Actor, now: datetime) -> None:
    plan = set_plan(machine_id, TODAY, manager, now)
    service.mark_used(plan.id, now)
    with pytest.raises(PlanUsed):
        set_plan(machine_id, TODAY, manager, now, 50_000)
    session.refresh(plan)
    assert plan.terms.rates[CustomerClass.LOCAL] == 30_000


def test_only_the_first_plan_may_begin_in_the_past(machine_id: int, manager: Actor, now: datetime) -> None:
    set_plan(machine_id, date(2026, 1, 1), manager, now)
    with pytest.raises(Invalid):
        set_plan(machine_id, date(2026, 2, 1), manager, now)


def test_the_plan_of_a_day_takes_one_statement(
    session: Session, machine_id: int, manager: Actor, now: datetime, statements: list[str]
) -> None:
    set_plan(machine_id, TODAY, manager, now)
    session.flush()
    session.expire_all()
    statements.clear()
    found = queries.plan_on(machine_id, TODAY)
    assert found is not None
    assert len(found.terms.rates) == 2
    assert len(statements) == 1
