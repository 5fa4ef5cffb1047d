"""Public notices (公示) of anything with a reference: frozen rows, checksum, working days, objections."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Document, Id, Line, Model, Prose, Short


class NoticeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class LineState(StrEnum):
    STANDING = "standing"
    FROZEN = "frozen"
    """An objection is open: this line alone stops."""
    STRUCK = "struck"
    """The objection was upheld."""


class Notice(Model):
    """A posted list. The clock runs from ``posted_on`` (recorded posting date) for ``working_days`` working days."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("reference"), Index("ix_notice_state_closes_on", "state", "closes_on"))

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    reference: Mapped[Short]
    title: Mapped[Line]
    body: Mapped[Prose]
    columns: Mapped[list[Any]] = mapped_column(Document)
    """Headings of the printed rows: ``[{"key", "label" (message id), "kind": "text" | "money"}]``."""
    state: Mapped[NoticeState]
    posted_on: Mapped[date]
    posted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[Line | None]
    """Where it was also posted (the government's site)."""
    working_days: Mapped[int]
    closes_on: Mapped[date]
    """Last day of the notice, inclusive."""
    checksum: Mapped[Short]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class NoticeLine(Model):
    """One frozen row; persons, phones and accounts are already masked in ``content``."""

    __tablename__ = "notice_line"
    __table_args__ = (UniqueConstraint("notice_id", "position"), UniqueConstraint("notice_id", "reference"))

    id: Mapped[Id]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    position: Mapped[int]
    reference: Mapped[Short]
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    state: Mapped[LineState]


class Objection(Model):
    """An objection (异议) to one line: named, reasoned, decided by the bureau; stops that line only."""

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_line_id", "line_id"),)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"))
    raised_by_name: Mapped[Short]
    contact: Mapped[Short]
    text: Mapped[Prose]
    raised_at: Mapped[datetime]
    upheld: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[Prose | None]

    line: Mapped[NoticeLine] = relationship(viewonly=True)
