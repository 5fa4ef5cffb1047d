"""Late cancellations and no-shows are facts; what they count, and for how long, is the institution's policy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.booking import queries, service
from equipment_cloud.booking.models import Booking, BookingState, Breach, BreachState
from equipment_cloud.kernel.errors import Forbidden, Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.occupancy.models import ApprovalMode
from tests.factories import booking as make
from tests.factories.booking import NOW, Scene, hours

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make.scene(session, approval=ApprovalMode.INSTANT, horizon_days=365)


def counted(scene: Scene, *, limit: int = 4) -> None:
    service.set_breach_policy(
        scene.provider.id, late_points=1, no_show_points=3, last_days=90, limit_points=limit, by=scene.manager, now=NOW
    )


def missed(scene: Scene, start: float = 0) -> Booking:
    """A booking nobody came to."""
    booking = make.booked(scene, hours(start, start + 2))
    service.mark_no_shows([booking.id], before=booking.ends_at, now=booking.ends_at)
    return booking


def breaches(session: Session) -> list[tuple[BookingState, int]]:
    return [(row.kind, row.points) for row in session.scalars(select(Breach).order_by(Breach.id))]


def test_nothing_counts_until_the_institution_says_so(session: Session, scene: Scene) -> None:
    booking = missed(scene)
    assert booking.state is BookingState.NO_SHOW
    assert occupancy.occupation_of(booking.reference) is None, "the time is free again"
    assert [event.act for event in queries.events_of(booking.id)] == ["no_show"], "the fact stays"
    assert breaches(session) == []


def test_each_breach_counts_once_by_its_kind(session: Session, scene: Scene) -> None:
    counted(scene, limit=9)
    no_show = missed(scene)
    late = make.booked(scene, hours(24, 26))
    service.cancel(late.id, by=scene.researcher, now=late.starts_at - HOUR)
    in_time = make.booked(scene, hours(120, 122))
    service.cancel(in_time.id, by=scene.researcher, now=NOW)
    assert breaches(session) == [(BookingState.NO_SHOW, 3), (BookingState.CANCELLED_LATE, 1)]
    assert service.count_breaches([no_show, late], now=NOW) == 0


def test_too_many_points_stop_booking_until_they_are_forgotten(session: Session, scene: Scene) -> None:
    counted(scene)
    at_first = missed(scene)
    missed(scene, 3)
    later = at_first.ends_at + 4 * HOUR
    with pytest.raises(Invalid) as refused:
        make.booked(scene, hours(48, 50), now=later)
    (problem,) = refused.value.problems
    assert (problem.code, problem.values["points"]) == ("breach-points", 6)
    assert problem.next_at == at_first.ends_at + timedelta(days=90)
    assert make.booked(scene, hours(48, 50), by=scene.owner, now=later).id, "points are a person's"
    by_phone = {"on_behalf_of": scene.researcher.id, "by": scene.operator, "now": later}
    assert make.booked(scene, hours(120, 122), waive_reason="已电话说明", **by_phone).waived == ["breach-points"]
    monday = hours(12 * 168 + 120, 12 * 168 + 122)  # in February 2027: another rule may stand against it, points do not
    with pytest.raises(Invalid) as refused:
        make.booked(scene, monday, now=later + timedelta(days=91))
    assert "breach-points" not in [item.code for item in refused.value.problems]


def test_an_appeal_is_made_once_by_the_person_and_answered_by_somebody_else(session: Session, scene: Scene) -> None:
    counted(scene)
    missed(scene)
    breach_id = session.scalars(select(Breach.id)).one()
    for other in (scene.stranger, scene.manager):
        with pytest.raises(NotFound):
            service.appeal(breach_id, "不对", by=other, now=NOW)
    with pytest.raises(WrongState):
        service.decide_appeal(breach_id, lifted=False, decision="维持", by=scene.manager, now=NOW)
    service.appeal(breach_id, "当天停电", by=scene.researcher, now=NOW)
    with pytest.raises(WrongState):
        service.appeal(breach_id, "再说一次", by=scene.researcher, now=NOW)
    with pytest.raises(Forbidden):
        service.decide_appeal(breach_id, lifted=True, decision="好", by=scene.operator, now=NOW)
    lifted = service.decide_appeal(breach_id, lifted=True, decision="情况属实", by=scene.manager, now=NOW)
    assert lifted.state is BreachState.LIFTED
    assert queries.points_now(scene.researcher.id, now=NOW) == []
    assert session.get_one(Booking, lifted.booking_id).state is BookingState.NO_SHOW, "the fact stays"


def test_nobody_lifts_their_own_points(session: Session, scene: Scene) -> None:
    counted(scene)
    own = make.booked(scene, organisation_id=scene.provider.id, by=scene.manager)
    service.mark_no_shows([own.id], before=own.ends_at, now=own.ends_at)
    breach_id = session.scalars(select(Breach.id)).one()
    with pytest.raises(SamePerson):
        service.decide_appeal(breach_id, lifted=True, decision="好", by=scene.manager, now=NOW)


def test_a_policy_holds_from_its_day_and_keeps_what_was(scene: Scene) -> None:
    counted(scene)
    values = {"late_points": 0, "no_show_points": 0, "last_days": 90, "limit_points": 0}
    service.set_breach_policy(scene.provider.id, **values, valid_from=date(2026, 12, 1), by=scene.manager, now=NOW)
    rows = queries.breach_policies_of(scene.provider.id)
    assert [(row.valid_from, row.valid_to) for row in rows] == [
        (date(2026, 12, 1), None),
        (date(2026, 11, 23), date(2026, 12, 1)),
    ]
    with pytest.raises(Forbidden):
        service.set_breach_policy(scene.provider.id, **values, by=scene.operator, now=NOW)
    with pytest.raises(Invalid):
        service.set_breach_policy(scene.provider.id, **values, valid_from=date(2026, 11, 1), by=scene.manager, now=NOW)
