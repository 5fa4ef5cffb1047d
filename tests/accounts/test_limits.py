"""Ten attempts a minute per account and address, pages and API together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from equipment_cloud.foundation.db import db
from equipment_cloud.foundation.limits import limiter
from tests import databases


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """An application that does limit, unlike that of the other tests."""
    with databases.fresh_database() as url:
        app = databases.make_app(url, tmp_path, RATELIMIT_ENABLED=True)
        limiter.enabled = True
        yield app.test_client()
        limiter.reset()
        limiter.enabled = False
        with app.app_context():
            db.engine.dispose()


def attempt(client: FlaskClient, name: str) -> int:
    return client.post("/sign-in", data={"name": name, "password": "wrong"}).status_code


def test_the_eleventh_attempt_of_a_minute_waits_however_the_name_is_written(client: FlaskClient) -> None:
    assert [attempt(client, "one@people.example") for _ in range(10)] == [422] * 10
    refused = client.post("/sign-in", data={"name": " ONE@people.example", "password": "x"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    body = {"email": "one@people.example", "password": "x", "name": "程序"}
    answer = client.post("/api/v1/tokens", json=body)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")


def test_another_account_and_the_page_itself_are_not_held_up(client: FlaskClient) -> None:
    for _ in range(11):
        attempt(client, "one@people.example")
    assert attempt(client, "two@people.example") == 422
    assert client.get("/sign-in").status_code == 200
