"""Opening hours, closures, booking rules, and the one occupation table. Nobody else writes it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Id, Line, Model, Short
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules import ApprovalMode, QuotaOf, QuotaPer, WeekKind

__all__ = [
    "ApprovalMode",
    "BookingRules",
    "Calendar",
    "Closure",
    "Occupation",
    "OccupationKind",
    "OpeningHours",
    "Quota",
    "QuotaOf",
    "QuotaPer",
    "SpecialDay",
    "WeekKind",
]


class OccupationKind(StrEnum):
    BOOKING = "booking"
    ORDER = "order"
    TRAINING = "training"
    MAINTENANCE = "maintenance"
    HOLD = "hold"
    WALK_IN = "walk_in"


class Calendar(Model):
    """A position's calendar: its row is the lock, its revision counts the writes."""

    __tablename__ = "calendar"

    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True, autoincrement=False)
    revision: Mapped[int]


class Occupation(Model):
    """Time taken on a position, half-open; two never overlap (exclusion constraint on PostgreSQL, trigger on SQLite).

    Released time is deleted: what happened stays with the booking, usage or order it belonged to.
    """

    __tablename__ = "occupation"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="not_empty"),
        Index("ix_occupation_position_id_starts_at", "position_id", "starts_at"),
        Index("ix_occupation_reference", "reference"),
        Index("ix_occupation_expires_at", "expires_at"),
    )

    id: Mapped[Id]
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[OccupationKind]
    is_firm: Mapped[bool]
    """False while a request waits for approval: it occupies all the same."""
    reference: Mapped[Short]
    """``booking:12``, ``usage:7`` ..."""
    reason: Mapped[Line | None]
    expires_at: Mapped[datetime | None]

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class OpeningHours(Model):
    """Weekly hours of an instrument, dated: weekday 0 is Monday; local clock; ``closes`` 00:00 means midnight.

    Weeks of one shape: when it is open, when it is busiest, what is kept for outside customers; and the hours of single
    days. A row holds from ``valid_from`` on, up to and without ``valid_to``.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        UniqueConstraint("instrument_id", "kind", "valid_from", "weekday", "opens"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    kind: Mapped[WeekKind]
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SpecialDay(Model):
    """A single day with hours of its own, whatever the week and the working-day calendar say.

    Its hours are rows of ``opening_hours`` of kind ``special``; a day without any is closed.
    """

    __tablename__ = "special_day"
    __table_args__ = (UniqueConstraint("instrument_id", "on"),)

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    on: Mapped[date]
    note: Mapped[Line]
    """Why, as people see it."""


class Closure(Model):
    """A period in which an instrument is closed, with the reason people see."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="not_empty"),
        Index("ix_closure_instrument_id", "instrument_id", "starts_at"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[Line]


class BookingRules(Model):
    """How an instrument may be booked on days from ``valid_from`` on, up to and without ``valid_to``.

    Minutes throughout; ``longest_minutes`` also bounds every calendar scan.
    """

    __tablename__ = "booking_rules"
    __table_args__ = (
        UniqueConstraint("instrument_id", "valid_from"),
        CheckConstraint(
            "step_minutes > 0 AND shortest_minutes > 0 AND longest_minutes >= shortest_minutes", name="lengths"
        ),
        CheckConstraint("longest_minutes <= 43200", name="thirty_days_at_most"),
        CheckConstraint("before_minutes BETWEEN 0 AND 720 AND after_minutes BETWEEN 0 AND 720", name="buffers"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    step_minutes: Mapped[int]
    shortest_minutes: Mapped[int]
    longest_minutes: Mapped[int]
    lead_minutes: Mapped[int]
    horizon_days: Mapped[int]
    before_minutes: Mapped[int]
    """Warming up: taken before each booking, and not charged."""
    after_minutes: Mapped[int]
    """Cleaning up: taken after each booking."""
    peak_longest_minutes: Mapped[int]
    """So much of a booking may lie in peak hours; 0 is no limit."""
    release_hours: Mapped[int]
    """What is kept for outside customers is everybody's so many hours before it begins."""
    pending_hours: Mapped[int]
    """A request nobody answers expires after so many hours and frees its time."""
    remind_hours: Mapped[int]
    """Who decides is reminded of a request after so many hours; 0 is never."""
    escalate_hours: Mapped[int]
    """The managers are told of a request nobody answered after so many hours; 0 is never."""
    cancel_hours: Mapped[int]
    """Free cancellation until so many hours before the start."""
    approval: Mapped[ApprovalMode]
    needs_training: Mapped[bool]
    """Only people with a valid qualification (上机资格) book."""
    unattended: Mapped[bool]
    """Runs through nights: only start and end lie inside opening hours."""
    follows_workdays: Mapped[bool]
    """Closed on public holidays and open on make-up Saturdays like a Friday."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    def padded(self, period: Period) -> Period:
        """The time a booking of the period takes, buffers included."""
        before, after = timedelta(minutes=self.before_minutes), timedelta(minutes=self.after_minutes)
        return Period(period.starts_at - before, period.ends_at + after)


class Quota(Model):
    """How much of an instrument one person, or one organisation, may book in a day, week, month or year.

    No row, no quota. It counts bookings that begin on days from ``valid_from`` on, up to and without ``valid_to``.
    """

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("most_minutes > 0", name="something"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
        Index("ix_quota_instrument_id", "instrument_id", "valid_from"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    of: Mapped[QuotaOf]
    per: Mapped[QuotaPer]
    most_minutes: Mapped[int]
    only_peak: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
