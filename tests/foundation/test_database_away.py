"""A database that does not answer: the page that says so is built without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from equipment_cloud.foundation.db import db
from tests.conftest import Client
from tests.factories import accounts


class Away:
    """Refuses every statement, and counts them."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: type[OperationalError | InterfaceError] = OperationalError

    def refuse(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.asked += 1
            raise self.error(statement, {}, ConnectionError("the server closed the connection"))


@pytest.fixture
def signed_in(client: Client, session: Session) -> Client:
    return client.sign_in(accounts.person(session))


@pytest.fixture
def away(signed_in: Client) -> Iterator[Away]:
    """The database goes away once the person is signed in."""
    database = Away()
    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", database.refuse)
    yield database
    event.remove(db.engine, "before_cursor_execute", database.refuse)


@pytest.mark.parametrize("path", ["/", "/inbox", "/instruments", "/figures"])
def test_the_error_page_stands_without_the_database(signed_in: Client, away: Away, path: str) -> None:
    page = signed_in.get(path)
    assert page.status_code == 503
    assert "怎么办" in page.text
    assert 'href="/"' in page.text
    assert away.asked == 1, "after the first refusal nothing more is asked"


def test_a_failure_of_another_kind_is_told_without_the_database_too(signed_in: Client, away: Away) -> None:
    away.error = InterfaceError
    page = signed_in.get("/instruments")
    assert page.status_code == 500
    assert "怎么办" in page.text
    assert away.asked == 1


def test_the_language_chosen_in_this_browser_is_kept(signed_in: Client, away: Away) -> None:
    with signed_in.session_transaction() as cookie:
        cookie["locale"] = "en"
    assert "What to do" in signed_in.get("/instruments").text
    assert away.asked == 1


def test_programs_get_a_problem_document(signed_in: Client, away: Away) -> None:
    answer = signed_in.get("/api/v1/instruments")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert away.asked == 1
