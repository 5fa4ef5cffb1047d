"""Rules kept as dated rows, asked alike by every way of booking."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.booking import queries, service
from equipment_cloud.booking.models import BookingState
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.kernel.errors import Forbidden, Invalid
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.occupancy import service as opening
from equipment_cloud.occupancy.models import ApprovalMode, QuotaOf, QuotaPer, WeekKind
from equipment_cloud.occupancy.rules import PeriodTaken
from equipment_cloud.training.models import Qualification
from tests.factories import booking as make
from tests.factories.booking import NOW, WEDNESDAY, Scene, hours

DAY = timedelta(days=1)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_rules_of_a_later_day_do_not_touch_earlier_ones(scene: Scene) -> None:
    opening.set_rules(
        scene.machine.id, longest_minutes=120, approval=ApprovalMode.INSTANT, valid_from=date(2026, 11, 26),
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    assert make.booked(scene, hours(0, 3)).state is BookingState.REQUESTED
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(24, 27))
    assert codes(refused) == ["too-long"]
    assert make.booked(scene, hours(24, 26)).state is BookingState.APPROVED


def test_a_change_replaces_what_was_planned_and_keeps_what_was(session: Session, scene: Scene) -> None:
    machine_id = scene.machine.id
    opening.set_rules(machine_id, longest_minutes=120, valid_from=date(2026, 12, 10), by=SYSTEM, now=NOW)
    opening.set_rules(machine_id, longest_minutes=180, valid_from=date(2026, 12, 1), by=SYSTEM, now=NOW)
    planned = occupancy.rules_to_come(machine_id, date(2026, 11, 23))
    assert [(row.valid_from, row.longest_minutes, row.valid_to) for row in planned] == [(date(2026, 12, 1), 180, None)]
    present = occupancy.rules_of(machine_id, date(2026, 11, 30))
    assert present is not None
    assert (present.longest_minutes, present.valid_to) == (480, date(2026, 12, 1))
    with pytest.raises(Invalid) as refused:
        opening.set_rules(machine_id, valid_from=date(2026, 11, 22), by=SYSTEM, now=NOW)
    assert codes(refused) == ["valid-from"]


def test_hours_change_from_a_day_on(scene: Scene) -> None:
    afternoons = {day: [(time(13), time(17))] for day in range(5)}
    opening.set_opening(scene.machine.id, afternoons, valid_from=date(2026, 11, 26), by=SYSTEM, now=NOW)
    make.booked(scene, hours(0, 3))
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(24, 27))
    assert codes(refused) == ["closed-hours"]
    assert refused.value.problems[0].next_at == WEDNESDAY + 28 * timedelta(hours=1)


def test_a_single_day_is_open_closed_and_ordinary_again(session: Session, scene: Scene) -> None:
    saturday = Period(WEDNESDAY + 3 * DAY, WEDNESDAY + 3 * DAY + timedelta(hours=2))
    machine_id = scene.machine.id

    def is_found() -> bool:
        return session.scalar(occupancy.free_between([machine_id], saturday, now=NOW)) is not None

    assert not is_found()
    day = opening.set_special_day(machine_id, date(2026, 11, 28), [(time(9), time(12))], "开放日", by=SYSTEM, now=NOW)
    assert is_found()
    make.booked(scene, saturday)
    opening.set_special_day(machine_id, date(2026, 11, 27), [], "停电检修", by=SYSTEM, now=NOW)
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(48, 50))
    assert codes(refused) == ["closed-day"]
    friday = Period(hours(48, 50).starts_at, hours(48, 50).ends_at)
    assert session.scalar(occupancy.free_between([machine_id], friday, now=NOW)) is None
    opening.drop_special_day(machine_id, day.id, by=SYSTEM, now=NOW)
    assert [item.on for item in occupancy.special_days_of(machine_id, date(2026, 11, 23))] == [date(2026, 11, 27)]


def test_buffers_are_taken_with_the_booking_and_found_by_the_search(session: Session) -> None:
    scene = make.scene(session, before_minutes=30, after_minutes=30)
    booking = make.booked(scene, hours(0, 2))
    held = occupancy.occupation_of(booking.reference)
    assert held is not None
    assert (held.starts_at, held.ends_at) == (hours(-0.5, 0).starts_at, hours(0, 2.5).ends_at)
    with pytest.raises(PeriodTaken):
        make.booked(scene, hours(2.5, 4))
    ids = [scene.machine.id]
    assert session.scalar(occupancy.free_between(ids, hours(2.5, 4), now=NOW)) is None
    assert session.scalar(occupancy.free_between(ids, hours(3, 4), now=NOW)) == scene.machine.id
    assert make.booked(scene, hours(3, 4)).id
    assert booking.price_fen == 60_000, "buffers are not charged"


def test_a_quota_counts_for_creating_and_moving_and_not_twice(scene: Scene) -> None:
    opening.add_quota(scene.machine.id, of=QuotaOf.PERSON, per=QuotaPer.WEEK, most_minutes=300, by=SYSTEM, now=NOW)
    first = make.booked(scene, hours(0, 3))
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(4, 7))
    assert codes(refused) == ["quota"]
    assert make.booked(scene, hours(4, 7), by=scene.owner).id, "the quota is each person's"
    assert service.reschedule(first.id, hours(24, 29), by=scene.researcher, now=NOW).id
    with pytest.raises(Invalid):
        service.reschedule(first.id, hours(24, 30), by=scene.researcher, now=NOW)


def test_a_quota_that_ended_no_longer_counts(scene: Scene) -> None:
    quota = opening.add_quota(
        scene.machine.id, of=QuotaOf.ORGANISATION, per=QuotaPer.DAY, most_minutes=60, by=SYSTEM, now=NOW
    )
    with pytest.raises(Invalid):
        make.booked(scene)
    opening.end_quota(scene.machine.id, quota.id, by=SYSTEM, now=NOW)
    assert make.booked(scene).id


def test_a_cancelled_booking_gives_its_quota_back(scene: Scene) -> None:
    opening.add_quota(scene.machine.id, of=QuotaOf.PERSON, per=QuotaPer.MONTH, most_minutes=180, by=SYSTEM, now=NOW)
    booking = make.booked(scene)
    service.cancel(booking.id, by=scene.researcher, now=NOW)
    assert make.booked(scene, hours(4, 7)).id


def test_kept_hours_are_kept_from_own_people(scene: Scene) -> None:
    week = {day: [(time(8, 30), time(17))] for day in range(5)}
    opening.set_opening(scene.machine.id, week, kind=WeekKind.OUTSIDE, by=SYSTEM, now=NOW)
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(48, 50), organisation_id=scene.provider.id, by=scene.operator)
    assert codes(refused) == ["kept-for-outside"]
    assert make.booked(scene, hours(48, 50)).id
    assert make.booked(scene, hours(0, 2), organisation_id=scene.provider.id, by=scene.operator).id, "under 48 hours"


def test_the_desk_lets_rules_pass_for_a_customer_with_a_reason_that_is_kept(session: Session, scene: Scene) -> None:
    evening, more = hours(8, 10), {"on_behalf_of": scene.researcher.id, "by": scene.operator}
    with pytest.raises(Invalid) as refused:
        make.booked(scene, evening, **more)
    assert [problem.waivable for problem in refused.value.problems] == [True]
    booking = make.booked(scene, evening, waive_reason="客户赶交付，安排值班", **more)
    assert booking.waived == ["closed-hours"]
    note = session.scalars(select(AuditNote).where(AuditNote.action == "booking.waived")).one()
    assert note.detail == {"rules": ["closed-hours"], "reason": "客户赶交付，安排值班"}
    assert service.approve(booking.id, by=scene.manager, now=NOW).state is BookingState.APPROVED


@pytest.mark.parametrize("who", ["researcher", "stranger"])
def test_nobody_but_the_institution_lets_rules_pass(scene: Scene, who: str) -> None:
    with pytest.raises(Forbidden):
        make.booked(scene, hours(8, 10), waive_reason="急", by=getattr(scene, who))


def test_staff_let_nothing_pass_for_themselves(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        make.booked(
            scene, hours(8, 10), waive_reason="急", organisation_id=scene.provider.id, by=scene.operator
        )  # fmt: skip


def test_a_closure_entered_since_stops_the_approval(scene: Scene) -> None:
    booking = make.booked(scene)
    opening.close(scene.machine.id, hours(0, 2), "主轴维修", by=SYSTEM, now=NOW)
    with pytest.raises(Invalid) as refused:
        service.approve(booking.id, waive_reason="没关系", by=scene.manager, now=NOW)
    assert codes(refused) == ["closure"]
    assert booking.state is BookingState.REQUESTED


def test_a_rule_tightened_since_is_told_to_the_approver_who_may_let_it_pass(scene: Scene) -> None:
    booking = make.booked(scene)
    opening.set_rules(scene.machine.id, longest_minutes=120, by=SYSTEM, now=NOW)
    with pytest.raises(Invalid) as refused:
        service.approve(booking.id, by=scene.manager, now=NOW)
    assert codes(refused) == ["too-long"]
    approved = service.approve(booking.id, waive_reason="规则调整前已申请", by=scene.manager, now=NOW)
    assert (approved.state, approved.waived) == (BookingState.APPROVED, ["too-long"])


def qualified(session: Session, scene: Scene) -> None:
    values = {"instrument_id": scene.machine.id, "person_id": scene.researcher.id, "granted_by": scene.manager.id}
    session.add(
        Qualification(
            valid_from=date(2026, 1, 1), valid_until=date(2026, 11, 25), granted_at=NOW, live_key="x", **values
        )
    )
    session.flush()


def test_qualified_people_are_confirmed_at_once_and_others_by_staff(session: Session) -> None:
    scene = make.scene(session, approval=ApprovalMode.TRAINED)
    qualified(session, scene)
    assert make.booked(scene, hours(0, 2)).state is BookingState.APPROVED
    assert make.booked(scene, hours(2, 4), by=scene.owner).state is BookingState.REQUESTED
    assert make.booked(scene, hours(24, 26)).state is BookingState.REQUESTED, "the qualification ended the day before"


def test_an_instrument_that_wants_qualified_people_says_how_to_become_one(session: Session) -> None:
    scene = make.scene(session, needs_training=True)
    qualified(session, scene)
    assert make.booked(scene, hours(0, 2)).id
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(2, 4), by=scene.owner)
    (problem,) = refused.value.problems
    assert problem.code == "not-trained"
    assert problem.remedy is not None
    assert "training" in problem.remedy


def test_the_preview_says_what_the_request_would(scene: Scene) -> None:
    opening.add_quota(scene.machine.id, of=QuotaOf.PERSON, per=QuotaPer.DAY, most_minutes=120, by=SYSTEM, now=NOW)
    where = queries.place(scene.machine.id, scene.customer.id)
    seen = queries.preview(
        where, hours(0, 3), purpose="rd", voucher_id=None, person_id=scene.researcher.id, now=NOW
    )  # fmt: skip
    assert [problem.code for problem in seen.problems] == ["quota"]
    with pytest.raises(Invalid):
        make.booked(scene, hours(0, 3))
