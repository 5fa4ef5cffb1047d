"""Requests are answered by the right people, in time, one by one or many at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.booking import jobs, policy, queries, service
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Forbidden, Invalid, NotFound, SamePerson
from equipment_cloud.organisations.models import Membership
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import NOW, Scene, hours

HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 23)


@pytest.fixture
def colleague(session: Session, scene: Scene) -> Actor:
    """Somebody of the institution who answers no requests by role."""
    return places.member(session, scene.provider, "finance", name="财务")


def stand_in(scene: Scene, colleague: Actor, *, by: Actor | None = None, **days: Any) -> int:
    given = {"first_on": TODAY, "last_on": TODAY + timedelta(days=3)} | days
    return service.delegate(scene.provider.id, colleague.id, by=by or scene.manager, now=NOW, **given).id


def test_who_stands_in_answers_on_those_days_and_no_others(scene: Scene, colleague: Actor) -> None:
    booking = make.booked(scene)
    with pytest.raises(Forbidden):
        service.approve(booking.id, by=colleague, now=NOW)
    stand_in(scene, colleague, first_on=TODAY + timedelta(days=1))
    with pytest.raises(Forbidden):
        service.approve(booking.id, by=colleague, now=NOW)
    assert service.approve(booking.id, by=colleague, now=NOW + 24 * HOUR).state is BookingState.APPROVED
    late = make.booked(scene, hours(120, 122), now=NOW + 72 * HOUR)
    with pytest.raises(Forbidden):
        service.approve(late.id, by=colleague, now=NOW + 4 * 24 * HOUR)


def test_who_stands_in_answers_neither_own_requests_nor_those_of_the_absent(scene: Scene, colleague: Actor) -> None:
    stand_in(scene, colleague)
    of_the_absent = make.booked(scene, organisation_id=scene.provider.id, by=scene.manager)
    with pytest.raises(Forbidden):
        service.approve(of_the_absent.id, by=colleague, now=NOW)
    stand_in(scene, colleague, by=scene.operator)
    assert service.approve(of_the_absent.id, by=colleague, now=NOW).decided_by == colleague.id


def test_a_delegation_ends_with_the_role_of_who_gave_it_or_when_taken_back(
    session: Session, scene: Scene, colleague: Actor
) -> None:
    delegation_id = stand_in(scene, colleague)
    assert queries.standing_in_for(colleague.id, scene.provider.id, TODAY) == [scene.manager.id]
    session.scalars(select(Membership).where(Membership.person_id == scene.manager.id)).one().ended_on = TODAY
    session.flush()
    assert queries.standing_in_for(colleague.id, scene.provider.id, TODAY) == []
    session.scalars(select(Membership).where(Membership.person_id == scene.manager.id)).one().ended_on = None
    session.flush()
    with pytest.raises(NotFound):
        service.end_delegation(delegation_id, by=scene.stranger, now=NOW)
    service.end_delegation(delegation_id, by=colleague, now=NOW)
    assert queries.deciding_at(colleague, TODAY) == []


def test_only_staff_delegate_and_only_to_colleagues(scene: Scene, colleague: Actor) -> None:
    with pytest.raises(Forbidden):
        stand_in(scene, colleague, by=colleague)
    for somebody in (scene.stranger, scene.manager):
        with pytest.raises(Invalid):
            stand_in(scene, somebody)
    with pytest.raises(Invalid) as refused:
        stand_in(scene, colleague, last_on=TODAY - timedelta(days=1))
    assert [problem.code for problem in refused.value.problems] == ["days"]


def test_ten_requests_are_answered_in_one_act_each_for_itself(session: Session, scene: Scene) -> None:
    good = [make.booked(scene, hours(24 * day, 24 * day + 2)) for day in (0, 1, 2)]
    own = make.booked(scene, hours(3, 5), organisation_id=scene.provider.id, by=scene.manager)
    done = make.booked(scene, hours(26, 28))
    service.approve(done.id, by=scene.operator, now=NOW)
    ids = [good[0].id, own.id, good[1].id, done.id, 987654, good[2].id]
    answers = service.decide_many(ids, approving=True, by=scene.manager, now=NOW)
    assert [answer.booking_id for answer in answers] == ids
    assert [answer.refusal.problem_code if answer.refusal else answer.state for answer in answers] == [
        "approved", "same-person", "approved", "wrong-state", "not-found", "approved",
    ]  # fmt: skip
    assert session.scalar(select(Booking.state).where(Booking.id == own.id)) is BookingState.REQUESTED


def test_many_are_declined_with_one_reason(scene: Scene) -> None:
    asked = [make.booked(scene, hours(24 * day, 24 * day + 2)) for day in (0, 1)]
    ids = [booking.id for booking in asked]
    with pytest.raises(Invalid):
        service.decide_many(ids, approving=False, reason=" ", by=scene.manager, now=NOW)
    answers = service.decide_many(ids, approving=False, reason="检修", by=scene.manager, now=NOW)
    assert {answer.state for answer in answers} == {BookingState.DECLINED}
    assert make.booked(scene, hours(0, 2)).id, "its time is free again"


def test_a_stranger_answers_nothing(scene: Scene) -> None:
    booking = make.booked(scene)
    (answer,) = service.decide_many([booking.id], approving=True, by=scene.stranger, now=NOW)
    assert isinstance(answer.refusal, NotFound)
    with pytest.raises(Forbidden):
        service.decline(booking.id, "不", by=scene.owner, now=NOW)
    with pytest.raises(SamePerson):
        service.approve(booking.id, by=scene.researcher, now=NOW)


def messages(session: Session, kind: str) -> list[tuple[int, Any]]:
    rows = session.execute(
        select(OutboxMessage.person_id, OutboxMessage.values)
        .where(OutboxMessage.kind == f"booking.{kind}")
        .order_by(OutboxMessage.person_id)
    )
    return [(row[0], row[1]["count"]) for row in rows]


def test_a_silent_approver_is_reminded_then_the_managers_are_told_once_each(
    session: Session, scene: Scene, colleague: Actor
) -> None:
    far = [make.booked(scene, hours(120 + 3 * turn, 122 + 3 * turn)) for turn in range(2)]
    stand_in(scene, colleague, last_on=TODAY + timedelta(days=9))
    session.commit()

    def run(hours_later: float) -> int:
        later = NOW + hours_later * HOUR
        return jobs.remind_approvers(clock.today(later), later).done

    assert run(23) == 0
    assert run(24) == 2
    staff = sorted([scene.manager.id, scene.operator.id, colleague.id])
    assert messages(session, "remind") == [(person, 2) for person in staff], "one message for both"
    assert run(25) == 0
    assert run(36) == 2
    assert messages(session, "escalate") == [(scene.manager.id, 2)]
    assert run(37) == 0
    acts = [event.act for event in queries.events_of(far[0].id)]
    assert acts == ["escalate", "remind"]


def test_a_request_moved_to_another_time_is_waited_for_anew(session: Session, scene: Scene) -> None:
    booking = make.booked(scene, hours(120, 122))
    session.commit()
    assert jobs.remind_approvers(TODAY, NOW + 24 * HOUR).done == 1
    service.reschedule(booking.id, hours(144, 146), by=scene.researcher, now=NOW + 25 * HOUR)
    session.commit()
    assert booking.reminded_at is None
    assert jobs.remind_approvers(TODAY, NOW + 26 * HOUR).done == 0
    assert jobs.remind_approvers(TODAY, NOW + 49 * HOUR).done == 1


def test_the_queue_shows_what_waits_longest_first(session: Session, scene: Scene) -> None:
    first, second = make.booked(scene, hours(120, 122)), make.booked(scene, hours(124, 126))
    service.reschedule(first.id, hours(144, 146), by=scene.researcher, now=NOW + HOUR)
    page = queries.of_providers([scene.provider.id], states=(BookingState.REQUESTED,), number=1, size=10)
    assert [booking.id for booking in page.items] == [second.id, first.id]


def test_standing_in_is_no_right_of_its_own(scene: Scene) -> None:
    booking = make.booked(scene)
    nobody = Actor(id=4711, name="路人")
    assert not policy.may_decide(nobody, booking, standing_in_for=[scene.researcher.id])
    assert policy.may_decide(nobody, booking, standing_in_for=[scene.researcher.id, scene.manager.id])
