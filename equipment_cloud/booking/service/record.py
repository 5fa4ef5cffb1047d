"""What every act on a booking does alike: lock, move, remember, tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, func, insert, select
from sqlalchemy.orm import make_transient_to_detached

from equipment_cloud.booking.models import Booking, BookingEvent
from equipment_cloud.booking.rules import MOVES, BookingState
from equipment_cloud.catalog.models import Position
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.bulk import numbered
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel import states
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.organisations import queries as organisations


def locked(booking_id: int, *, whole_instrument: bool = False) -> Booking:
    """The booking, read anew under the locks of its position (or of all its instrument's) and of its own row."""
    mine = select(Booking.position_id).where(Booking.id == booking_id)
    if whole_instrument:
        instrument = select(Booking.instrument_id).where(Booking.id == booking_id).scalar_subquery()
        mine = select(Position.id).where(Position.instrument_id == instrument).order_by(Position.number)
    occupancy.lock(session().scalars(mine).all())
    found = session().scalar(select(Booking).where(Booking.id == booking_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def inserted(values: Mapping[str, Any], *, now: datetime) -> Booking:
    """A new booking with its number. Every column of ``values`` is known, so the record need not be read back."""
    statement = _inserting(tuple(values), clock.local(now).year, on_sqlite=is_sqlite())
    booking_id, number = session().execute(statement, dict(values)).one()
    booking = Booking(id=booking_id, number=number, **values)
    make_transient_to_detached(booking)
    current = session()
    undone = current.identity_map.get(current.identity_key(Booking, booking_id))
    if undone is not None:  # SQLite gives the id of a booking that was rolled back again
        current.expunge(undone)
    current.add(booking)
    return booking


def moved(
    booking: Booking, target: BookingState, *, by: Actor, now: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Move to a state that follows, and remember who did it. Raises ``WrongState``."""
    booking.state = states.move(MOVES, booking.state, target)
    booking.revision += 1
    if target is not BookingState.REQUESTED:
        booking.expires_at = None
    remember(booking, target.value, by=by, now=now, detail=detail)


def remember(booking: Booking, act: str, *, by: Actor, now: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """A line in the booking's history and one in the audit trail."""
    told = dict(detail or {})
    session().add(
        BookingEvent(booking_id=booking.id, at=now, person_id=by.id, person_name=by.name, act=act, detail=told)
    )
    audit.note(f"booking.{act.replace('_', '-')}", booking.reference, by=by, now=now, detail=told)


def tell_customer(booking: Booking, kind: str, message: str, *, by: Actor, now: datetime, **values: Any) -> None:
    """A message to the person booked for and to who asked, but not to who acts."""
    people = {booking.person_id, booking.requested_by} - {by.id}
    tell(people, booking, kind, message, now=now, **values)


def tell_provider(booking: Booking, kind: str, message: str, *, by: Actor, now: datetime, **values: Any) -> None:
    """A message to the provider's staff, but not to who acts."""
    staff = organisations.people_with_role(booking.provider_id, "manager", "operator", on=clock.today(now))
    tell(set(staff) - {by.id}, booking, kind, message, now=now, **values)


def tell(people: Iterable[int], booking: Booking, kind: str, message: str, *, now: datetime, **values: Any) -> None:
    """Queue a message that leads to the booking; every message knows its number and time."""
    start, end = clock.local(booking.starts_at), clock.local(booking.ends_at)
    known = {"number": booking.number, "period": f"{start:%Y-%m-%d %H:%M} – {end:%m-%d %H:%M}"}
    outbox.post(f"booking.{kind}", people, message, now=now, link=f"/bookings/{booking.id}", values=known | values)


@cache
def _inserting(names: tuple[str, ...], year: int, *, on_sqlite: bool) -> Executable:
    """The id is drawn first, so that the number made of it needs no second write to a table of many indexes."""
    highest = func.coalesce(func.max(_BOOKING.c.id), 0) + 1  # nobody else writes: SQLite's lock is the database's
    drawn = select((highest if on_sqlite else func.nextval("booking_id_seq")).label("id")).subquery("drawn")
    given = (bindparam(name, type_=_BOOKING.c[name].type) for name in names)
    row = select(drawn.c.id, numbered("B", year, drawn.c.id), *given)
    return insert(_BOOKING).from_select(["id", "number", *names], row).returning(_BOOKING.c.id, _BOOKING.c.number)


_BOOKING = cast("Table", Booking.__table__)
