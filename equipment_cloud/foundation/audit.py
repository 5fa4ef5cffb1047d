"""The append-only audit trail (审计留痕): written in the transaction of the act, sealed into a hash chain by a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, Select, String, Table, insert, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import Document, Id, Line, Model, Short, session


class AuditBlock(Model):
    """A sealed run of notes: ``hash`` covers the previous block's hash and every note in it."""

    __tablename__ = "audit_block"

    id: Mapped[Id]
    first_note_id: Mapped[int]
    last_note_id: Mapped[int]
    notes: Mapped[int]
    previous_hash: Mapped[Short]
    hash: Mapped[Short] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime]


class AuditNote(Model):
    """One act: who, what, on which record (``booking:12``), with what particulars. Never changed."""

    __tablename__ = "audit_note"
    __table_args__ = (
        Index("ix_audit_note_reference", "reference", "id"),
        Index("ix_audit_note_person_id", "person_id", "id"),
        Index("ix_audit_note_action", "action", "id"),
        Index("ix_audit_note_block_id", "block_id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    person_id: Mapped[int]
    person_name: Mapped[Line]
    action: Mapped[Short]
    reference: Mapped[Short]
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    block_id: Mapped[int | None] = mapped_column(ForeignKey("audit_block.id"))


def note(action: str, reference: str, *, by: Actor, now: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Append a note to the transaction at hand. ``action`` is ``room.verb``, ``detail`` JSON without secrets."""
    values = {"at": now, "person_id": by.id, "person_name": by.name, "action": action, "reference": reference}
    session().execute(_NOTE, values | {"detail": dict(detail or {})})


def note_each(
    action: str, references: Select[str], *, by: Actor, now: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Append one note for each reference the select gives, in one statement: a set-based act leaves set-based notes."""
    found = references.subquery()
    columns = AuditNote.__table__.c
    fixed = (
        literal(now, columns.at.type), literal(by.id), literal(by.name), literal(action),
        literal(dict(detail or {}), columns.detail.type),
    )  # fmt: skip
    session().execute(
        insert(AuditNote).from_select(
            ["at", "person_id", "person_name", "action", "detail", "reference"], select(*fixed, found.c[0])
        )
    )


_NOTE = insert(cast("Table", AuditNote.__table__)).inline()
"""Built once: every act leaves a note, and none asks for its id."""
