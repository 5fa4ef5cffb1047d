"""Every refusal has a reason and a remedy, on pages and in the API; nothing becomes a bare 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import literal, select

from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.db import db, session
from equipment_cloud.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, WrongState
from tests import databases

REFUSALS: dict[str, tuple[Exception, int]] = {
    "not-found": (NotFound(), 404),
    "forbidden": (Forbidden(), 403),
    "conflict": (Conflict(), 409),
    "wrong-state": (WrongState(current="draft", target="paid"), 409),
    "invalid": (Invalid(problems=[Problem("a", "First."), Problem("b", "Second.", "x")]), 422),
    "internal": (ZeroDivisionError(), 500),
}


class TakenWithChoices(Conflict):
    """A refusal that offers more than words."""

    code = "period-taken"
    members: ClassVar = {"alternatives": [{"starts_at": "2026-11-25T09:00:00+08:00"}]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with databases.fresh_database() as url:
        app = databases.make_app(url, tmp_path_factory.mktemp("files"), WTF_CSRF_ENABLED=True)
        for prefix in ("", "/api/v1"):
            _add_routes(app, prefix)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def _add_routes(app: Flask, prefix: str) -> None:
    def fail(name: str) -> Any:
        if name == "taken":
            raise TakenWithChoices
        if name == "huge":
            session().execute(select(literal(10**40)))
            return "taken"
        if name.isdigit():
            abort(int(name))
        raise REFUSALS[name][0]

    endpoint = "fail" + prefix.replace("/", "-")
    app.add_url_rule(f"{prefix}/fail/<name>", endpoint, public(fail), methods=["GET", "POST"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_error, status) in REFUSALS.items()])
def test_a_refusal_is_a_problem_document_in_the_api(client: FlaskClient, name: str, status: int) -> None:
    answer = client.get(f"/api/v1/fail/{name}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "detail", "code", "remedy", "errors"}
    assert (answer.json["status"], answer.json["code"]) == (status, name)
    assert answer.json["detail"]
    assert answer.json["remedy"]


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_error, status) in REFUSALS.items()])
def test_a_refusal_is_a_page_with_a_way_on(client: FlaskClient, name: str, status: int) -> None:
    page = client.get(f"/fail/{name}")
    assert page.status_code == status
    assert "怎么办" in page.text or "What to do" in page.text
    assert 'href="/"' in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 418, 422, 428, 429, 500, 503])
def test_every_status_has_words(client: FlaskClient, status: int) -> None:
    assert client.get(f"/fail/{status}").status_code == status
    answer = client.get(f"/api/v1/fail/{status}")
    assert (answer.status_code, bool(answer.json["title"]), bool(answer.json["detail"])) == (status, True, True)


def test_all_problems_are_told_not_the_first_alone(client: FlaskClient) -> None:
    errors = client.get("/api/v1/fail/invalid").json["errors"]
    assert [(error["field"], error["code"], error["message"]) for error in errors] == [
        (None, "a", "First."), ("x", "b", "Second."),
    ]  # fmt: skip


def test_a_refusal_may_offer_choices(client: FlaskClient) -> None:
    answer = client.get("/api/v1/fail/taken").json
    assert answer["code"] == "period-taken"
    assert answer["alternatives"] == TakenWithChoices.members["alternatives"]


def test_a_number_no_database_takes_is_the_senders_slip(client: FlaskClient) -> None:
    assert client.get("/api/v1/fail/huge").status_code != 500


def test_a_form_that_was_refused_goes_back_with_the_reasons(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = client.post("/fail/invalid", headers={"Referer": "http://localhost/help"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert (answer.status_code, answer.location) == (303, "http://localhost/help")
    page = client.get("/help").text
    assert "First." in page
    assert "Second." in page


def test_a_form_without_its_token_changes_nothing_and_says_so(client: FlaskClient) -> None:
    assert client.post("/fail/internal").status_code == 400
    back = client.post("/fail/internal", headers={"Referer": "http://localhost/help"})
    assert back.status_code == 303


def test_nobody_is_sent_back_to_another_site(client: FlaskClient) -> None:
    assert client.post("/fail/internal", headers={"Referer": "https://evil.example/x"}).status_code == 400
