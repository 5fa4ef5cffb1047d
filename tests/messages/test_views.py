"""Reading one's messages."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import outbox
from equipment_cloud.kernel.errors import Words
from equipment_cloud.messages import jobs, queries
from equipment_cloud.messages.models import InboxMessage
from tests.conftest import NOW, Client
from tests.factories.accounts import person


def deliver(session: Session, to: Person, times: int = 1, link: str | None = "/account") -> list[InboxMessage]:
    for number in range(times):
        values = {"organisation": f"示例单位{number}", "role": {"words": "Accountant"}}
        outbox.post("organisations.role", [to.id], "%(organisation)s gave you the role %(role)s.", now=NOW, link=link,
                    values=values)  # fmt: skip
    session.commit()
    jobs.send_outbox(date(2026, 11, 23), NOW)
    rows = session.scalars(select(InboxMessage).where(InboxMessage.person_id == to.id).order_by(InboxMessage.id))
    return list(rows)


@pytest.fixture
def who(session: Session) -> Person:
    return person(session)


def test_an_empty_inbox_says_what_comes_here(client: Client, who: Person) -> None:
    page = client.sign_in(who).get("/inbox").get_data(as_text=True)
    assert "empty-state" in page


def test_a_message_is_worded_when_it_is_read(client: Client, session: Session, who: Person) -> None:
    deliver(session, who)
    client.sign_in(who)
    assert "示例单位0授予您“会计”角色" in client.get("/inbox").get_data(as_text=True)
    assert "示例单位0 gave you the role Accountant." in client.get("/inbox?lang=en").get_data(as_text=True)
    assert isinstance(Words("x"), str)


def test_opening_marks_read_and_leads_on(client: Client, session: Session, who: Person) -> None:
    [message] = deliver(session, who)
    answer = client.sign_in(who).post(f"/inbox/{message.id}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert queries.unread_count(who.id) == 0


def test_a_link_never_leads_away(client: Client, session: Session, who: Person) -> None:
    [message] = deliver(session, who, link="//evil.example/")
    assert client.sign_in(who).post(f"/inbox/{message.id}/open").headers["Location"] == "/inbox"
    answer = client.post(f"/inbox/{message.id}/read", data={"next": "https://evil.example"})
    assert answer.headers["Location"] == "/inbox"


def test_unread_messages_can_be_shown_alone_and_all_marked(client: Client, session: Session, who: Person) -> None:
    first, *_rest = deliver(session, who, times=3)
    client.sign_in(who)
    client.post(f"/inbox/{first.id}/read")
    page = client.get("/inbox?show=unread").get_data(as_text=True)
    assert "示例单位0" not in page
    assert "示例单位2" in page
    client.post("/inbox/read-all")
    assert queries.unread_count(who.id) == 0


def test_nobody_reads_anothers_messages(client: Client, session: Session, who: Person) -> None:
    [message] = deliver(session, who)
    client.sign_in(person(session))
    for deed in ("open", "read"):
        assert client.post(f"/inbox/{message.id}/{deed}").status_code == 404
    assert "示例单位0" not in client.get("/inbox").get_data(as_text=True)
    client.post("/inbox/read-all")
    assert queries.unread_count(who.id) == 1


def test_the_inbox_has_pages(client: Client, session: Session, who: Person, statements: list[str]) -> None:
    deliver(session, who, times=25)
    client.sign_in(who)
    statements.clear()
    assert client.get("/inbox").get_data(as_text=True).count('class="message ') == 20
    assert len(statements) <= 12
    assert client.get("/inbox?page=2").get_data(as_text=True).count('class="message ') == 5
    assert client.get("/inbox?page=0").status_code == 422


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_no_such_message_is_404(client: Client, who: Person, number: str) -> None:
    assert client.sign_in(who).post(f"/inbox/{number}/open").status_code == 404
