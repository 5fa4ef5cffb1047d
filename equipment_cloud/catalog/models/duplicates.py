"""Two records that may be one machine, and what was decided about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.catalog.models.records import Instrument
from equipment_cloud.catalog.rules import Likeness
from equipment_cloud.foundation.db import Id, Line, Model


class PairState(StrEnum):
    """Open; both are kept as two machines; one was merged into the other."""

    OPEN = "open"
    KEPT = "kept"
    MERGED = "merged"


class DuplicatePair(Model):
    """Two records that look like one machine. A pair is found once; what was decided is not asked again."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        Index("ix_duplicate_pair_state", "state", "score"),
        Index("ix_duplicate_pair_second_id", "second_id"),
    )

    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    likeness: Mapped[Likeness]
    score: Mapped[int]
    """How alike they are, from 0 to 100; the list shows the surest first."""
    state: Mapped[PairState]
    found_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[Line | None]

    first: Mapped[Instrument] = relationship(foreign_keys=[first_id], viewonly=True)
    second: Mapped[Instrument] = relationship(foreign_keys=[second_id], viewonly=True)
