"""Rules of the demo institute's instruments that not every instrument has: quotas, kept hours, buffers, single days."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from sqlalchemy import select

from equipment_cloud.booking import service as bookings
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.occupancy.models import ApprovalMode, QuotaOf, QuotaPer, WeekKind

AFTERNOON, MORNING = (time(13), time(17, 30)), (time(9), time(12))


def write_rules(story: Story) -> None:
    """As of today, on three instruments: what was booked before stays. The institute counts breaches from today on."""
    mine = [record for record, owner, _kind in story.instruments if owner == "institute"][:3]
    manager, now = story.actor("institute", "manager"), story.now
    today = clock.today(now)
    by_now: dict[str, Any] = {"by": manager, "now": now}
    for record in mine[:1]:
        occupancy.add_quota(record, of=QuotaOf.ORGANISATION, per=QuotaPer.WEEK, most_minutes=40 * 60, **by_now)
        occupancy.add_quota(record, of=QuotaOf.PERSON, per=QuotaPer.DAY, most_minutes=8 * 60, **by_now)
        occupancy.set_opening(record, {4: [AFTERNOON]}, kind=WeekKind.OUTSIDE, **by_now)
        weekdays = {day: [MORNING] for day in range(5)}
        occupancy.set_opening(record, weekdays, kind=WeekKind.PEAK, **by_now)
    for record in mine[1:2]:
        occupancy.set_rules(
            record,
            lead_minutes=60,
            before_minutes=30,
            after_minutes=30,
            valid_from=today + timedelta(days=21),
            **by_now,
        )
        occupancy.set_special_day(record, today + timedelta(days=16), [], "计量院来所检定（示例）", **by_now)
    for record in mine[2:]:
        occupancy.set_rules(
            record, lead_minutes=60, approval=ApprovalMode.TRAINED, valid_from=today + timedelta(days=21), **by_now
        )
    _breaches_and_delegation(story, manager)


def _breaches_and_delegation(story: Story, manager: Actor) -> None:
    """What counts from a month ago on: the late cancellations and no-shows of the past weeks with their points."""
    provider_id, now = story.organisations["institute"].id, story.now
    began = now - timedelta(days=30)
    bookings.set_breach_policy(
        provider_id, late_points=1, no_show_points=3, last_days=180, limit_points=12, by=manager, now=began
    )
    missed = session().scalars(
        select(Booking)
        .where(Booking.provider_id == provider_id, Booking.starts_at > began)
        .where(Booking.state.in_((BookingState.NO_SHOW, BookingState.CANCELLED_LATE)))
        .order_by(Booking.id)
        .limit(10)
    )
    for booking in missed.all():
        bookings.count_breaches([booking], now=booking.ends_at)
    today = clock.today(now)
    bookings.delegate(
        provider_id,
        story.people["institute", "finance"],
        first_on=today + timedelta(days=7),
        last_on=today + timedelta(days=11),
        note="外出参加计量培训（示例）",
        by=manager,
        now=now,
    )
