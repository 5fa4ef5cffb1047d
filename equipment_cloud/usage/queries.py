"""Every read of usage."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.usage import policy, rules
from equipment_cloud.usage.models import UsageCorrection, UsageRecord, UsageState

WATCHERS = ("reviewer", "approver", "auditor", "leader")


def usage_for(person: Actor, usage_id: int) -> UsageRecord:
    """The record with what its page shows. Raises :class:`NotFound` unless it is theirs to see."""
    record = session().scalar(_with_facts(select(UsageRecord).where(UsageRecord.id == usage_id)))
    if record is None or not policy.may_see(person, record):
        raise NotFound
    return record


def usage_page(
    person: Actor, *, number: int, size: int, state: str | None = None, instrument_id: int | None = None
) -> Page[UsageRecord]:
    """Records of the person's organisations on either side, newest first."""
    statement = select(UsageRecord).where(_seen_by(person)).order_by(UsageRecord.id.desc())
    if state:
        statement = statement.where(UsageRecord.state == state)
    if instrument_id:
        statement = statement.where(UsageRecord.instrument_id == instrument_id)
    return scalars_page(_with_facts(statement), number=number, size=size)


def to_confirm(person: Actor, *, most: int = 20) -> list[UsageRecord]:
    """Records that wait for this person's side, oldest first."""
    user = and_(
        UsageRecord.organisation_id.in_(person.organisations(*policy.USERS)), UsageRecord.user_confirmed_at.is_(None)
    )
    staff = and_(
        UsageRecord.provider_id.in_(person.organisations(*policy.STAFF)), UsageRecord.provider_confirmed_at.is_(None)
    )
    statement = (
        select(UsageRecord)
        .where(UsageRecord.state == UsageState.TO_CONFIRM)
        .where(or_(user, staff))
        .order_by(UsageRecord.id)
        .limit(most)
    )
    return list(session().scalars(_with_facts(statement)).unique())


def confirmed_of_voucher(voucher_id: int, provider_id: int | None = None) -> list[UsageRecord]:
    """Confirmed records whose booking drew on the voucher, oldest first; at most 100."""
    statement = (
        select(UsageRecord)
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .where(UsageRecord.state == UsageState.CONFIRMED)
        .where(Booking.voucher_id == voucher_id)
        .where(UsageRecord.provider_id == provider_id if provider_id is not None else true())
        .order_by(UsageRecord.id)
        .limit(100)
    )
    return list(session().scalars(_with_facts(statement)).unique())


def corrections(usage_id: int) -> list[UsageCorrection]:
    """Corrections of a record, oldest first."""
    return list(
        session().scalars(
            select(UsageCorrection).where(UsageCorrection.usage_id == usage_id).order_by(UsageCorrection.id)
        )
    )


def running_at(instrument_id: int) -> list[UsageRecord]:
    """Sessions running on an instrument now, by position."""
    statement = (
        select(UsageRecord)
        .where(UsageRecord.instrument_id == instrument_id)
        .where(UsageRecord.running_position_id.is_not(None))
        .order_by(UsageRecord.position_id)
    )
    return list(session().scalars(_with_facts(statement)).unique())


def running_of_booking(booking_id: int) -> UsageRecord | None:
    """The running session of a booking, if any."""
    statement = (
        select(UsageRecord)
        .where(UsageRecord.booking_id == booking_id)
        .where(UsageRecord.running_position_id.is_not(None))
    )
    return session().scalar(statement)


def startable_bookings(person: Actor, instrument_id: int, now: datetime) -> list[Booking]:
    """Approved bookings of the instrument that the person could start now, soonest first."""
    statement = (
        select(Booking)
        .options(joinedload(Booking.organisation), joinedload(Booking.position))
        .where(Booking.instrument_id == instrument_id)
        .where(Booking.state == BookingState.APPROVED)
        .where(Booking.starts_at <= now + rules.EARLY)
        .where(Booking.ends_at > now)
        .where(
            or_(
                Booking.organisation_id.in_(person.organisations(*policy.USERS)),
                Booking.provider_id.in_(person.organisations(*policy.STAFF)),
            )
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(20)
    )
    return list(session().scalars(statement).unique())


def forgotten(now: datetime, *, most: int = 500) -> list[int]:
    """Running sessions whose booked time ended more than an hour ago, oldest first."""
    limit = now - rules.EARLY * 2
    statement = (
        select(UsageRecord.id)
        .join(Booking, Booking.id == UsageRecord.booking_id, isouter=True)
        .where(UsageRecord.running_position_id.is_not(None))
        .where(
            or_(Booking.ends_at < limit, and_(Booking.id.is_(None), UsageRecord.started_at < now - rules.EARLY * 48))
        )
        .order_by(UsageRecord.id)
        .limit(most)
    )
    return list(session().scalars(statement))


def position_of(instrument_id: int, position_id: int) -> Position:
    """A position of that instrument. Raises :class:`NotFound`."""
    found = session().get(Position, position_id)
    if found is None or found.instrument_id != instrument_id:
        raise NotFound
    return found


def _with_facts(statement: Select[UsageRecord]) -> Select[UsageRecord]:
    return statement.options(
        joinedload(UsageRecord.instrument).joinedload(Instrument.organisation),
        joinedload(UsageRecord.booking),
        joinedload(UsageRecord.position),
        joinedload(UsageRecord.organisation),
        joinedload(UsageRecord.provider),
        joinedload(UsageRecord.person),
    )


def _seen_by(person: Actor) -> ColumnElement[bool]:
    if person.has(*WATCHERS):
        return true()
    mine = person.organisations()
    return or_(UsageRecord.organisation_id.in_(mine), UsageRecord.provider_id.in_(mine))
