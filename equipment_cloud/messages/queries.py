"""Reads of inbox and outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.messages.models import InboxMessage


def unread_count(person_id: int) -> int:
    """How many messages of a person wait to be read."""
    statement = select(func.count()).where(InboxMessage.person_id == person_id, InboxMessage.read_at.is_(None))
    return session().scalar(statement) or 0


def inbox(person_id: int, *, unread_only: bool = False, number: int, size: int) -> Page[InboxMessage]:
    """A person's messages, newest first."""
    statement = select(InboxMessage).where(InboxMessage.person_id == person_id)
    if unread_only:
        statement = statement.where(InboxMessage.read_at.is_(None))
    return scalars_page(statement.order_by(InboxMessage.id.desc()), number=number, size=size)


def message_of(person_id: int, message_id: int) -> InboxMessage:
    """One's own message. Raises :class:`NotFound` for another person's."""
    found = session().get(InboxMessage, message_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def due(now: datetime, *, after_id: int, most: int) -> list[int]:
    """Ids of the next outbox rows to send, in order, beginning after one."""
    statement = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state == Delivery.PENDING,
            OutboxMessage.next_try_at <= now,
            OutboxMessage.id > after_id,
        )
        .order_by(OutboxMessage.id)
        .limit(most)
    )
    return list(session().scalars(statement))
