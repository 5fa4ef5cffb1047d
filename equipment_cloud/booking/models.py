"""Bookings of machine time (预约机时)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.accounts.models import Person
from equipment_cloud.booking.rules import BookingState, BreachState, WaitState, reference_of
from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation.db import Document, Fen, Id, Line, Model, Prose, Short
from equipment_cloud.kernel.period import Period
from equipment_cloud.organisations.models import Organisation

__all__ = [
    "Booking",
    "BookingEvent",
    "BookingState",
    "Breach",
    "BreachPolicy",
    "BreachState",
    "Delegation",
    "WaitState",
    "WaitlistEntry",
]


class Booking(Model):
    """A booking: its time is held by the occupation with reference ``booking:<id>`` while it is alive."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="not_empty"),
        CheckConstraint("voucher_fen >= 0 AND voucher_fen <= price_fen", name="voucher_within_price"),
        Index("ix_booking_instrument_id", "instrument_id", "starts_at"),
        Index("ix_booking_organisation_id", "organisation_id", "id"),
        Index("ix_booking_provider_id_state", "provider_id", "state", "id"),
        Index("ix_booking_state_expires_at", "state", "expires_at"),
        Index("ix_booking_state_asked_at", "state", "asked_at"),
        Index("ix_booking_state_ends_at", "state", "ends_at"),
    )

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    uid: Mapped[Short] = mapped_column(unique=True)
    """Stable identifier of the calendar event (RFC 5545 UID)."""
    sequence: Mapped[int]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Differs from ``person_id`` when booked on behalf."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    purpose: Mapped[Short]
    note: Mapped[Prose | None]
    state: Mapped[BookingState]
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("voucher.id"))
    price_plan_id: Mapped[int | None] = mapped_column(ForeignKey("price_plan.id"))
    price_fen: Mapped[Fen]
    voucher_fen: Mapped[Fen]
    estimate: Mapped[dict[str, Any]] = mapped_column(Document)
    """The estimate as it was shown at commitment (lines, voucher calculation, settlement model)."""
    asked_at: Mapped[datetime]
    """When its present time was asked for: lead time and the queue's age count from here."""
    waived: Mapped[list[str]] = mapped_column(Document)
    """Codes of the rules the provider's staff let pass; the reason stands in the history and in the audit trail."""
    expires_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Prose | None]
    created_at: Mapped[datetime]
    revision: Mapped[int]

    instrument: Mapped[Instrument] = relationship(viewonly=True)
    position: Mapped[Position] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)

    @property
    def reference(self) -> str:
        """How other rooms name it."""
        return reference_of(self.id)

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class WaitlistEntry(Model):
    """Somebody waits for a time that is taken (候补). ``live_key`` is unique while they wait; a held time is an
    occupation with reference ``waitlist:<id>``.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="not_empty"),
        Index("ix_waitlist_entry_state_starts_at", "state", "starts_at"),
        Index("ix_waitlist_entry_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    purpose: Mapped[Short]
    state: Mapped[WaitState]
    live_key: Mapped[Line | None] = mapped_column(unique=True)
    offered_until: Mapped[datetime | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    created_at: Mapped[datetime]

    instrument: Mapped[Instrument] = relationship(viewonly=True)

    @property
    def reference(self) -> str:
        """How the calendar names the time held."""
        return f"waitlist:{self.id}"

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class BreachPolicy(Model):
    """What a provider counts against people who do not come (信用分), from a day on. No row: nothing is counted.

    Both zero points and a zero limit are allowed: points nobody is refused for, or none for one kind.
    """

    __tablename__ = "breach_policy"
    __table_args__ = (
        UniqueConstraint("provider_id", "valid_from"),
        CheckConstraint("late_points >= 0 AND no_show_points >= 0 AND limit_points >= 0", name="points"),
        CheckConstraint("last_days > 0", name="some_days"),
    )

    id: Mapped[Id]
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    late_points: Mapped[int]
    no_show_points: Mapped[int]
    last_days: Mapped[int]
    """Points are forgotten after so many days."""
    limit_points: Mapped[int]
    """With so many points nobody books by themselves; 0 is no limit."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Breach(Model):
    """A late cancellation or a no-show that counts (违约记录): one a booking, whose own state stays."""

    __tablename__ = "breach"
    __table_args__ = (
        Index("ix_breach_person_id", "person_id", "provider_id", "ends_at"),
        Index("ix_breach_provider_id", "provider_id", "state", "id"),
    )

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[BookingState]
    points: Mapped[int]
    at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[BreachState]
    appeal: Mapped[Prose | None]
    appealed_at: Mapped[datetime | None]
    decision: Mapped[Prose | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    booking: Mapped[Booking] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)


class Delegation(Model):
    """Somebody answers requests in the place of one of the provider's staff, from a day to a day (both included)."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="dates"),
        CheckConstraint("from_person_id <> to_person_id", name="two_people"),
        Index("ix_delegation_to_person_id", "to_person_id", "last_on"),
        Index("ix_delegation_provider_id", "provider_id", "last_on"),
    )

    id: Mapped[Id]
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[Line | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    giver: Mapped[Person] = relationship(foreign_keys=[from_person_id], viewonly=True)
    taker: Mapped[Person] = relationship(foreign_keys=[to_person_id], viewonly=True)


class BookingEvent(Model):
    """What happened to a booking, in order."""

    __tablename__ = "booking_event"
    __table_args__ = (Index("ix_booking_event_booking_id", "booking_id", "id"),)

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    at: Mapped[datetime]
    person_id: Mapped[int]
    person_name: Mapped[Short]
    act: Mapped[Short]
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
