"""The day on which the pages of these tests are opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from tests.conftest import Client
from tests.factories import booking as make
from tests.factories.booking import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return make.scene(session)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Every page of the test is opened on Monday, 23 November 2026, at ten."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def as_person(client: FlaskClient, session: Session, today: datetime) -> Callable[[Actor], FlaskClient]:
    """``as_person(actor)`` is a browser with that person signed in."""

    def sign_in(actor: Actor) -> FlaskClient:
        assert isinstance(client, Client)
        return client.sign_in(session.get_one(Person, actor.id))

    return sign_in
