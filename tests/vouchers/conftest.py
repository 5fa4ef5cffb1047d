"""A city with vouchers, and its people at pages and programs on Monday, 23 November 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from tests.conftest import Client
from tests.factories.vouchers import City, city


@pytest.fixture
def town(session: Session, now: datetime) -> City:
    return city(session, now)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Every page of the test is opened at this moment."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def as_person(client: FlaskClient, session: Session, today: datetime) -> Callable[[Actor], FlaskClient]:
    """``as_person(actor)`` is a browser with that person signed in."""

    def sign_in(actor: Actor) -> FlaskClient:
        assert isinstance(client, Client)
        return client.sign_in(session.get_one(Person, actor.id))

    return sign_in


@pytest.fixture
def call(client: FlaskClient, session: Session, today: datetime) -> Callable[..., Any]:
    """``call(actor, "GET", "/vouchers", {...})`` with a token of that person (``None`` for a visitor)."""

    def send(actor: Actor | None, verb: str, path: str, body: Any = None, **headers: str) -> Any:
        if actor is not None:
            headers["Authorization"] = f"Bearer {accounts.issue_token(actor.id, 'test', now=today)[0]}"
        return client.open(f"/api/v1{path}", method=verb, json=body, headers=headers)

    return send
