"""From outbox to inbox and telephone: once each, and one bad row holds back no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation import channels, outbox
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.messages import jobs, queries, rules
from equipment_cloud.messages.models import InboxMessage
from tests.factories.accounts import person

TODAY = date(2026, 11, 23)


@dataclass
class Telephone:
    """Stands in for the short message gateway; fails for the numbers told."""

    is_external: bool = True
    sent: list[tuple[str, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def send(self, address: str, subject: str, text: str) -> None:
        if address in self.broken:
            raise channels.Undeliverable("line is busy")
        self.sent.append((address, text))


@pytest.fixture
def telephone(app: Flask) -> Iterator[Telephone]:
    gateway = Telephone()
    app.extensions["channel_sms"] = gateway
    yield gateway
    del app.extensions["channel_sms"]


def post(to: list[int], now: datetime, kind: str = "usage.note", **values: str) -> None:
    outbox.post(kind, to, "Hello %(name)s", now=now, link="/inbox", values={"name": "王", **values})


def states(session: Session) -> list[tuple[Delivery, int]]:
    session.expire_all()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.state, row.attempts) for row in rows]


def test_a_message_reaches_each_inbox_once(session: Session, now: datetime) -> None:
    people = [person(session).id for _ in range(3)]
    post(people, now)
    session.commit()
    assert jobs.send_outbox(TODAY, now).done == 3
    assert jobs.send_outbox(TODAY, now).done == 0
    assert [queries.unread_count(person_id) for person_id in people] == [1, 1, 1]
    assert states(session) == [(Delivery.SENT, 1)] * 3


def test_a_message_of_an_act_undone_is_never_sent(session: Session, now: datetime) -> None:
    who = person(session)
    session.commit()
    post([who.id], now)
    session.rollback()
    assert jobs.send_outbox(TODAY, now).done == 0


def test_urgent_news_goes_to_the_telephone_in_the_persons_language(
    session: Session, now: datetime, telephone: Telephone
) -> None:
    chinese = person(session, mobile="13800000001")
    english = person(session, mobile="13800000002", locale="en")
    words = "You are signed out."
    for who in (chinese, english):
        outbox.post("booking.approved", [who.id], words, now=now)
    session.commit()
    assert jobs.send_outbox(TODAY, now).done == 2
    assert telephone.sent == [("13800000001", "您已退出登录。"), ("13800000002", words)]


def test_quiet_news_and_old_news_stay_in_the_inbox(session: Session, now: datetime, telephone: Telephone) -> None:
    who = person(session, mobile="13800000001")
    post([who.id], now)
    post([who.id], now - timedelta(days=1), kind="booking.approved")
    session.commit()
    assert jobs.send_outbox(TODAY, now).done == 2
    assert telephone.sent == []
    assert queries.unread_count(who.id) == 2


def test_a_busy_line_is_tried_again_with_growing_pauses_and_holds_back_nobody(
    session: Session, now: datetime, telephone: Telephone
) -> None:
    first, second = person(session, mobile="13800000001"), person(session, mobile="13800000002")
    telephone.broken.add("13800000001")
    post([first.id, second.id], now, kind="booking.approved")
    session.commit()
    outcome = jobs.send_outbox(TODAY, now)
    assert (outcome.done, len(outcome.failures)) == (1, 1)
    assert states(session) == [(Delivery.PENDING, 1), (Delivery.SENT, 1)]
    assert jobs.send_outbox(TODAY, now).failures == []
    moment = now
    for attempt in range(2, rules.MOST_ATTEMPTS + 1):
        moment += rules.pause_after(attempt - 1)
        assert len(jobs.send_outbox(TODAY, moment).failures) == 1
    assert states(session)[0] == (Delivery.FAILED, rules.MOST_ATTEMPTS)
    assert queries.unread_count(first.id) == 1
    assert len(session.scalars(select(InboxMessage).where(InboxMessage.person_id == first.id)).all()) == 1


def test_a_line_that_works_again_delivers(session: Session, now: datetime, telephone: Telephone) -> None:
    who = person(session, mobile="13800000001")
    telephone.broken.add("13800000001")
    post([who.id], now, kind="booking.approved")
    session.commit()
    jobs.send_outbox(TODAY, now)
    telephone.broken.clear()
    assert jobs.send_outbox(TODAY, now + timedelta(minutes=1)).done == 1
    assert len(telephone.sent) == 1
    assert states(session) == [(Delivery.SENT, 2)]


def test_a_row_for_nobody_fails_and_the_others_arrive(session: Session, now: datetime) -> None:
    who = person(session)
    post([999_999], now)
    post([who.id], now)
    session.commit()
    jobs.send_outbox(TODAY, now)
    assert [state for state, _attempts in states(session)] == [Delivery.FAILED, Delivery.SENT]
    assert queries.unread_count(who.id) == 1


def test_many_messages_are_moved_in_few_statements(session: Session, now: datetime, statements: list[str]) -> None:
    people = [person(session).id for _ in range(5)]
    for _ in range(30):
        post(people, now)
    session.commit()
    statements.clear()
    assert jobs.send_outbox(TODAY, now).done == 150
    assert len([text for text in statements if not text.startswith("INSERT")]) < 20


def test_pauses_grow_from_one_minute() -> None:
    assert [rules.pause_after(attempts).seconds // 60 for attempts in range(1, 6)] == [1, 2, 4, 8, 16]
