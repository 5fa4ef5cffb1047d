"""The page at the instrument, the list, the record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.booking.models import Booking
from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.usage import queries
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.usage.rules import UsageState
from tests.factories import occupancy as make
from tests.factories.booking import Scene

Entered = Callable[[Actor], FlaskClient]
At = Callable[[float], None]


def the_record(session: Session) -> UsageRecord:
    session.expire_all()
    return session.scalars(select(UsageRecord)).one()


def test_a_visitor_sees_the_instrument_and_is_asked_to_sign_in(
    client: FlaskClient, scene: Scene, booked: Booking
) -> None:
    page = client.get(f"/at/{scene.machine.code}")
    assert page.status_code == 200
    assert "三坐标测量机" in page.text
    assert "塑业" not in page.text


@pytest.mark.parametrize("code", ["nothing", "9" * 40, "%00", "a" * 300, "../etc", "330281-%E4%B8%AD"])
def test_codes_of_no_instrument_are_not_found(client: FlaskClient, session: Session, code: str) -> None:
    assert client.get(f"/at/{code}").status_code == 404


def test_a_draft_has_no_page_at_the_instrument(client: FlaskClient, session: Session, scene: Scene) -> None:
    scene.machine.state = InstrumentState.DRAFT
    session.flush()
    assert client.get(f"/at/{scene.machine.code}").status_code == 404


def test_the_qr_code_is_a_picture_of_the_address(client: FlaskClient, scene: Scene) -> None:
    answer = client.get(f"/at/{scene.machine.code}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")


def test_a_session_from_start_to_both_confirmations(
    session: Session, scene: Scene, booked: Booking, entered: Entered, at: At
) -> None:
    at(0)
    browser = entered(scene.researcher)
    place = f"/at/{scene.machine.code}"
    assert booked.number in browser.get(place).text
    assert browser.post(f"{place}/bookings/{booked.id}/start").status_code == 303
    record = the_record(session)
    assert f"/usage/{record.id}/stop" in browser.get(place).text
    at(2)
    assert browser.post(f"/usage/{record.id}/stop", data={"samples": "3"}).status_code == 303
    assert browser.post(f"/usage/{record.id}/confirm").status_code == 303
    assert f"/usage/{record.id}/confirm" not in browser.get(f"/usage/{record.id}").text
    assert entered(scene.operator).post(f"/usage/{record.id}/confirm").status_code == 303
    assert the_record(session).state is UsageState.CONFIRMED
    page = browser.get(f"/usage/{record.id}")
    assert "900.00" in page.text
    assert record.number in browser.get("/usage").text


def test_strangers_find_neither_booking_nor_record(
    session: Session, scene: Scene, booked: Booking, entered: Entered, at: At
) -> None:
    at(0)
    start = f"/at/{scene.machine.code}/bookings/{booked.id}/start"
    assert entered(scene.stranger).post(start).status_code == 404
    entered(scene.researcher).post(start)
    number = the_record(session).id
    browser = entered(scene.stranger)
    assert browser.get(f"/usage/{number}").status_code == 404
    for act in ("stop", "confirm", "correct"):
        assert browser.post(f"/usage/{number}/{act}").status_code == 404
    assert (
        browser.post(f"/at/{scene.machine.code}/start", data={"position_id": scene.machine.positions[1].id}).status_code
        == 403
    )


def test_a_booking_starts_only_at_its_own_instrument(
    session: Session, scene: Scene, booked: Booking, entered: Entered, at: At
) -> None:
    at(0)
    other = make.instrument(session, scene.provider)
    assert entered(scene.researcher).post(f"/at/{other.code}/bookings/{booked.id}/start").status_code == 404


def test_a_correction_is_typed_with_a_reason(
    session: Session, scene: Scene, booked: Booking, entered: Entered, at: At
) -> None:
    at(0)
    browser = entered(scene.researcher)
    browser.post(f"/at/{scene.machine.code}/bookings/{booked.id}/start")
    record = the_record(session)
    at(3)
    browser.post(f"/usage/{record.id}/stop", data={})
    form = f"/usage/{record.id}/correct"
    assert browser.get(form).status_code == 200
    wrong = {"started_at": "2026-11-25T12:00", "ended_at": "2026-11-25T09:00", "samples": "9" * 40, "reason": ""}
    assert browser.post(form, data=wrong).status_code == 422
    right = {"started_at": "2026-11-25T09:00", "ended_at": "2026-11-25T10:30", "samples": "2", "reason": "忘记停止"}
    assert browser.post(form, data=right).status_code == 303
    assert "忘记停止" in browser.get(f"/usage/{record.id}").text


@pytest.mark.parametrize("query", ["state=%00", "page=" + "9" * 40, "page=-1", "state=<script>", "per_page=x"])
def test_odd_filters_of_the_list_harm_nothing(session: Session, scene: Scene, entered: Entered, query: str) -> None:
    assert entered(scene.researcher).get(f"/usage?{query}").status_code in (200, 404, 422)


def test_lists_and_records_need_few_statements(
    scene: Scene, booked: Booking, entered: Entered, at: At, statements: list[str]
) -> None:
    at(0)
    browser = entered(scene.researcher)
    browser.post(f"/at/{scene.machine.code}/bookings/{booked.id}/start")
    record = queries.running_at(scene.machine.id)[0]
    for page in (f"/at/{scene.machine.code}", "/usage", f"/usage/{record.id}"):
        statements.clear()
        assert browser.get(page).status_code == 200
        assert len(statements) <= 12, page
