"""A booked Wednesday at an instrument, and clocks that stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.accounts.models import Person
from equipment_cloud.booking import service as booking
from equipment_cloud.booking.models import Booking
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from tests.factories import booking as make
from tests.factories.booking import NOW, Scene, hours


@pytest.fixture
def scene(session: Session) -> Scene:
    return make.scene(session, positions=2)


@pytest.fixture
def booked(scene: Scene) -> Booking:
    """Wednesday nine to twelve, approved."""
    return approved(scene)


def approved(scene: Scene, start: float = 0, end: float = 3, **more: Any) -> Booking:
    """An approved booking of Wednesday, in hours after nine o'clock."""
    record = make.booked(scene, hours(start, end), **more)
    return booking.approve(record.id, by=scene.manager, now=NOW)


def wednesday(hour: float) -> datetime:
    """So many hours after nine o'clock."""
    return make.WEDNESDAY + timedelta(hours=hour)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock to so many hours after nine o'clock on Wednesday."""
    return lambda hour: monkeypatch.setattr(clock, "now", lambda: wednesday(hour))


@pytest.fixture
def entered(client: FlaskClient, session: Session) -> Callable[[Actor], FlaskClient]:
    """The browser of a person who has signed in."""
    return lambda actor: client.sign_in(session.get(Person, actor.id))


@pytest.fixture
def bearer(session: Session) -> Callable[[Actor], dict[str, str]]:
    """The headers of a program of that person."""

    def headers(actor: Actor) -> dict[str, str]:
        person = session.get(Person, actor.id)
        text, _token = accounts.issue_token(person.id, "tests", now=NOW)
        return {"Authorization": f"Bearer {text}"}

    return headers
