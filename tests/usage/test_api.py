"""Usage for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.booking.models import Booking
from equipment_cloud.foundation.access import Actor
from equipment_cloud.usage import service
from equipment_cloud.usage.models import UsageRecord
from tests.factories.booking import Scene
from tests.usage.conftest import wednesday

Bearer = Callable[[Actor], dict[str, str]]
At = Callable[[float], None]


@pytest.fixture
def send(client: FlaskClient, scene: Scene, bearer: Bearer, at: At) -> Callable[..., Any]:
    """Send one event of the operator's system on Wednesday evening; its result."""
    at(9)
    headers = bearer(scene.operator)

    def event(**changes: Any) -> Any:
        item = {
            "external_id": "run-1", "instrument_code": scene.machine.code, "started_at": "2026-11-25T09:00:00+08:00",
            "ended_at": "2026-11-25T10:30:00+08:00", "samples": 2, "source": "sensor",
        } | changes  # fmt: skip
        answer = client.post("/api/v1/usage-events", json={"events": [item]}, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json["results"][0]

    return event


def test_an_event_sent_twice_is_recorded_once(session: Session, send: Callable[..., Any]) -> None:
    first, again = send(), send()
    assert (first["status"], again["status"], first["id"]) == ("created", "unchanged", again["id"])
    assert session.scalar(select(func.count()).select_from(UsageRecord)) == 1


def test_the_same_id_with_other_content_is_a_conflict(session: Session, send: Callable[..., Any]) -> None:
    send()
    other = send(samples=3)
    assert (other["status"], other["errors"][0]["code"]) == ("refused", "conflict")


def test_an_event_sent_again_after_a_correction_is_no_conflict(
    session: Session, scene: Scene, send: Callable[..., Any]
) -> None:
    number = send()["id"]
    service.correct(
        number, started_at=wednesday(0), ended_at=wednesday(1), samples=1, reason="试机", by=scene.operator,
        now=wednesday(9),
    )  # fmt: skip
    assert send()["status"] == "unchanged"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"instrument_code": "nowhere"}, "not-found"),
        ({"ended_at": "2026-11-25T08:00:00+08:00"}, "not-in-order"),
        ({"ended_at": "2027-01-01T08:00:00+08:00"}, "in-the-future"),
        ({"samples": 10**40}, None),
        ({"external_id": "a\x00b"}, None),
        ({"started_at": "yesterday"}, None),
        ({"source": "rumour"}, None),
        ({"colour": "red"}, "unknown-field"),
    ],
)
def test_a_bad_event_is_refused_alone_with_its_reason(
    session: Session, send: Callable[..., Any], changes: dict[str, Any], code: str | None
) -> None:
    result = send(**changes)
    assert (result["status"], result["id"]) == ("refused", None)
    assert code in [None, *(error["code"] for error in result["errors"])]
    assert result["errors"]


def test_what_is_no_event_at_all_is_refused_alone(client: FlaskClient, scene: Scene, bearer: Bearer, at: At) -> None:
    at(9)
    answer = client.post("/api/v1/usage-events", json={"events": [7, "x", []]}, headers=bearer(scene.operator))
    assert [item["status"] for item in answer.json["results"]] == ["refused"] * 3


def test_another_firms_instrument_takes_no_events(client: FlaskClient, scene: Scene, bearer: Bearer, at: At) -> None:
    at(9)
    answer = client.post("/api/v1/usage-events", json={"events": []}, headers=bearer(scene.stranger))
    assert answer.status_code == 403


def test_check_in_check_out_confirm_and_read(
    client: FlaskClient, scene: Scene, booked: Booking, bearer: Bearer, at: At
) -> None:
    at(0)
    user, staff = bearer(scene.researcher), bearer(scene.operator)
    out = f"/api/v1/bookings/{booked.id}/check-out"
    assert client.post(out, json={}, headers=user).status_code == 409
    started = client.post(f"/api/v1/bookings/{booked.id}/check-in", headers=user)
    assert (started.status_code, started.json["id"], started.json["state"]) == (200, booked.id, "in_use")
    assert started.json["usage"]["state"] == "running"
    again = client.post(f"/api/v1/bookings/{booked.id}/check-in", headers=user)
    assert (again.status_code, again.json["code"]) == (409, "wrong-state")
    at(3)
    assert client.post(out, json={"samples": 10**40}, headers=user).status_code == 422
    ended = client.post(out, json={"samples": 2}, headers=user).json
    assert (ended["state"], ended["usage"]["state"], ended["usage"]["samples"]) == ("to_confirm", "to_confirm", 2)
    path = f"/api/v1/usage/{started.json['usage']['id']}"
    assert client.post(f"{path}/confirm", headers=user).json["state"] == "to_confirm"
    settled = client.post(f"{path}/confirm", headers=staff).json
    assert (settled["state"], settled["price_fen"]) == ("confirmed", 90_000)
    assert client.post(f"{path}/confirm", headers=staff).status_code == 409
    assert client.get("/api/v1/usage", headers=user).json["page"]["total"] == 1
    assert client.get(path, headers=bearer(scene.stranger)).status_code == 404
    assert client.get("/api/v1/usage").status_code == 401
