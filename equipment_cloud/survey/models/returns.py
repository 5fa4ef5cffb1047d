"""What a unit answers: its instruments row by row, and what the bureau found wrong with them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.db import Document, Id, Line, Model, Prose, Short


class RowSource(StrEnum):
    """Where a row came from: the catalogue's record, the unit itself, the bureau's side for it, or a visit (走访)."""

    CATALOGUE = "catalogue"
    UNIT = "unit"
    BUREAU = "bureau"
    VISIT = "visit"


class ReturnRow(Model):
    """One instrument of a return, keyed by the unit's own number (所在单位仪器编号).

    ``values`` holds only what the return says otherwise than the record, as JSON; a new instrument has all of it there.
    """

    __tablename__ = "return_row"
    __table_args__ = (
        UniqueConstraint("unit_id", "unit_number"),
        CheckConstraint("(gone_reason IS NULL) OR (instrument_id IS NOT NULL)", name="only_known_ones_go"),
        Index("ix_return_row_instrument_id", "instrument_id"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("campaign_unit.id"))
    unit_number: Mapped[Line]
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instrument.id"))
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    is_touched: Mapped[bool]
    """Something in it is the return's own word."""
    gone_reason: Mapped[Line | None]
    source: Mapped[RowSource]
    entered_by: Mapped[int]
    entered_by_name: Mapped[Line]
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]
    confirmed_by_name: Mapped[Line | None]
    confirmed_at: Mapped[datetime | None]
    """When the firm stood by it; at once for what it wrote itself."""
    confirmed_note: Mapped[Line | None]
    """How a confirmation reached the bureau's side that wrote it down."""
    accepted_at: Mapped[datetime | None]
    accepted_values: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """The whole record as it was accepted: what the next campaign compares with."""
    visit_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    """The UUID the visitor's phone made: sent again, the same visit is the same row."""
    visited_at: Mapped[datetime | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    instrument: Mapped[Instrument | None] = relationship(viewonly=True)


class ReturnDefect(Model):
    """One thing to correct (退回问题): which row and field, why, and what to do. Shown to the unit when sent back."""

    __tablename__ = "return_defect"
    __table_args__ = (Index("ix_return_defect_unit_id", "unit_id", "round"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("campaign_unit.id"))
    round: Mapped[int]
    row_id: Mapped[int | None] = mapped_column(ForeignKey("return_row.id"))
    field: Mapped[Short | None]
    reason: Mapped[Prose]
    remedy: Mapped[Prose]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    row: Mapped[ReturnRow | None] = relationship(viewonly=True)
