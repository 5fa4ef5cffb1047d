"""A booking's life: asked, answered, moved, cancelled, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.booking import queries, service
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.rules import RequestExpired
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.occupancy import service as occupancy_service
from equipment_cloud.occupancy.models import ApprovalMode, Occupation
from equipment_cloud.occupancy.rules import PeriodTaken
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import NOW, Scene, hours

HOUR = timedelta(hours=1)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_request_occupies_its_time_until_it_is_answered(session: Session, scene: Scene) -> None:
    booking = make.booked(scene)
    assert booking.state is BookingState.REQUESTED
    assert booking.number == f"B2026-{booking.id:06d}"
    assert (booking.price_fen, booking.voucher_fen) == (90_000, 0)
    assert booking.expires_at == NOW + 46 * HOUR + HOUR, "47 hours: no later than its start"
    held = occupancy.occupation_of(booking.reference)
    assert held is not None
    assert not held.is_firm
    assert held.expires_at == booking.expires_at


def test_an_instrument_that_asks_nobody_confirms_at_once(session: Session) -> None:
    scene = make.scene(session, approval=ApprovalMode.INSTANT)
    booking = make.booked(scene)
    assert booking.state is BookingState.APPROVED
    assert booking.expires_at is None


def test_the_staff_is_told_of_a_request_and_the_customer_of_the_answer(session: Session, scene: Scene) -> None:
    booking = make.booked(scene)
    told = set(session.scalars(select(OutboxMessage.person_id)))
    assert told == {scene.manager.id, scene.operator.id}
    service.approve(booking.id, by=scene.manager, now=NOW)
    last = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert last is not None
    assert (last.person_id, last.link) == (scene.researcher.id, f"/bookings/{booking.id}")
    assert last.message_id % last.values


def test_everything_wrong_is_refused_at_once_and_nothing_is_written(session: Session, scene: Scene) -> None:
    make.booked(scene)
    before = session.scalar(select(func.count()).select_from(Booking))
    with pytest.raises(Invalid) as refused:
        make.booked(scene, Period(hours(-4, 0).starts_at, hours(0.4, 1).starts_at), purpose="nonsense")
    assert codes(refused) == ["purpose", "not-aligned", "closed-hours", "period-taken"]
    assert session.scalar(select(func.count()).select_from(Booking)) == before


def test_taken_time_alone_is_a_conflict(scene: Scene) -> None:
    make.booked(scene)
    with pytest.raises(PeriodTaken):
        make.booked(scene, hours(2, 4))


def test_a_second_position_serves_a_second_customer(session: Session) -> None:
    scene = make.scene(session, positions=2)
    first, second = make.booked(scene), make.booked(scene)
    assert first.position_id < second.position_id


def test_an_instrument_without_hours_or_price_cannot_be_booked(session: Session, scene: Scene) -> None:
    bare = places.instrument(session, scene.provider)
    with pytest.raises(Invalid) as refused:
        service.request(
            bare.id, hours(0, 3), organisation_id=scene.customer.id, purpose="rd", by=scene.researcher, now=NOW
        )
    assert codes(refused) == ["no-terms", "no-price"]


def test_an_unpublished_instrument_is_not_found(session: Session, scene: Scene) -> None:
    draft = places.instrument(session, scene.provider, state="draft")
    with pytest.raises(NotFound):
        service.request(
            draft.id, hours(0, 3), organisation_id=scene.customer.id, purpose="rd", by=scene.researcher, now=NOW
        )


def test_own_staff_and_strangers_pay_their_own_price(scene: Scene) -> None:
    own = queries.estimate(scene.machine.id, hours(0, 3), organisation_id=scene.provider.id, purpose="rd", now=NOW)
    visitor = queries.estimate(scene.machine.id, hours(0, 3), organisation_id=None, purpose="rd", now=NOW)
    assert (own.price_fen, visitor.price_fen) == (60_000, 90_000)


def test_the_desk_books_for_a_customer_who_calls(scene: Scene) -> None:
    booking = make.booked(scene, on_behalf_of=scene.researcher.id, by=scene.operator)
    assert (booking.person_id, booking.requested_by) == (scene.researcher.id, scene.operator.id)
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(4, 6), on_behalf_of=scene.stranger.id, by=scene.operator)
    assert codes(refused) == ["not-a-member"]


def test_nobody_approves_their_own_request(scene: Scene) -> None:
    booking = make.booked(scene, organisation_id=scene.provider.id, by=scene.manager)
    with pytest.raises(SamePerson):
        service.approve(booking.id, by=scene.manager, now=NOW)
    assert service.approve(booking.id, by=scene.operator, now=NOW).state is BookingState.APPROVED


def test_a_request_is_approved_once(scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    held = occupancy.occupation_of(booking.reference)
    assert held is not None
    assert held.is_firm
    with pytest.raises(WrongState):
        service.approve(booking.id, by=scene.operator, now=NOW)


def test_an_expired_request_cannot_be_approved(scene: Scene) -> None:
    booking = make.booked(scene)
    with pytest.raises(RequestExpired):
        service.approve(booking.id, by=scene.manager, now=hours(1, 2).starts_at)


def test_approval_looks_at_the_time_again(scene: Scene) -> None:
    booking = make.booked(scene)
    occupancy_service.release(booking.reference)
    other = make.booked(scene)
    with pytest.raises(PeriodTaken):
        service.approve(booking.id, by=scene.manager, now=NOW)
    service.decline(other.id, "检修", by=scene.manager, now=NOW)
    assert service.approve(booking.id, by=scene.manager, now=NOW).state is BookingState.APPROVED


def test_a_declined_request_frees_its_time_and_says_why(scene: Scene) -> None:
    booking = make.booked(scene)
    with pytest.raises(Invalid):
        service.decline(booking.id, " ", by=scene.manager, now=NOW)
    assert service.decline(booking.id, "主轴维修", by=scene.manager, now=NOW).reason == "主轴维修"
    assert make.booked(scene).id


@pytest.mark.parametrize(
    ("who", "hours_before", "expected"),
    [
        ("researcher", 30, BookingState.CANCELLED),
        ("researcher", 2, BookingState.CANCELLED_LATE),
        ("manager", 2, BookingState.REVOKED),
    ],
)
def test_a_cancelled_booking_frees_its_time(scene: Scene, who: str, hours_before: int, expected: BookingState) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    now = booking.starts_at - hours_before * HOUR
    assert service.cancel(booking.id, "计划改变", by=getattr(scene, who), now=now).state is expected
    assert occupancy.occupation_of(booking.reference) is None


def test_the_provider_says_why_it_takes_time_back(scene: Scene) -> None:
    booking = make.booked(scene)
    with pytest.raises(Invalid):
        service.cancel(booking.id, None, by=scene.manager, now=NOW)


def test_a_moved_booking_keeps_its_calendar_entry_and_asks_again(scene: Scene) -> None:
    booking = make.booked(scene)
    uid = booking.uid
    service.approve(booking.id, by=scene.manager, now=NOW)
    moved = service.reschedule(booking.id, hours(24, 26), "客户来访", by=scene.researcher, now=NOW)
    assert (moved.uid, moved.sequence, moved.state) == (uid, 1, BookingState.REQUESTED)
    assert moved.price_fen == 60_000
    held = occupancy.occupation_of(booking.reference)
    assert held is not None
    assert (held.starts_at, held.is_firm) == (hours(24, 26).starts_at, False)


def test_a_shortened_booking_stays_confirmed(scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    moved = service.reschedule(booking.id, hours(1, 3), by=scene.researcher, now=NOW)
    assert (moved.state, moved.sequence) == (BookingState.APPROVED, 1)
    assert make.booked(scene, hours(0, 1)).id


def test_a_booking_is_not_moved_onto_another_or_against_the_rules(scene: Scene) -> None:
    booking, other = make.booked(scene), make.booked(scene, hours(4, 6))
    with pytest.raises(PeriodTaken):
        service.reschedule(booking.id, hours(3, 5), by=scene.researcher, now=NOW)
    with pytest.raises(Invalid) as refused:
        service.reschedule(booking.id, hours(5, 9), by=scene.researcher, now=NOW)
    assert codes(refused) == ["closed-hours", "period-taken"]
    assert other.state is BookingState.REQUESTED


def test_a_booking_that_began_is_not_moved(scene: Scene) -> None:
    booking = make.booked(scene)
    with pytest.raises(WrongState):
        service.reschedule(booking.id, hours(24, 26), by=scene.researcher, now=booking.starts_at)


def test_use_moves_the_state_step_by_step(scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    with pytest.raises(WrongState):
        service.complete(booking.id, by=scene.researcher, now=NOW)
    for act, state in (
        (service.start_use, "in_use"),
        (service.finish_use, "to_confirm"),
        (service.complete, "completed"),
    ):
        assert act(booking.id, by=scene.researcher, now=NOW).state == state
    with pytest.raises(NotFound):
        service.start_use(987654, by=scene.researcher, now=NOW)


def test_requests_nobody_answers_expire_together(session: Session, scene: Scene) -> None:
    first, second = make.booked(scene), make.booked(scene, hours(4, 6))
    service.approve(second.id, by=scene.manager, now=NOW)
    later = first.starts_at
    assert service.expire_pending([first.id, second.id], now=later - HOUR) == []
    assert service.expire_pending([first.id, second.id], now=later) == [first.id]
    assert service.expire_pending([first.id, second.id], now=later) == []
    assert first.state is BookingState.EXPIRED
    assert session.scalars(select(Occupation.reference)).all() == [second.reference]


def test_bookings_nobody_came_to_are_marked(scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    assert service.mark_no_shows([booking.id], before=booking.ends_at - HOUR, now=booking.ends_at) == []
    assert service.mark_no_shows([booking.id], before=booking.ends_at, now=booking.ends_at) == [booking.id]
    assert booking.state is BookingState.NO_SHOW


def test_every_act_leaves_its_note(session: Session, scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    service.reschedule(booking.id, hours(24, 26), by=scene.researcher, now=NOW)
    service.cancel(booking.id, by=scene.researcher, now=NOW)
    notes = session.scalars(select(AuditNote.action).where(AuditNote.reference == booking.reference)).all()
    assert notes == ["booking.request", "booking.approved", "booking.reschedule", "booking.cancelled"]
    assert [event.act for event in queries.events_of(booking.id)] == ["cancelled", "reschedule", "approved"]


def test_a_booking_is_created_in_few_statements(session: Session, scene: Scene, statements: list[str]) -> None:
    ids = (scene.machine.id, scene.customer.id)
    make.booked(scene, hours(4, 6))
    session.flush()
    statements.clear()
    service.request(ids[0], hours(0, 3), organisation_id=ids[1], purpose="rd", by=scene.researcher, now=NOW)
    session.flush()
    assert len(statements) <= 13, "\n".join(statements)
