"""States a booking passes while it is used. Only the state moves: what happened is written by the usage room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.service import record
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound


def start_use(booking_id: int, *, by: Actor, now: datetime) -> Booking:
    """approved -> in_use. Raises ``WrongState``."""
    return _step(booking_id, BookingState.IN_USE, by=by, now=now)


def finish_use(booking_id: int, *, by: Actor, now: datetime) -> Booking:
    """in_use -> to_confirm."""
    return _step(booking_id, BookingState.TO_CONFIRM, by=by, now=now)


def complete(booking_id: int, *, by: Actor, now: datetime) -> Booking:
    """to_confirm -> completed, once both sides confirmed the hours."""
    return _step(booking_id, BookingState.COMPLETED, by=by, now=now)


check_in = start_use


def _step(booking_id: int, target: BookingState, *, by: Actor, now: datetime) -> Booking:
    """No time changes hands, so the row's own lock is enough."""
    found = session().scalar(
        select(Booking).where(Booking.id == booking_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    record.moved(found, target, by=by, now=now)
    return found
