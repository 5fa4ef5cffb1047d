"""What the clock does to bookings, for any date, again and again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from equipment_cloud.booking import jobs, service
from equipment_cloud.booking.models import BookingState
from equipment_cloud.foundation import clock
from tests.factories import booking as make
from tests.factories.booking import NOW, Scene, hours


def test_unanswered_requests_expire_once(session: Session, scene: Scene) -> None:
    bookings = [make.booked(scene, hours(2 * each, 2 * each + 2)) for each in range(3)]
    session.commit()
    later = bookings[0].starts_at
    outcome = jobs.expire_pending(clock.today(later), later)
    assert (outcome.done, outcome.failures) == (1, []), "the first has until its start, the others 48 hours"
    assert [booking.state.value for booking in bookings] == ["expired", "requested", "requested"]
    assert jobs.expire_pending(clock.today(later), later).done == 0
    assert jobs.expire_pending(clock.today(later), NOW + timedelta(hours=48)).done == 2


def test_bookings_of_days_past_that_nobody_used_are_no_shows(session: Session, scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    session.commit()
    same_day, next_day = booking.ends_at + timedelta(hours=3), booking.ends_at + timedelta(hours=14)
    assert jobs.mark_no_shows(clock.today(same_day), same_day).done == 0, "its own day is not over"
    assert jobs.mark_no_shows(clock.today(next_day), same_day).done == 1, "a later date reaches no further than now"
    assert booking.state is BookingState.NO_SHOW
    assert jobs.mark_no_shows(clock.today(next_day), next_day).done == 0


def test_used_bookings_are_left_alone(session: Session, scene: Scene) -> None:
    booking = make.booked(scene)
    service.approve(booking.id, by=scene.manager, now=NOW)
    service.start_use(booking.id, by=scene.researcher, now=NOW)
    session.commit()
    much_later = NOW + timedelta(days=9)
    assert jobs.mark_no_shows(clock.today(much_later), much_later).done == 0
