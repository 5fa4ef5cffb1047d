"""What half a year of messages left in the inboxes: all delivered, the old ones read."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, insert, literal, select, update

from equipment_cloud.demo.story import Story
from equipment_cloud.foundation.db import UtcDateTime, session
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.messages.models import InboxMessage

FRESH = timedelta(days=7)


def write_inboxes(story: Story) -> None:
    """Deliver everything in the platform alone, so that the clock does not send half a year of texts at its start."""
    read_at = case(
        (OutboxMessage.created_at < story.now - FRESH, OutboxMessage.created_at), else_=literal(None, UtcDateTime())
    )
    columns = ["person_id", "outbox_id", "kind", "message_id", "values", "link", "created_at", "read_at"]
    delivered = select(
        OutboxMessage.person_id, OutboxMessage.id, OutboxMessage.kind, OutboxMessage.message_id, OutboxMessage.values,
        OutboxMessage.link, OutboxMessage.created_at, read_at,
    ).where(OutboxMessage.address.is_(None)).order_by(OutboxMessage.id)  # fmt: skip
    session().flush()
    session().execute(insert(InboxMessage).from_select(columns, delivered))
    session().execute(
        update(OutboxMessage).values(state=Delivery.SENT), execution_options={"synchronize_session": False}
    )
