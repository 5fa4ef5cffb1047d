"""Usage (使用记录): what really happened at the instrument."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.accounts.models import Person
from equipment_cloud.booking.models import Booking
from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation.db import Document, Fen, Id, Model, Prose, Short
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.usage.rules import Grade, UsageState

__all__ = ["Grade", "UsageCorrection", "UsageRecord", "UsageState"]


class UsageRecord(Model):
    """A session on one position. ``running_position_id`` is unique and set only while it runs."""

    __tablename__ = "usage_record"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at > started_at", name="not_empty"),
        CheckConstraint("(state = 'running') = (running_position_id IS NOT NULL)", name="running_key"),
        UniqueConstraint("running_position_id"),
        UniqueConstraint("booking_id"),
        UniqueConstraint("instrument_id", "external_id"),
        Index("ix_usage_record_instrument_id", "instrument_id", "started_at"),
        Index("ix_usage_record_organisation_id", "organisation_id", "id"),
        Index("ix_usage_record_provider_id_state", "provider_id", "state", "id"),
    )

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    running_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    external_id: Mapped[Short | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    samples: Mapped[int | None]
    note: Mapped[Prose | None]
    source: Mapped[Short]
    """How the hours came: ``scan``, ``page``, ``import``, ``sensor``, ``auto_end``."""
    grade: Mapped[Grade]
    state: Mapped[UsageState]
    user_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    user_confirmed_at: Mapped[datetime | None]
    provider_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    provider_confirmed_at: Mapped[datetime | None]
    price_fen: Mapped[Fen | None]
    voucher_fen: Mapped[Fen | None]
    price_lines: Mapped[list[Any]] = mapped_column(Document)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int]

    booking: Mapped[Booking | None] = relationship(viewonly=True)
    instrument: Mapped[Instrument] = relationship(viewonly=True)
    position: Mapped[Position] = relationship(foreign_keys=[position_id], viewonly=True)
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)


class UsageCorrection(Model):
    """A correction (更正): the values before and after, why, by whom. The old values are never lost."""

    __tablename__ = "usage_correction"
    __table_args__ = (Index("ix_usage_correction_usage_id", "usage_id", "id"),)

    id: Mapped[Id]
    usage_id: Mapped[int] = mapped_column(ForeignKey("usage_record.id"))
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Prose]
    before: Mapped[dict[str, Any]] = mapped_column(Document)
    after: Mapped[dict[str, Any]] = mapped_column(Document)
