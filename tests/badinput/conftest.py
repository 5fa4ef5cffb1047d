"""The example city on a database of its own, and a watch over what refused requests leave behind."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from equipment_cloud.accounts import service as accounts
from equipment_cloud.accounts.models import Person
from equipment_cloud.demo import load
from equipment_cloud.demo.data import DEMO_PEOPLE, HOSTS
from equipment_cloud.foundation.db import db, transaction
from tests import databases
from tests.conftest import NOW

ACCOUNTS = tuple(f"{name}@{HOSTS[key]}" for key, people in DEMO_PEOPLE.items() for name, _words in people)
WRITTEN = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
TOLD_OF_REFUSALS = {"audit_note", "person", "one_time_code", "stored_file"}
"""Failed sign-ins are counted and noted; an uploaded original is kept with its hash whatever is found in it."""


@dataclass
class Watch:
    """Which tables were written and committed since it was last asked."""

    pending: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)

    def taken(self) -> set[str]:
        """Tables with committed changes; starts anew."""
        found, self.committed, self.pending = self.committed, set(), set()
        return found

    def listen(self, engine: Engine) -> None:
        """Note each statement that writes, and what becomes of it."""
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", self._rollback)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if match := WRITTEN.match(statement):
            self.pending.add(match[1])

    def _commit(self, _connection: Any) -> None:
        self.committed |= self.pending
        self.pending = set()

    def _rollback(self, _connection: Any) -> None:
        self.pending = set()


@dataclass
class City:
    """The example city and everybody in it."""

    app: Flask
    people: dict[str, tuple[int, int]]
    tokens: dict[str, str]
    watch: Watch

    def client(self, account: str | None) -> FlaskClient:
        """A browser in which this account is signed in; ``None`` is a visitor."""
        client = self.app.test_client()
        if account is not None:
            self.sign_in(client, account)
        return client

    def sign_in(self, client: FlaskClient, account: str) -> None:
        """Sign in without the form."""
        number, version = self.people[account]
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{number}:{version}", True

    def faults(self, what: str, status: int) -> list[str]:
        """What is wrong with an answer: an error of ours, or a refusal that left rows behind."""
        left = self.watch.taken() - TOLD_OF_REFUSALS
        found = [f"{what} answered {status}"] if status >= 500 else []
        return found + (
            [f"{what} was refused with {status} and wrote {sorted(left)}"] if status >= 400 and left else []
        )


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    with databases.fresh_database() as url, tempfile.TemporaryDirectory() as folder, _city(url, Path(folder)) as built:
        yield built


@contextmanager
def _city(url: str, folder: Path) -> Iterator[City]:
    app = databases.make_app(url, folder, DEMO=True)
    with app.app_context():
        load.load(now=NOW, scale=1, tell=lambda _words: None)
        rows = db.session.execute(select(Person.email, Person.id, Person.session_version)).all()
        people = {email: (number, version) for email, number, version in rows if email in ACCOUNTS}
        with transaction():
            tokens = {name: accounts.issue_token(people[name][0], "sweep", now=NOW)[0] for name in ACCOUNTS}
        db.session.remove()
        watch = Watch()
        watch.listen(db.engine)
    yield City(app, people, tokens, watch)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
