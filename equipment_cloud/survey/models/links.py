"""Personal links by which a unit answers without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Id, Line, Model, Short


class AnswerLink(Model):
    """A link (填报链接) for one person of one unit: only the hash of its secret is kept, so it is shown once."""

    __tablename__ = "answer_link"
    __table_args__ = (Index("ix_answer_link_unit_id", "unit_id", "id"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("campaign_unit.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    addressee: Mapped[Short]
    sent_to: Mapped[Line | None]
    """Where it was sent, masked; none when it was handed over."""
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int]
    opened_at: Mapped[datetime | None]
