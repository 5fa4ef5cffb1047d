"""Qualifications, requests for training, and the sessions at which people are trained."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.db import Id, Line, Model, Prose, Short
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.training.rules import RequestState, SessionState


class Qualification(Model):
    """A person may operate an instrument (上机资格). ``live_key`` is unique while it is the one that counts."""

    __tablename__ = "qualification"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
        Index("ix_qualification_instrument_id", "instrument_id", "person_id"),
        Index("ix_qualification_person_id", "person_id"),
        Index("ix_qualification_valid_until", "valid_until"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The last day on which it holds; none: for good."""
    note: Mapped[Line | None]
    granted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[Prose | None]
    reminded_at: Mapped[datetime | None]
    live_key: Mapped[Short | None] = mapped_column(unique=True)

    instrument: Mapped[Instrument] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)


class TrainingSession(Model):
    """A session takes the instrument's time: an occupation with reference ``training:<id>``."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="not_empty"),
        CheckConstraint("places > 0", name="places"),
        Index("ix_training_session_instrument_id", "instrument_id", "starts_at"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int]
    note: Mapped[Line | None]
    state: Mapped[SessionState]
    trainer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    instrument: Mapped[Instrument] = relationship(viewonly=True)

    @property
    def reference(self) -> str:
        """How the calendar names the time taken."""
        return f"training:{self.id}"


class TrainingRequest(Model):
    """Somebody wants to learn an instrument. ``live_key`` is unique while the request is open."""

    __tablename__ = "training_request"
    __table_args__ = (
        Index("ix_training_request_instrument_id", "instrument_id", "state", "id"),
        Index("ix_training_request_person_id", "person_id", "id"),
        Index("ix_training_request_session_id", "session_id"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[Prose | None]
    state: Mapped[RequestState]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Prose | None]
    created_at: Mapped[datetime]
    live_key: Mapped[Short | None] = mapped_column(unique=True)

    instrument: Mapped[Instrument] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)
    session: Mapped[TrainingSession | None] = relationship(viewonly=True)
