"""Opening an instrument for booking, by calls: hours, terms and closures of those who stand at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Kind, Organisation
from tests.factories import occupancy as make

Call = Callable[..., Any]
ALL_DAY = {"monday": "08:30-11:30, 13:30-17:30", "saturday": "00:00-24:00"}


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make.organisation(session, "检测中心", kind=Kind.INSTITUTION)


@pytest.fixture
def machine(session: Session, owner: Organisation) -> Instrument:
    return make.instrument(session, owner)


@pytest.fixture
def manager(session: Session, owner: Organisation) -> Actor:
    return make.member(session, owner, "manager")


@pytest.fixture
def call(client: FlaskClient, machine: Instrument, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Call:
    """``call(actor, "PUT", "/hours", {...})`` below the instrument's opening."""
    monkeypatch.setattr(clock, "now", lambda: now)

    def send(actor: Actor, verb: str, path: str = "", body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {accounts.issue_token(actor.id, 'test', now=now)[0]}"}
        return client.open(f"/api/v1/instruments/{machine.id}/opening{path}", method=verb, json=body, headers=headers)

    return send


def test_hours_and_terms_are_set_and_read_back(call: Call, manager: Actor) -> None:
    assert call(manager, "GET").json["rules"] is None
    hours = call(manager, "PUT", "/hours", ALL_DAY)
    assert hours.status_code == 200, hours.text
    assert {day: text for day, text in hours.json["hours"].items() if text} == ALL_DAY
    given = {"step_minutes": 15, "lead_minutes": 0, "approval": "instant", "follows_workdays": False}
    terms = call(manager, "PUT", "/rules", given).json["rules"]
    assert given.items() <= terms.items()
    assert (terms["shortest_minutes"], terms["cancel_hours"]) == (60, 24)
    assert call(manager, "GET").json["rules"] == terms


def test_every_day_that_makes_no_sense_is_named(call: Call, manager: Actor) -> None:
    answer = call(manager, "PUT", "/hours", {"monday": "8 bis 5", "friday": "09:00-12:00, 11:00-13:00"})
    assert answer.status_code == 422
    assert {(error["field"], error["code"]) for error in answer.json["errors"]} == {
        ("monday", "hours-form"), ("friday", "hours-overlap"),
    }  # fmt: skip


def test_terms_that_contradict_each_other_are_refused(call: Call, manager: Actor) -> None:
    assert call(manager, "PUT", "/rules", {"shortest_minutes": 600, "longest_minutes": 60}).status_code == 422
    assert call(manager, "PUT", "/rules", {"step_minutes": 10**40}).status_code == 422


def test_a_closure_is_entered_seen_and_taken_back(call: Call, manager: Actor) -> None:
    closed = {"starts_at": "2026-11-25T09:00:00+08:00", "ends_at": "2026-11-26T09:00:00+08:00", "reason": "检修"}
    made = call(manager, "POST", "/closures", closed)
    assert (made.status_code, made.json["reason"]) == (201, "检修")
    assert [each["id"] for each in call(manager, "GET").json["closures"]] == [made.json["id"]]
    backwards = {**closed, "ends_at": closed["starts_at"]}
    assert call(manager, "POST", "/closures", backwards).json["errors"][0]["code"] == "zero-length"
    assert call(manager, "POST", f"/closures/{made.json['id']}/reopen").json["closures"] == []
    assert call(manager, "POST", f"/closures/{made.json['id']}/reopen").status_code == 404


def test_operators_close_but_set_no_terms_and_others_do_neither(
    session: Session, owner: Organisation, call: Call
) -> None:
    operator = make.member(session, owner, "operator")
    stranger = make.member(session, make.organisation(session, "别处", kind=Kind.INSTITUTION), "manager")
    assert call(operator, "GET").status_code == 200
    assert call(operator, "PUT", "/hours", ALL_DAY).status_code == 403
    assert call(operator, "PUT", "/rules", {}).status_code == 403
    assert call(stranger, "GET").status_code == 403
    assert call(stranger, "PUT", "/hours", ALL_DAY).status_code == 403


def test_single_days_quotas_and_other_hours_are_set_seen_and_taken_back(call: Call, manager: Actor) -> None:
    day = {"on": "2026-11-28", "hours": "09:00-12:00", "note": "开放日"}
    (seen,) = call(manager, "POST", "/special-days", day).json["special_days"]
    assert {name: seen[name] for name in day} == day
    assert call(manager, "POST", f"/special-days/{seen['id']}/drop").json["special_days"] == []
    quota = {"of": "person", "per": "week", "most_minutes": 600, "only_peak": False}
    (made,) = call(manager, "POST", "/quotas", quota).json["quotas"]
    assert quota.items() <= made.items()
    assert call(manager, "POST", f"/quotas/{made['id']}/end").json["quotas"] == []
    kept = call(manager, "PUT", "/hours", {"friday": "13:00-17:00", "kind": "outside"}).json
    assert (kept["kept_hours"]["friday"], kept["hours"]["friday"]) == ("13:00-17:00", "")


def test_rules_of_a_later_day_are_planned(call: Call, manager: Actor) -> None:
    call(manager, "PUT", "/rules", {"longest_minutes": 240})
    later = call(manager, "PUT", "/rules", {"longest_minutes": 120, "valid_from": "2026-12-01"}).json
    assert (later["rules"]["longest_minutes"], later["planned_rules"][0]["longest_minutes"]) == (240, 120)
    assert call(manager, "PUT", "/rules", {"valid_from": "2026-11-01"}).status_code == 422


def test_quotas_and_days_are_the_managers(session: Session, owner: Organisation, call: Call) -> None:
    operator = make.member(session, owner, "operator")
    quota = {"of": "person", "per": "week", "most_minutes": 600}
    assert call(operator, "POST", "/quotas", quota).status_code == 403
    assert call(operator, "POST", "/special-days", {"on": "2026-11-28", "note": "x"}).status_code == 403
