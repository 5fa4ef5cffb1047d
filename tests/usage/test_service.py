"""Sessions: started, stopped, confirmed by both, corrected with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import Forbidden, Invalid, WrongState
from equipment_cloud.pricing import service as pricing
from equipment_cloud.pricing.models import Basis, CustomerClass
from equipment_cloud.usage import jobs, policy, queries, rules, service
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.usage.rules import Grade, UsageState
from equipment_cloud.vouchers import queries as vouchers
from tests.factories import booking as make
from tests.factories import vouchers as money
from tests.factories.booking import Scene
from tests.factories.carriers import carrier
from tests.usage.conftest import approved, wednesday


def used(scene: Scene, booked: Booking, *, start: float = 0, end: float = 3, **more: Any) -> UsageRecord:
    """A session that ran and was stopped."""
    record = service.start(booked.id, by=scene.researcher, now=wednesday(start), **more)
    return service.stop(record.id, samples=4, note=None, by=scene.researcher, now=wednesday(end))


def confirmed_by(record: UsageRecord, *people: Actor) -> UsageRecord:
    for person in people:
        service.confirm(record.id, by=person, now=wednesday(5))
    return record


def test_a_session_moves_its_booking_along(session: Session, scene: Scene, booked: Booking) -> None:
    record = service.start(booked.id, by=scene.researcher, now=wednesday(0))
    assert (record.state, record.grade, record.number) == (UsageState.RUNNING, Grade.B, f"U2026-{record.id:06d}")
    assert booked.state is BookingState.IN_USE
    service.stop(record.id, samples=3, note="换刀", by=scene.operator, now=wednesday(2))
    assert (record.state, record.running_position_id, record.samples) == (UsageState.TO_CONFIRM, None, 3)
    assert booked.state is BookingState.TO_CONFIRM


@pytest.mark.parametrize("hour", [-0.6, 3, 24])
def test_too_early_or_after_its_end_nothing_starts(
    session: Session, scene: Scene, booked: Booking, hour: float
) -> None:
    with pytest.raises(rules.NotStartable):
        service.start(booked.id, by=scene.researcher, now=wednesday(hour))


def test_late_is_better_than_never(session: Session, scene: Scene, booked: Booking) -> None:
    assert service.start(booked.id, by=scene.researcher, now=wednesday(2.9)).started_at == wednesday(2.9)


def test_a_booking_that_was_not_answered_does_not_start(session: Session, scene: Scene) -> None:
    asked = make.booked(scene)
    with pytest.raises(WrongState):
        service.start(asked.id, by=scene.researcher, now=wednesday(0))


def test_one_session_runs_on_a_position_and_the_next_can_start_elsewhere(session: Session, scene: Scene) -> None:
    first, second = queries_positions(scene)
    service.walk_in(scene.machine, first, by=scene.operator, now=wednesday(0))
    with pytest.raises(rules.AlreadyRunning):
        service.walk_in(scene.machine, first, by=scene.manager, now=wednesday(1))
    service.walk_in(scene.machine, second, by=scene.operator, now=wednesday(1))
    assert [record.position_id for record in queries.running_at(scene.machine.id)] == [first.id, second.id]


def queries_positions(scene: Scene) -> Any:
    return scene.machine.positions


def test_only_the_owners_staff_walk_in(session: Session, scene: Scene) -> None:
    with pytest.raises(Forbidden):
        service.walk_in(scene.machine, scene.machine.positions[0], by=scene.researcher, now=wednesday(0))


def test_one_side_alone_settles_nothing(session: Session, scene: Scene, booked: Booking) -> None:
    record = confirmed_by(used(scene, booked), scene.researcher)
    assert (record.state, record.price_fen) == (UsageState.TO_CONFIRM, None)
    with pytest.raises(Forbidden):
        service.confirm(record.id, by=scene.owner, now=wednesday(5))


def test_the_second_side_settles_hours_and_price(session: Session, scene: Scene, booked: Booking) -> None:
    record = confirmed_by(used(scene, booked), scene.researcher, scene.operator)
    assert record.state is UsageState.CONFIRMED
    assert (record.price_fen, record.voucher_fen) == (90_000, 0)
    assert booked.state is BookingState.COMPLETED
    with pytest.raises(WrongState):
        service.confirm(record.id, by=scene.manager, now=wednesday(6))


def test_the_price_is_that_of_the_plan_booked_under(session: Session, scene: Scene, booked: Booking) -> None:
    dearer = pricing.set_plan(
        scene.machine.id, wednesday(0).date(), basis=Basis.BOOKED, minimum_minutes=60, setup_fen=0,
        rates=dict.fromkeys(CustomerClass, 99900), by=scene.manager, now=make.NOW,
    )  # fmt: skip
    assert dearer.id != booked.price_plan_id
    assert confirmed_by(used(scene, booked), scene.researcher, scene.operator).price_fen == 90_000


def test_who_works_for_both_sides_confirms_for_one(session: Session, scene: Scene, booked: Booking) -> None:
    both = Actor(scene.operator.id, "两边", scene.operator.grants + scene.researcher.grants)
    record = confirmed_by(used(scene, booked), both)
    assert record.state is UsageState.TO_CONFIRM
    assert policy.sides(both, record) == frozenset()


def test_own_use_is_confirmed_at_once_and_free(session: Session, scene: Scene) -> None:
    record = service.walk_in(scene.machine, scene.machine.positions[0], by=scene.operator, now=wednesday(0))
    service.stop(record.id, samples=None, note=None, by=scene.operator, now=wednesday(1))
    confirmed_by(record, scene.manager)
    assert (record.state, record.price_fen) == (UsageState.CONFIRMED, 0)


def test_the_voucher_is_drawn_once_by_the_second_confirmation(session: Session) -> None:
    scene, city = make.scene(session), money.city(session, make.NOW)
    carrier(session, scene.provider)
    city.enterprise, city.researcher = scene.customer, scene.researcher
    voucher = city.voucher(500_000)
    record = used(scene, approved(scene, voucher_id=voucher.id))
    confirmed_by(record, scene.researcher)
    assert vouchers.balances([voucher.id])[voucher.id].drawn_fen == 0
    confirmed_by(record, scene.operator)
    assert (record.price_fen, record.voucher_fen) == (90_000, 45_000)
    assert vouchers.balances([voucher.id])[voucher.id].drawn_fen == 45_000


def test_a_correction_keeps_the_old_values_and_asks_both_anew(session: Session, scene: Scene, booked: Booking) -> None:
    record = confirmed_by(used(scene, booked), scene.researcher)
    values: dict[str, Any] = {"samples": 9, "reason": "忘记停止", "by": scene.operator, "now": wednesday(5)}
    service.correct(record.id, started_at=wednesday(0), ended_at=wednesday(2), **values)
    assert (record.user_confirmed_at, record.state) == (None, UsageState.TO_CONFIRM)
    (kept,) = queries.corrections(record.id)
    assert kept.before["ended_at"] == wednesday(3).isoformat()
    assert (kept.before["samples"], kept.after["samples"], kept.reason) == (4, 9, "忘记停止")


def test_a_correction_that_cannot_be_true_names_each_field(session: Session, scene: Scene, booked: Booking) -> None:
    record = used(scene, booked)
    with pytest.raises(Invalid) as refused:
        service.correct(
            record.id, started_at=wednesday(9), ended_at=wednesday(8), samples=-1, reason="x", by=scene.operator,
            now=wednesday(5),
        )  # fmt: skip
    assert [problem.code for problem in refused.value.problems] == ["not-in-order", "in-the-future", "out-of-bounds"]


def test_confirmed_hours_are_not_corrected(session: Session, scene: Scene, booked: Booking) -> None:
    record = confirmed_by(used(scene, booked), scene.researcher, scene.operator)
    with pytest.raises(WrongState):
        service.correct(
            record.id, started_at=wednesday(0), ended_at=wednesday(1), samples=1, reason="x", by=scene.operator,
            now=wednesday(5),
        )  # fmt: skip


def test_a_forgotten_session_ends_at_its_booked_end_and_is_not_confirmed(
    session: Session, scene: Scene, booked: Booking
) -> None:
    record = service.start(booked.id, by=scene.researcher, now=wednesday(0))
    assert queries.forgotten(wednesday(4)) == []
    session.commit()
    later = wednesday(4) + timedelta(minutes=1)
    assert jobs.close_forgotten(later.date(), later).done == 1
    session.refresh(record)
    assert (record.ended_at, record.source, record.grade) == (wednesday(3), "auto_end", Grade.D)
    assert (record.state, record.user_confirmed_at) == (UsageState.TO_CONFIRM, None)
    assert jobs.close_forgotten(later.date(), later).done == 0


def test_confirmation_waits_for_the_side_that_has_not_answered(session: Session, scene: Scene, booked: Booking) -> None:
    record = confirmed_by(used(scene, booked), scene.researcher)
    assert queries.to_confirm(scene.researcher) == []
    assert [found.id for found in queries.to_confirm(scene.operator)] == [record.id]
