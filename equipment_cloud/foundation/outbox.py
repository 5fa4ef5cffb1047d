"""Outbox: a message is a row of the transaction that caused it; a job sends it, so none is sent for an act undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Index, Table, insert
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Document, Id, Line, Model, Prose, Short, session


class Delivery(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Model):
    """A message id with its values for one person; ``messages`` decides language and channel when it is sent."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state_next_try_at", "state", "next_try_at"),)

    id: Mapped[Id]
    created_at: Mapped[datetime]
    person_id: Mapped[int]
    kind: Mapped[Short]
    message_id: Mapped[Prose]
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    link: Mapped[Line | None]
    state: Mapped[Delivery]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    error: Mapped[Line | None]
    address: Mapped[Line | None]
    """Mobile number or e-mail of somebody without an account; ``person_id`` is 0 then."""
    forgets: Mapped[Short | None]
    """Which of the values is blanked once the message left or was given up."""


def post(
    kind: str,
    to: Iterable[int],
    message_id: str,
    *,
    now: datetime,
    link: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Queue one message per person.

    ``kind`` is ``room.event``; ``message_id`` is marked with ``N_``; ``link`` is a local path.
    """
    rows = [
        {
            "created_at": now,
            "person_id": person_id,
            "kind": kind,
            "message_id": message_id,
            "values": dict(values or {}),
            "link": link,
            "state": Delivery.PENDING,
            "attempts": 0,
            "next_try_at": now,
            "error": None,
        }
        for person_id in sorted(set(to))
    ]
    if rows:
        session().execute(_MESSAGE, rows)


def post_to_address(
    kind: str, address: str, message_id: str, *, now: datetime, values: Mapping[str, Any], forgets: str | None = None
) -> None:
    """Queue a message to a mobile number or e-mail address of somebody who has no account.

    ``forgets`` names the value (a one-time address) that is blanked as soon as the message left or is given up.
    """
    row = {
        "created_at": now, "person_id": 0, "kind": kind, "message_id": message_id, "values": dict(values),
        "link": None, "state": Delivery.PENDING, "attempts": 0, "next_try_at": now, "error": None,
        "address": address, "forgets": forgets,
    }  # fmt: skip
    session().execute(_MESSAGE, row)


_MESSAGE = insert(cast("Table", OutboxMessage.__table__))
