"""Prices set and read by calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Kind, Organisation
from tests.factories import occupancy as make

Call = Callable[..., Any]


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make.organisation(session, "检测中心", kind=Kind.INSTITUTION)


@pytest.fixture
def manager(session: Session, owner: Organisation) -> Actor:
    return make.member(session, owner, "manager")


@pytest.fixture
def call(
    client: FlaskClient, session: Session, owner: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Call:
    machine_id = make.instrument(session, owner).id
    monkeypatch.setattr(clock, "now", lambda: now)

    def send(actor: Actor, verb: str, body: Any = None, query: str = "") -> Any:
        headers = {"Authorization": f"Bearer {accounts.issue_token(actor.id, 'test', now=now)[0]}"}
        path = f"/api/v1/instruments/{machine_id}/prices{query}"
        return client.open(path, method=verb, json=body, headers=headers)

    return send


def test_a_plan_begins_today_and_the_next_ends_it(call: Call, manager: Actor) -> None:
    made = call(manager, "POST", {"minimum_minutes": 60, "setup_fen": 5_000, "local_fen": 30_000})
    assert made.status_code == 201, made.text
    assert (made.json["valid_from"], made.json["valid_to"], made.json["is_used"]) == ("2026-11-23", None, False)
    assert (made.json["local_fen"], made.json["outside_fen"]) == (30_000, None)
    later = call(manager, "POST", {"valid_from": "2026-12-01", "basis": "longer", "local_fen": 0})
    assert (later.status_code, later.json["local_fen"]) == (201, 0)
    plans = call(manager, "GET").json
    assert [(plan["valid_from"], plan["valid_to"]) for plan in plans["items"]] == [
        ("2026-12-01", None), ("2026-11-23", "2026-11-30"),
    ]  # fmt: skip
    assert call(manager, "GET", query="?page=2&per_page=1").json["page"] == {"number": 2, "size": 1, "total": 2}


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "no-rate"), ({"local_fen": -1}, "out-of-bounds"), ({"local_fen": 1, "basis": "free"}, "unknown-code")],
)
def test_a_plan_that_makes_no_sense_is_refused(call: Call, manager: Actor, body: dict[str, Any], code: str) -> None:
    answer = call(manager, "POST", body)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)


def test_prices_are_the_managers_alone(session: Session, owner: Organisation, call: Call) -> None:
    elsewhere = make.organisation(session, "别处", kind=Kind.INSTITUTION)
    for stranger in (make.member(session, owner, "operator"), make.member(session, elsewhere, "manager")):
        assert call(stranger, "POST", {"local_fen": 1}).status_code == 403
        assert call(stranger, "GET").status_code == 403
