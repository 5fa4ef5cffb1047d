"""Silent approvers: reminded after a while, then their managers are told, once each and before the request expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from equipment_cloud.booking import policy, queries
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.service import record
from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_
from equipment_cloud.organisations import queries as organisations

QUEUE = "/bookings?view=requests"


def remind_approvers(provider_id: int, booking_ids: Sequence[int], *, now: datetime) -> int:
    """Remind who decides for the provider of those requests nobody was reminded of; how many requests that were."""
    claimed = _claimed(booking_ids, {"reminded_at": now})
    if not claimed:
        return 0
    today = clock.today(now)
    staff = organisations.people_with_role(provider_id, *policy.STAFF, on=today)
    people = {*staff, *queries.stand_ins(provider_id, today)}
    message = N_("%(count)s booking requests wait for an answer, the oldest since %(since)s (%(number)s).")
    _tell("remind", people, claimed, message, now=now)
    return len(claimed)


def escalate(provider_id: int, booking_ids: Sequence[int], *, now: datetime) -> int:
    """Tell who looks after the provider's people of those requests nobody answered; how many that were."""
    claimed = _claimed(booking_ids, {"escalated_at": now})
    if not claimed:
        return 0
    people = set(organisations.governing_people(provider_id, clock.today(now)))
    message = N_(
        "%(count)s booking requests are still unanswered, the oldest since %(since)s (%(number)s): they expire."
    )
    _tell("escalate", people, claimed, message, now=now)
    return len(claimed)


def _claimed(booking_ids: Sequence[int], values: dict[str, Any]) -> list[Booking]:
    """Those still waiting and not yet told of: two clocks do it once."""
    (name,) = values
    rows = session().scalars(
        update(Booking)
        .where(Booking.id.in_(booking_ids), Booking.state == BookingState.REQUESTED, getattr(Booking, name).is_(None))
        .values(**values)
        .returning(Booking),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    return sorted(rows, key=lambda booking: (booking.asked_at, booking.id))


def _tell(act: str, people: set[int], claimed: Sequence[Booking], message: str, *, now: datetime) -> None:
    for booking in claimed:
        record.remember(booking, act, by=SYSTEM, now=now)
    oldest = claimed[0]
    since = f"{clock.local(oldest.asked_at):%Y-%m-%d %H:%M}"
    told = {"count": len(claimed), "since": since, "number": oldest.number}
    outbox.post(f"booking.{act}", sorted(people), message, now=now, link=QUEUE, values=told)
