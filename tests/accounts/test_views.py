"""Signing in and out, and one's own account, through the pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation.access import Actor
from tests.conftest import NOW, Client
from tests.factories import organisations
from tests.factories.accounts import PASSWORD, person


@dataclass
class Postbox:
    """Stands in for the short message gateway: the one thing outside of the process."""

    is_external: bool = False
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, address: str, subject: str, text: str) -> None:
        self.sent.append((address, text))


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    box = Postbox()
    app.extensions["channel_sms"] = app.extensions["channel_mail"] = box
    yield box
    del app.extensions["channel_sms"], app.extensions["channel_mail"]


def sign_in(client: Client, name: str, password: str, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"name": name, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", "")


@pytest.fixture
def who(session: Session) -> Person:
    return person(session, "王小明", password=PASSWORD, mobile="13800001111")


def test_the_right_password_opens_the_account_page(client: Client, who: Person) -> None:
    assert client.get("/account").status_code == 303
    assert sign_in(client, "13800001111", PASSWORD) == (303, "/")
    page = client.get("/account").get_data(as_text=True)
    assert "王小明" in page
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/bookings?page=2", "/bookings?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tevil", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(client: Client, who: Person, wanted: str, reached: str) -> None:
    assert sign_in(client, "13800001111", PASSWORD, next=wanted) == (303, reached)


def test_a_protected_page_is_reached_after_signing_in(client: Client, who: Person) -> None:
    asked = client.get("/account/tokens?page=1").headers["Location"]
    assert asked.startswith("/sign-in?next=")
    form = client.get(asked).get_data(as_text=True)
    assert 'value="/account/tokens?page=1"' in form


def test_wrong_unknown_locked_and_closed_are_answered_in_the_same_words(
    client: Client, session: Session, who: Person
) -> None:
    closed = person(session, password=PASSWORD)
    service.disable(closed.id, by=Actor(who.id, who.name), now=NOW)

    def words(name: str, password: str) -> str:
        answer = client.post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 422
        return re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.get_data(as_text=True))

    wrong = words("13800001111", "wrong")
    assert words("13899990000", "wrong") == wrong
    assert words(str(closed.email), PASSWORD) == wrong
    for _ in range(4):
        assert words("13800001111", "wrong") == wrong
    assert words("13800001111", PASSWORD) == wrong


def test_an_unknown_name_takes_about_as_long_as_a_known_one(client: Client, session: Session) -> None:
    names = [str(person(session, password=PASSWORD).email) for _ in range(4)]
    client.post("/sign-in", data={"name": "warm@up.example", "password": "wrong"})

    def seconds(name: str) -> float:
        started = time.perf_counter()
        client.post("/sign-in", data={"name": name, "password": "wrong"})
        return time.perf_counter() - started

    known = min(seconds(name) for name in names)
    unknown = min(seconds(f"nobody{number}@people.example") for number in range(4))
    assert 0.3 < unknown / known < 3


@pytest.mark.parametrize("name", ["", "\0", "9" * 40, "余姚", "<script>", "x" * 100_000])
def test_odd_names_are_refused_clearly(client: Client, name: str) -> None:
    assert client.post("/sign-in", data={"name": name, "password": "x"}).status_code == 422
    assert client.post("/sign-in/code", data={"name": name}).status_code in (303, 422)
    assert client.post("/sign-in/code/enter", data={"name": name, "code": "\0"}).status_code == 422


def test_a_code_is_sent_and_opens_the_account(client: Client, postbox: Postbox, who: Person) -> None:
    asked = client.post("/sign-in/code", data={"name": "138 0000 1111", "next": "/inbox"})
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in/code/enter?next=/inbox")
    [(address, text)] = postbox.sent
    assert address == "13800001111"
    code = re.findall(r"\d{6}", text)[0]
    page = client.get("/sign-in/code/enter?next=/inbox").get_data(as_text=True)
    assert "138 0000 1111" in page
    entered = client.post("/sign-in/code/enter", data={"name": "13800001111", "code": code, "next": "/inbox"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/inbox")


def test_asking_a_code_for_nobody_looks_the_same(client: Client, postbox: Postbox, who: Person) -> None:
    known = client.post("/sign-in/code", data={"name": "13800001111"})
    unknown = client.post("/sign-in/code", data={"name": "13800002222"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(postbox.sent) == 1


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(app: Flask, client: Client, who: Person) -> None:
    other = app.test_client()
    sign_in(client, "13800001111", PASSWORD)
    sign_in(other, "13800001111", PASSWORD)
    fresh = {"password": "three-other-words", "again": "three-other-words"}
    assert client.post("/account/password", data={"current": "wrong", **fresh}).status_code == 422
    assert client.post("/account/password", data={"current": PASSWORD, **fresh, "again": "x"}).status_code == 422
    assert client.post("/account/password", data={"current": PASSWORD, **fresh}).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_changing_the_address_one_signs_in_with_needs_the_password(
    client: Client, session: Session, who: Person
) -> None:
    sign_in(client, "13800001111", PASSWORD)
    form = {"person_name": "王小明", "email": who.email, "mobile": "13800003333", "locale": "en"}
    assert client.post("/account", data=form).status_code == 422
    assert client.post("/account", data={**form, "current": PASSWORD}).status_code == 303
    session.refresh(who)
    assert (who.mobile, who.locale) == ("13800003333", "en")


def test_a_token_is_shown_once_and_can_be_revoked(client: Client, session: Session, who: Person) -> None:
    client.sign_in(who)
    page = client.post("/account/tokens", data={"name": "导入程序", "days": "30", "scopes": ["read"]})
    text = re.findall(r"ec_[\w-]+", page.get_data(as_text=True))[0]
    assert service.bearer(text, now=NOW) == (who.id, frozenset({"read"}))
    again = client.get("/account/tokens").get_data(as_text=True)
    assert "导入程序" in again
    assert text not in again
    revoke = re.findall(r"/account/tokens/\d+/revoke", again)[0]
    stranger = person(session)
    client.sign_in(stranger)
    assert client.post(revoke).status_code == 404
    client.sign_in(who)
    assert client.post(revoke).status_code == 303
    assert service.bearer(text, now=NOW) is None


@pytest.mark.parametrize("days", ["0", "366", "-1", "x", "9" * 40, ""])
def test_a_token_holds_from_one_day_to_a_year(client: Client, who: Person, days: str) -> None:
    client.sign_in(who)
    assert client.post("/account/tokens", data={"name": "程序", "days": days}).status_code == 422


def test_only_the_administrator_sees_and_closes_accounts(client: Client, session: Session, who: Person) -> None:
    admin = organisations.member(session, organisations.bureau(session), "admin")
    client.sign_in(who)
    assert client.get("/people").status_code == 403
    assert client.post(f"/people/{admin.id}/disable").status_code == 403
    client.sign_in(admin)
    page = client.get("/people?q=王小明").get_data(as_text=True)
    assert "王小明" in page
    assert "138****1111" in page
    assert "13800001111" not in page
    assert client.post(f"/people/{admin.id}/disable").status_code == 403
    assert client.post(f"/people/{who.id}/disable").status_code == 303
    client.sign_in(who)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", "\0", "x" * 5000])
def test_the_search_for_people_takes_any_text(client: Client, session: Session, query: str) -> None:
    client.sign_in(organisations.member(session, organisations.bureau(session), "admin"))
    assert client.get("/people", query_string={"q": query}).status_code == 200


def test_sign_in_pages_speak_both_languages(client: Client) -> None:
    for path in ("/sign-in", "/sign-in/code", "/sign-in/code/enter"):
        assert "Sign in" in client.get(f"{path}?lang=en").get_data(as_text=True)
        assert "登录" in client.get(path).get_data(as_text=True)
