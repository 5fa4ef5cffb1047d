"""The inbox (站内消息)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Document, Id, Line, Model, Prose, Short


class InboxMessage(Model):
    """One message of one person; worded in the reader's language when it is read."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        Index("ix_inbox_message_person_id", "person_id", "id"),
        Index("ix_inbox_message_person_id_read_at", "person_id", "read_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outbox_id: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Short]
    message_id: Mapped[Prose]
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    link: Mapped[Line | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
