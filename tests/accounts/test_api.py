"""Tokens over JSON."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service
from equipment_cloud.accounts.models import Person
from tests.conftest import NOW, Client
from tests.factories.accounts import PASSWORD, person


@pytest.fixture
def who(session: Session) -> Person:
    return person(session, password=PASSWORD, mobile="13800001111")


def ask(client: Client, **body: Any) -> Any:
    return client.post("/api/v1/tokens", json={"mobile": "13800001111", "password": PASSWORD, "name": "程序", **body})


def test_a_password_buys_a_token_for_thirty_days(client: Client, who: Person) -> None:
    answer = ask(client)
    assert answer.status_code == 201
    assert answer.json["expires_at"].endswith("+08:00")
    assert service.bearer(answer.json["token"], now=NOW) == (who.id, None)


def test_scopes_and_expiry_are_what_was_asked(client: Client, who: Person) -> None:
    answer = ask(client, scopes=["booking", "read"], expires_in=3600)
    assert answer.status_code == 201
    assert service.bearer(answer.json["token"], now=NOW) == (who.id, frozenset({"booking", "read"}))


def test_email_serves_as_well(client: Client, who: Person) -> None:
    body = {"email": who.email, "password": PASSWORD, "name": "程序"}
    assert client.post("/api/v1/tokens", json=body).status_code == 201


def test_a_wrong_password_is_401_in_one_wording(client: Client, who: Person) -> None:
    wrong, unknown = ask(client, password="wrong"), ask(client, mobile="13899990000")
    assert (wrong.status_code, wrong.mimetype) == (401, "application/problem+json")
    assert wrong.json == unknown.json
    assert wrong.json["code"] == "sign-in-refused"


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""}, {"name": "x" * 300}, {"name": "a\0b"}, {"name": 7}, {"password": None}, {"scopes": ["all"]},
        {"scopes": "read"}, {"expires_in": 0}, {"expires_in": 10**40}, {"expires_in": "soon"}, {"colour": "red"},
        {"mobile": ["13800001111"]},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_listed(client: Client, who: Person, body: dict[str, Any]) -> None:
    answer = ask(client, **body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_failures_count_whatever_key_or_token_comes_along(client: Client, who: Person) -> None:
    headers = {"Authorization": f"Bearer {ask(client).json['token']}"}
    for number in range(5):
        body = {"mobile": "13800001111", "password": "wrong", "name": "程序"}
        answer = client.post("/api/v1/tokens", json=body, headers={**headers, "Idempotency-Key": f"k{number}"})
        assert answer.status_code == 401
    assert ask(client).status_code == 401


def test_a_repeated_key_does_not_repeat_the_secret(client: Client, who: Person) -> None:
    headers = {"Authorization": f"Bearer {ask(client).json['token']}", "Idempotency-Key": "same"}
    body = {"mobile": "13800001111", "password": PASSWORD, "name": "程序"}
    first = client.post("/api/v1/tokens", json=body, headers=headers).json["token"]
    assert client.post("/api/v1/tokens", json=body, headers=headers).json["token"] != first
