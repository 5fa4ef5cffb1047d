"""What the clock does: requests nobody answered expire, bookings nobody came to are marked.

Work is claimed by a conditional UPDATE: whatever moved on in the meantime is not touched, and two clocks do it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.rules import reference_of
from equipment_cloud.booking.service import record
from equipment_cloud.booking.service.breaches import count_breaches
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.vouchers import service as vouchers


def expire_pending(booking_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Expire those of the requests whose time to answer is over; the ids that were. Time and voucher money go back."""
    claimed = _claim(booking_ids, BookingState.REQUESTED, BookingState.EXPIRED, before=now)
    message = N_("Your request %(number)s, %(period)s, was not answered in time and has expired.")
    _finish(claimed, "expired", message, now=now)
    return [booking.id for booking in claimed]


def mark_no_shows(booking_ids: Sequence[int], *, before: datetime, now: datetime) -> list[int]:
    """Mark those of the approved bookings that ended by ``before`` without use; the ids that were."""
    claimed = _claim(booking_ids, BookingState.APPROVED, BookingState.NO_SHOW, before=before)
    message = N_("Booking %(number)s, %(period)s, was not used and is recorded as a no-show.")
    _finish(claimed, "no_show", message, now=now)
    if claimed:
        count_breaches(claimed, now=now)
    return [booking.id for booking in claimed]


def _claim(
    booking_ids: Sequence[int], source: BookingState, target: BookingState, *, before: datetime
) -> list[Booking]:
    due = Booking.expires_at if source is BookingState.REQUESTED else Booking.ends_at
    rows = session().scalars(
        update(Booking)
        .where(Booking.id.in_(booking_ids), Booking.state == source, due <= before)
        .values(state=target, expires_at=None, revision=Booking.revision + 1)
        .returning(Booking),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    return sorted(rows, key=lambda booking: booking.id)


def _finish(claimed: Sequence[Booking], act: str, message: str, *, now: datetime) -> None:
    if not claimed:
        return
    occupancy.release_all([reference_of(booking.id) for booking in claimed])
    for booking in claimed:
        record.remember(booking, act, by=SYSTEM, now=now)
        record.tell_customer(booking, act.replace("_", "-"), message, by=SYSTEM, now=now)
        if booking.voucher_fen:
            vouchers.release(booking.reference, by=SYSTEM, now=now)
