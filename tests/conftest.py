"""One migrated database per test process; each test runs inside a transaction that is rolled back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import db
from tests import databases

settings.register_profile("house", deadline=None)
settings.load_profile("house")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 2026-11-23, 10:00 in Yuyao."""


class Client(FlaskClient):
    """A browser without memory of the test: whatever Flask kept for the last request is dropped first."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        _forget()
        response = super().open(*args, **kwargs)
        _forget()
        return response

    def sign_in(self, person: Any) -> Client:
        """Sign a person in without the form."""
        with self.session_transaction() as session:
            session["_user_id"] = f"{person.id}:{person.session_version}"
            session["_fresh"] = True
        return self


def _forget() -> None:
    db.session.commit()
    for name in list(g):
        g.pop(name)


@pytest.fixture(autouse=True)
def _standing_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of a test happens now, whatever the day it is run; a browser's clock cannot be held."""
    if "journey" not in request.keywords:
        monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with databases.fresh_database() as url:
        app = databases.make_app(url, tmp_path_factory.mktemp("files"))
        app.test_client_class = Client
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of the test and of the requests it makes; everything is undone afterwards."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect().execution_options(immediate=True)
        outer = connection.begin()
        engines = db._app_engines[app]
        engines[None] = connection  # type: ignore[assignment]
        yield db.session()
        db.session.remove()
        engines[None] = engine
        outer.rollback()
        connection.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Every SQL statement sent while the test runs; clear it before the act to be counted."""
    seen: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    yield seen
    event.remove(db.engine, "before_cursor_execute", record)


@pytest.fixture
def corpus() -> Path:
    """The folder of real data (``CORPUS_DIR``); its tests are skipped, with this reason, where there is none."""
    folder = os.environ.get("CORPUS_DIR")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CORPUS_DIR names no folder: real inventories are not on this machine")
    return Path(folder)
