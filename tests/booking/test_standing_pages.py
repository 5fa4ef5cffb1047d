"""Pages and API of answering in somebody's place, answering many, and of breach points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.booking import service
from equipment_cloud.booking.models import Booking, Breach, BreachPolicy, Delegation
from equipment_cloud.foundation.access import Actor
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import NOW, Scene, hours

Browser = Callable[[Actor], FlaskClient]


def test_a_colleague_stands_in_by_page_and_answers_from_the_queue(
    session: Session, scene: Scene, as_person: Browser
) -> None:
    colleague = places.member(session, scene.provider, "finance", name="财务")
    booking = make.booked(scene)
    session.commit()
    assert f"/bookings/{booking.id}/decline" not in as_person(colleague).get(f"/bookings/{booking.id}").text
    manager = as_person(scene.manager)
    assert "目前没有审批委托" in manager.get("/bookings/delegations").text
    form = {
        "provider_id": scene.provider.id, "to_person_id": colleague.id, "first_on": "2026-11-23",
        "last_on": "2026-11-25",
    }  # fmt: skip
    assert manager.post("/bookings/delegations", data=form).status_code == 303
    assert manager.post("/bookings/delegations", data=form | {"last_on": "2026-11-01"}).status_code == 422
    browser = as_person(colleague)
    assert "财务" in browser.get("/bookings/delegations?lang=en").text
    assert f'value="{booking.id}"' in browser.get("/bookings?view=requests").text
    answer = browser.post("/bookings/decide", data={"booking_id": [booking.id], "act": "approve"})
    assert (answer.status_code, "1" in answer.text) == (200, True)
    assert session.get_one(Booking, booking.id).decided_by == colleague.id
    delegation_id = session.scalars(select(Delegation.id)).one()
    assert as_person(scene.stranger).post(f"/bookings/delegations/{delegation_id}/end").status_code == 404
    assert as_person(scene.manager).post(f"/bookings/delegations/{delegation_id}/end").status_code == 303


def test_declining_many_needs_a_reason_and_somebody_who_may(session: Session, scene: Scene, as_person: Browser) -> None:
    booking = make.booked(scene)
    session.commit()
    chosen = {"booking_id": [booking.id], "act": "decline"}
    manager = as_person(scene.manager)
    assert manager.post("/bookings/decide", data={"act": "approve"}).status_code == 422
    assert manager.post("/bookings/decide", data=chosen).status_code == 422
    assert as_person(scene.researcher).post("/bookings/decide", data=chosen | {"reason": "检修"}).status_code == 403
    assert as_person(scene.manager).post("/bookings/decide", data=chosen | {"reason": "检修"}).status_code == 200
    assert session.get_one(Booking, booking.id).reason == "检修"


def test_breach_points_are_set_seen_appealed_and_lifted_by_page(
    session: Session, scene: Scene, as_person: Browser
) -> None:
    policy = {"late_points": 1, "no_show_points": 3, "last_days": 90, "limit_points": 6}
    url = f"/bookings/breach-policy/{scene.provider.id}"
    assert as_person(scene.operator).get(url).status_code == 403
    manager = as_person(scene.manager)
    assert manager.get(url).status_code == 200
    assert manager.post(url, data=policy).status_code == 303
    assert session.scalars(select(BreachPolicy.no_show_points)).one() == 3
    booking = make.booked(scene, hours(0, 2))
    service.approve(booking.id, by=scene.manager, now=NOW)
    service.mark_no_shows([booking.id], before=booking.ends_at, now=NOW)
    session.commit()
    breach_id = session.scalars(select(Breach.id)).one()
    page = f"/bookings/breaches/{breach_id}"
    assert as_person(scene.stranger).get(page).status_code == 404
    person = as_person(scene.researcher)
    assert booking.number is not None
    assert booking.number in person.get("/bookings/breaches").text
    assert person.post(f"{page}/appeal", data={"words": ""}).status_code == 422
    assert person.post(f"{page}/appeal", data={"words": "停电"}).status_code == 303
    manager = as_person(scene.manager)
    assert "停电" in manager.get(page).text
    assert booking.number in manager.get("/bookings/breaches?view=provider").text
    assert manager.post(f"{page}/decide", data={"decision": "属实", "act": "lift"}).status_code == 303
    assert "属实" in as_person(scene.researcher).get(f"{page}?lang=en").text
    assert "没有违约记录" in as_person(scene.stranger).get("/bookings/breaches").text


def test_programs_do_the_same(session: Session, scene: Scene, client: FlaskClient) -> None:
    colleague = places.member(session, scene.provider, "finance")
    first, second = make.booked(scene, hours(0, 2)), make.booked(scene, hours(24, 26))
    session.commit()
    ids = [first.id, second.id]

    def call(actor: Actor, verb: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {accounts.issue_token(actor.id, 'test', now=NOW)[0]}"}
        return client.open(f"/api/v1{path}", method=verb, json=body, headers=headers)

    days = {"first_on": "2026-11-23", "last_on": "2026-11-24"}
    given = {"provider_id": scene.provider.id, "to_person_id": colleague.id, **days}
    assert call(scene.researcher, "POST", "/delegations", given).status_code == 403
    made = call(scene.manager, "POST", "/delegations", given)
    assert (made.status_code, made.json["to_person_id"]) == (201, colleague.id)
    assert [row["id"] for row in call(colleague, "GET", "/delegations").json] == [made.json["id"]]
    answer = call(colleague, "POST", "/bookings/decide", {"ids": [*ids, 98765], "act": "approve"}).json["results"]
    assert [(row["status"], row["code"]) for row in answer] == [
        ("done", None),
        ("done", None),
        ("refused", "not-found"),
    ]
    assert call(colleague, "POST", f"/delegations/{made.json['id']}/end").json["ended_at"]
    counts = {"late_points": 1, "no_show_points": 2, "last_days": 30}
    assert call(scene.operator, "PUT", f"/breach-policies/{scene.provider.id}", counts).status_code == 403
    assert call(scene.manager, "PUT", f"/breach-policies/{scene.provider.id}", counts).json["limit_points"] == 0
    service.mark_no_shows(ids, before=second.ends_at, now=NOW)
    session.commit()
    page = call(scene.researcher, "GET", "/breaches").json
    breach_id = page["items"][0]["id"]
    assert [row["points"] for row in page["items"]] == [2, 2]
    appeal = {"appeal": "停电"}
    assert call(scene.stranger, "POST", f"/breaches/{breach_id}/appeal", appeal).status_code == 404
    assert call(scene.researcher, "POST", f"/breaches/{breach_id}/appeal", appeal).json["state"] == "appealed"
    decision = {"act": "uphold", "decision": "无停电记录"}
    assert call(scene.manager, "POST", f"/breaches/{breach_id}/decide", decision).json["state"] == "upheld"
