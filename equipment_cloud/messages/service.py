"""Writes: delivery from outbox to inbox, and reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.messages import queries, rules
from equipment_cloud.messages.models import InboxMessage


@dataclass(frozen=True, slots=True)
class Call:
    """A short message or e-mail still to be sent for a delivered row."""

    outbox_id: int
    mobile: str | None
    email: str | None
    locale: str
    message_id: str
    values: dict[str, object]
    has_inbox: bool = True
    """False for somebody without an account: if this does not leave, nothing reaches them."""


def deliver(outbox_ids: Collection[int], *, now: datetime) -> list[Call]:
    """Put the rows into their people's inboxes; give back the calls they still need.

    A row is claimed by a conditional update, so that of two senders one delivers it. A row that needs no call is done
    with this; one that does is tried again later unless :func:`settle` says it left. Rows of unknown people fail.
    """
    claimed = _claim(outbox_ids, now=now)
    people = accounts.people([row.person_id for row in claimed])
    known = set(session().scalars(select(InboxMessage.outbox_id).where(InboxMessage.outbox_id.in_(outbox_ids))))
    calls: list[Call] = []
    for row in claimed:
        if row.address is not None:
            calls.append(_call_to_address(row, row.address))
            continue
        person = people.get(row.person_id)
        if person is None:
            row.state, row.error = Delivery.FAILED, "no such person"
            continue
        if row.id not in known:
            session().add(_inbox_row(row))
        if rules.is_worth_a_call(row.kind, age=now - row.created_at):
            calls.append(Call(row.id, person.mobile, person.email, person.locale, row.message_id, dict(row.values)))
        else:
            row.state, row.error = Delivery.SENT, None
    session().flush()
    return calls


def settle(outbox_id: int, error: str | None, *, now: datetime) -> None:
    """What became of a short message: sent, or to be tried again with growing pauses until it is given up."""
    row = session().get(OutboxMessage, outbox_id, with_for_update=True)
    if row is None or row.state != Delivery.PENDING:
        return
    if error is None:
        row.state, row.error = Delivery.SENT, None
        _forget(row)
    else:
        row.error = error[:255]
        row.state = Delivery.FAILED if row.attempts >= rules.MOST_ATTEMPTS else Delivery.PENDING
        row.next_try_at = now + rules.pause_after(row.attempts)
        if row.state is Delivery.FAILED:
            _forget(row)


def mark_read(message_id: int, *, by: Actor, now: datetime) -> InboxMessage:
    """One message is read."""
    message = queries.message_of(by.id, message_id)
    message.read_at = message.read_at or now
    return message


def mark_all_read(*, by: Actor, now: datetime) -> None:
    """All of one's messages are read."""
    session().execute(
        update(InboxMessage)
        .where(InboxMessage.person_id == by.id, InboxMessage.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def _claim(outbox_ids: Collection[int], *, now: datetime) -> list[OutboxMessage]:
    """The rows that are still this sender's to deliver, each attempt counted; a rival leaves them alone for a while."""
    found = session().scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_(outbox_ids),
            OutboxMessage.state == Delivery.PENDING,
            OutboxMessage.next_try_at <= now,
        )
        .values(attempts=OutboxMessage.attempts + 1, next_try_at=now + rules.LEASE)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    rows = select(OutboxMessage).where(OutboxMessage.id.in_(list(found))).order_by(OutboxMessage.id)
    return list(session().scalars(rows.execution_options(populate_existing=True)))


def _call_to_address(row: OutboxMessage, address: str) -> Call:
    """Somebody without an account: a short message or an e-mail, in the language of the place."""
    mobile, email = (None, address) if "@" in address else (address, None)
    return Call(row.id, mobile, email, "zh_CN", row.message_id, dict(row.values), has_inbox=False)


def _forget(row: OutboxMessage) -> None:
    if row.forgets:
        row.values = {**row.values, row.forgets: "***"}


def _inbox_row(row: OutboxMessage) -> InboxMessage:
    return InboxMessage(
        person_id=row.person_id, outbox_id=row.id, kind=row.kind, message_id=row.message_id, values=row.values,
        link=row.link, created_at=row.created_at, read_at=None,
    )  # fmt: skip
