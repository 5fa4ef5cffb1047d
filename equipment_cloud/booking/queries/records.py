"""Bookings people may see: one, a desk's list, what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking import policy
from equipment_cloud.booking.models import Booking, BookingEvent, BookingState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.occupancy.models import BookingRules
from equipment_cloud.occupancy.queries import in_force


def booking_for(actor: Actor, booking_id: int) -> Booking:
    """A booking this person may see, with all a page shows (one statement). Raises :class:`NotFound`."""
    found = session().scalar(_whole().where(Booking.id == booking_id))
    if found is None or not policy.may_see(actor, found):
        raise NotFound
    return found


def of_organisations(
    organisation_ids: Collection[int], *, states: Collection[BookingState] = (), number: int, size: int
) -> Page[Booking]:
    """Bookings of these customers, the newest first."""
    statement = _whole().where(Booking.organisation_id.in_(organisation_ids))
    return scalars_page(_in_states(statement, states).order_by(Booking.id.desc()), number=number, size=size)


def of_providers(
    provider_ids: Collection[int], *, states: Collection[BookingState] = (), number: int, size: int
) -> Page[Booking]:
    """Bookings on these providers' instruments: what waits by age, all else the newest first."""
    statement = _in_states(_whole().where(Booking.provider_id.in_(provider_ids)), states)
    oldest_first = set(states) == {BookingState.REQUESTED}
    order = (Booking.asked_at, Booking.id) if oldest_first else (Booking.id.desc(),)
    return scalars_page(statement.order_by(*order), number=number, size=size)


def visible_page(actor: Actor, *, states: Collection[BookingState] = (), number: int, size: int) -> Page[Booking]:
    """All bookings this person may see, the newest first."""
    statement = _in_states(_whole(), states)
    if not actor.has(*policy.OFFICE):
        mine = actor.organisations()
        statement = statement.where(Booking.organisation_id.in_(mine) | Booking.provider_id.in_(mine))
    return scalars_page(statement.order_by(Booking.id.desc()), number=number, size=size)


def counts_by_state(organisation_ids: Collection[int]) -> dict[BookingState, int]:
    """How many bookings of these customers are in each state."""
    rows = session().execute(
        select(Booking.state, func.count()).where(Booking.organisation_id.in_(organisation_ids)).group_by(Booking.state)
    )
    return {row[0]: row[1] for row in rows}


def waiting_count(provider_ids: Collection[int]) -> int:
    """How many requests wait for these providers' answer."""
    waiting = (Booking.provider_id.in_(provider_ids)) & (Booking.state == BookingState.REQUESTED)
    return session().scalar(select(func.count()).select_from(Booking).where(waiting)) or 0


def next_bookings(organisation_ids: Collection[int], *, now: datetime, limit: int = 5) -> Sequence[Booking]:
    """Coming bookings of these customers, the soonest first; for desks."""
    return (
        session()
        .scalars(
            _whole()
            .where(Booking.organisation_id.in_(organisation_ids))
            .where(Booking.state.in_((BookingState.REQUESTED, BookingState.APPROVED)))
            .where(Booking.ends_at > now)
            .order_by(Booking.starts_at, Booking.id)
            .limit(limit)
        )
        .all()
    )


def events_of(booking_id: int) -> Sequence[BookingEvent]:
    """What happened to a booking after it was asked for, the newest first (at most 100)."""
    return (
        session()
        .scalars(
            select(BookingEvent)
            .where(BookingEvent.booking_id == booking_id)
            .order_by(BookingEvent.id.desc())
            .limit(100)
        )
        .all()
    )


def overdue(state: BookingState, *, before: datetime, limit: int, with_voucher: bool) -> list[int]:
    """Ids of requests that expired (``requested``) or of bookings whose time is over (``approved``), oldest first."""
    column = Booking.expires_at if state is BookingState.REQUESTED else Booking.ends_at
    holds = Booking.voucher_fen > 0 if with_voucher else Booking.voucher_fen == 0
    statement = select(Booking.id).where(Booking.state == state, column <= before, holds)
    return list(session().scalars(statement.order_by(Booking.id).limit(limit)))


def unanswered(*, on: date, now: datetime, limit: int) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Requests of whose silence nobody was told yet: ids to remind of, and ids to escalate, by provider.

    After how long, the rules of the instrument say that hold on the day.
    """
    rows = session().execute(
        select(
            Booking.id, Booking.provider_id, Booking.asked_at, Booking.reminded_at, Booking.escalated_at,
            BookingRules.remind_hours, BookingRules.escalate_hours,
        )
        .join(BookingRules, BookingRules.instrument_id == Booking.instrument_id)
        .where(Booking.state == BookingState.REQUESTED, Booking.expires_at > now, in_force(BookingRules, on))
        .where(Booking.reminded_at.is_(None) | Booking.escalated_at.is_(None))
        .order_by(Booking.asked_at, Booking.id)
        .limit(limit)
    )  # fmt: skip
    to_remind: dict[int, list[int]] = {}
    to_escalate: dict[int, list[int]] = {}
    for row in rows:
        hours = (now - row.asked_at) / timedelta(hours=1)
        if row.reminded_at is None and 0 < row.remind_hours <= hours:
            to_remind.setdefault(row.provider_id, []).append(row.id)
        if row.escalated_at is None and 0 < row.escalate_hours <= hours:
            to_escalate.setdefault(row.provider_id, []).append(row.id)
    return to_remind, to_escalate


def _whole() -> Select[Booking]:
    return select(Booking).options(
        joinedload(Booking.instrument),
        joinedload(Booking.position),
        joinedload(Booking.organisation),
        joinedload(Booking.provider),
        joinedload(Booking.person),
    )


def _in_states(statement: Select[Booking], states: Collection[BookingState]) -> Select[Booking]:
    return statement.where(Booking.state.in_(states)) if states else statement
