"""Bookings for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.booking import service
from equipment_cloud.foundation.access import Actor
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import NOW, Scene, hours

Call = Callable[..., Any]
ASKED = {"starts_at": "2026-11-25T09:00:00+08:00", "ends_at": "2026-11-25T12:00:00+08:00", "purpose": "rd"}


@pytest.fixture
def call(client: FlaskClient, session: Session, today: datetime) -> Call:
    """``call(actor, "GET", "/bookings", {...})`` with a token of that person (``None`` for a visitor)."""

    def send(actor: Actor | None, verb: str, path: str, body: Any = None) -> Any:
        headers = {}
        if actor is not None:
            headers["Authorization"] = f"Bearer {accounts.issue_token(actor.id, 'test', now=NOW)[0]}"
        return client.open(f"/api/v1{path}", method=verb, json=body, headers=headers)

    return send


def test_availability_is_public_and_tells_free_from_busy(call: Call, scene: Scene) -> None:
    make.booked(scene)
    query = "?from=2026-11-25T00:00:00%2B08:00&to=2026-11-26T00:00:00%2B08:00"
    found = call(None, "GET", f"/instruments/{scene.machine.id}/availability{query}").get_json()
    assert found["free"] == [
        {"starts_at": "2026-11-25T08:30:00+08:00", "ends_at": "2026-11-25T09:00:00+08:00"},
        {"starts_at": "2026-11-25T12:00:00+08:00", "ends_at": "2026-11-25T17:00:00+08:00"},
    ]
    assert [item["kind"] for item in found["busy"]] == ["closed", "pending", "closed"]


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-11-25T00:00:00Z&to=2026-11-25T00:00:00Z",
        "?from=2026-11-25T00:00:00Z&to=2027-11-25T00:00:00Z",
        "?from=2026-11-25T00:00:00",
        "?from=0001-01-01T00:00:00%2B14:00",
        "?from=" + "9" * 40,
        "?from=%00",
    ],
)
def test_windows_that_make_no_sense_are_refused(call: Call, scene: Scene, query: str) -> None:
    answer = call(None, "GET", f"/instruments/{scene.machine.id}/availability{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_an_unknown_instrument_is_not_found(call: Call, scene: Scene) -> None:
    assert call(None, "GET", "/instruments/987654/availability").status_code == 404
    query = "?starts_at=2026-11-25T09:00:00%2B08:00&ends_at=2026-11-25T12:00:00%2B08:00"
    assert call(None, "GET", f"/instruments/987654/estimate{query}").status_code == 404
    assert call(scene.researcher, "POST", "/bookings", ASKED | {"instrument_id": 987654}).status_code == 404


def test_an_estimate_is_public_at_the_local_price(call: Call, scene: Scene) -> None:
    query = "?starts_at=2026-11-25T09:00:00%2B08:00&ends_at=2026-11-25T12:00:00%2B08:00"
    visitor = call(None, "GET", f"/instruments/{scene.machine.id}/estimate{query}").get_json()
    assert (visitor["price_fen"], visitor["voucher_fen"], visitor["payable_fen"]) == (90_000, 0, 90_000)
    (line,) = visitor["lines"]
    assert (line["quantity"], line["unit_price_fen"], line["amount_fen"]) == (3, 30_000, 90_000)
    own = call(scene.manager, "GET", f"/instruments/{scene.machine.id}/estimate{query}").get_json()
    assert own["price_fen"] == 60_000


def test_a_booking_is_made_read_and_listed(call: Call, scene: Scene) -> None:
    made = call(scene.researcher, "POST", "/bookings", ASKED | {"instrument_id": scene.machine.id, "note": "新品"})
    assert made.status_code == 201
    found = made.get_json()
    assert found["state"] == "requested"
    assert found["estimate"]["payable_fen"] == 90_000
    one = call(scene.manager, "GET", f"/bookings/{found['id']}").get_json()
    assert (one["number"], one["note"], one["starts_at"]) == (found["number"], "新品", ASKED["starts_at"])
    listed = call(scene.researcher, "GET", "/bookings?state=requested").get_json()
    assert [item["id"] for item in listed["items"]] == [found["id"]]
    assert listed["page"] == {"number": 1, "size": 20, "total": 1}
    assert call(scene.stranger, "GET", "/bookings").get_json()["items"] == []
    assert call(scene.stranger, "GET", f"/bookings/{found['id']}").status_code == 404


def test_without_a_token_nothing_is_booked(call: Call, scene: Scene) -> None:
    assert call(None, "POST", "/bookings", ASKED | {"instrument_id": scene.machine.id}).status_code == 401


def test_taken_time_is_a_conflict_with_alternatives(call: Call, scene: Scene) -> None:
    make.booked(scene)
    answer = call(scene.stranger, "POST", "/bookings", ASKED | {"instrument_id": scene.machine.id})
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert problem["code"] == "period-taken"
    assert 1 <= len(problem["alternatives"]) <= 5
    for period in problem["alternatives"]:
        again = call(scene.stranger, "POST", "/bookings", ASKED | period | {"instrument_id": scene.machine.id})
        assert again.status_code == 201


def test_every_broken_rule_is_listed_a_taken_time_too(call: Call, scene: Scene) -> None:
    make.booked(scene)
    wrong = {"instrument_id": scene.machine.id, "purpose": "nonsense", "starts_at": "2026-11-25T05:10:00+08:00"}
    answer = call(scene.researcher, "POST", "/bookings", ASKED | wrong)
    assert answer.status_code == 422
    codes = [error["code"] for error in answer.get_json()["errors"]]
    assert codes == ["purpose", "not-aligned", "closed-hours", "period-taken"]
    assert all(error["message"] for error in answer.get_json()["errors"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": "2026-11-25T09:00:00+08:00"},
        {"ends_at": "2026-11-25T08:00:00+08:00"},
        {"ends_at": "12026-11-25T08:00:00+08:00"},
        {"ends_at": "2199-11-25T08:00:00+08:00"},
        {"starts_at": "1900-01-01T00:00:00+08:00"},
        {"starts_at": "2026-11-25T09:00:00"},
        {"starts_at": 10**40},
        {"instrument_id": 10**40},
        {"instrument_id": "1"},
        {"voucher_id": 7},
        {"on_behalf_of": 987654},
        {"note": "a\x00b"},
        {"purpose": None},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused_field_by_field(call: Call, scene: Scene, wrong: dict[str, Any]) -> None:
    answer = call(scene.researcher, "POST", "/bookings", ASKED | {"instrument_id": scene.machine.id} | wrong)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.get_json()["errors"]


def test_a_request_is_decided_once_and_never_by_who_asked(call: Call, scene: Scene) -> None:
    booking = make.booked(scene)
    assert call(scene.researcher, "POST", f"/bookings/{booking.id}/approve").status_code == 403
    assert call(scene.stranger, "POST", f"/bookings/{booking.id}/approve").status_code == 404
    assert call(scene.manager, "POST", f"/bookings/{booking.id}/approve").get_json()["state"] == "approved"
    again = call(scene.operator, "POST", f"/bookings/{booking.id}/decline", {"reason": "x"})
    assert (again.status_code, again.get_json()["code"]) == (409, "wrong-state")
    own = make.booked(scene, hours(4, 6), organisation_id=scene.provider.id, by=scene.manager)
    refused = call(scene.manager, "POST", f"/bookings/{own.id}/approve")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "same-person")


def test_a_booking_is_moved_and_cancelled(call: Call, scene: Scene) -> None:
    booking = make.booked(scene)
    path = f"/bookings/{booking.id}"
    other = {"starts_at": "2026-11-26T13:00:00+08:00", "ends_at": "2026-11-26T15:00:00+08:00"}
    moved = call(scene.researcher, "POST", f"{path}/reschedule", other).get_json()
    assert (moved["sequence"], moved["price_fen"], moved["starts_at"]) == (1, 60_000, other["starts_at"])
    make.booked(scene)
    same = {"starts_at": ASKED["starts_at"], "ends_at": ASKED["ends_at"]}
    back = call(scene.researcher, "POST", f"{path}/reschedule", same)
    assert (back.status_code, back.get_json()["code"]) == (409, "period-taken")
    assert back.get_json()["alternatives"]
    assert call(scene.researcher, "POST", f"{path}/cancel").get_json()["state"] == "cancelled"
    assert call(scene.researcher, "POST", f"{path}/cancel").status_code == 409


def test_the_provider_must_say_why_it_takes_time_back(call: Call, scene: Scene) -> None:
    booking = make.booked(scene)
    assert call(scene.manager, "POST", f"/bookings/{booking.id}/cancel").status_code == 422
    answer = call(scene.manager, "POST", f"/bookings/{booking.id}/cancel", {"reason": "设备故障"})
    assert answer.get_json()["state"] == "revoked"


def test_a_repeated_request_books_once(client: FlaskClient, call: Call, scene: Scene) -> None:
    token = accounts.issue_token(scene.researcher.id, "test", now=NOW)[0]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
    body = ASKED | {"instrument_id": scene.machine.id}
    first, second = (client.post("/api/v1/bookings", json=body, headers=headers) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    taken = client.post("/api/v1/bookings", json=body, headers=headers | {"Idempotency-Key": "twice"})
    assert taken.status_code == 409
    assert taken.get_json()["alternatives"]


def test_who_books_for_several_organisations_says_which_pays(session: Session, call: Call, scene: Scene) -> None:
    both = Actor(scene.researcher.id, "x")
    places.join(session, scene.researcher, scene.provider, "operator")
    body = ASKED | {"instrument_id": scene.machine.id}
    assert call(both, "POST", "/bookings", body).status_code == 422
    made = call(both, "POST", "/bookings", body | {"organisation_id": scene.provider.id})
    assert made.get_json()["estimate"]["price_fen"] == 60_000
    assert call(both, "POST", "/bookings", body | {"organisation_id": 987654}).status_code == 403


def test_the_desk_books_for_a_customer_by_api(call: Call, scene: Scene) -> None:
    body = ASKED | {"instrument_id": scene.machine.id}
    named = {"on_behalf_of": scene.researcher.id, "organisation_id": scene.customer.id}
    made = call(scene.operator, "POST", "/bookings", body | named)
    assert made.status_code == 201
    one = call(scene.researcher, "GET", f"/bookings/{made.get_json()['id']}").get_json()
    assert (one["person_id"], one["requested_by"]) == (scene.researcher.id, scene.operator.id)
    assert call(scene.stranger, "POST", "/bookings", body | named).status_code == 403


def test_reading_costs_few_statements(
    session: Session, client: FlaskClient, call: Call, scene: Scene, statements: list[str]
) -> None:
    for start in range(4):
        booking = make.booked(scene, hours(2 * start, 2 * start + 2))
    service.approve(booking.id, by=scene.manager, now=NOW)
    path = f"/instruments/{scene.machine.id}/availability"
    statements.clear()
    assert call(None, "GET", path).status_code == 200
    assert len(statements) <= 5, "\n".join(statements)
    token = accounts.issue_token(scene.researcher.id, "test", now=NOW)[0]
    booking_id = booking.id
    session.commit()
    for path in ("/bookings", f"/bookings/{booking_id}"):
        statements.clear()
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get(f"/api/v1{path}", headers=headers).status_code == 200
        assert len(statements) <= 5, "\n".join(statements)
