"""Pages of bookings: what people see, what they are refused, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from equipment_cloud.booking import service
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.foundation.access import Actor
from tests.factories import booking as make
from tests.factories import occupancy as places
from tests.factories.booking import NOW, Scene, hours

SignIn = Callable[[Actor], FlaskClient]
FORM = {"starts_at": "2026-11-25T09:00", "ends_at": "2026-11-25T12:00", "purpose": "rd", "voucher_id": ""}


def book_url(scene: Scene) -> str:
    return f"/instruments/{scene.machine.id}/book"


def form(scene: Scene, **changes: str) -> dict[str, str]:
    return FORM | {"organisation_id": str(scene.customer.id)} | changes


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, scene: Scene) -> None:
    answer = client.get(book_url(scene))
    assert answer.status_code == 303
    assert "next=" in answer.location


def test_the_week_stands_beside_the_form(as_person: SignIn, scene: Scene) -> None:
    make.booked(scene)
    page = as_person(scene.researcher).get(book_url(scene)).get_data(as_text=True)
    assert "slot-mine" in page
    assert "slot-free" in page
    assert 'name="starts_at"' in page
    page = as_person(scene.stranger).get(book_url(scene)).get_data(as_text=True)
    assert "slot slot-mine" not in page
    assert "slot slot-pending" in page
    assert scene.customer.name not in page


def test_a_cell_of_the_calendar_fills_the_form(as_person: SignIn, scene: Scene) -> None:
    query = "?starts_at=2026-12-02T09:00&ends_at=2026-12-02T09:30"
    page = as_person(scene.researcher).get(book_url(scene) + query).get_data(as_text=True)
    assert 'value="2026-12-02T09:00"' in page
    assert "2026-11-30" in page, "the week of the time chosen is shown"


def test_a_request_leads_to_its_booking(session: Session, as_person: SignIn, scene: Scene) -> None:
    answer = as_person(scene.researcher).post(book_url(scene), data=form(scene))
    assert answer.status_code == 303
    booking = session.get_one(Booking, int(answer.location.rsplit("/", 1)[1]))
    assert (booking.state, booking.starts_at) == (BookingState.REQUESTED, hours(0, 3).starts_at)
    page = as_person(scene.researcher).get(answer.location).get_data(as_text=True)
    assert booking.number in page
    assert "900.00" in page


def test_all_that_is_wrong_is_said_at_once(as_person: SignIn, scene: Scene) -> None:
    wrong = form(scene, starts_at="2026-11-28T05:10", ends_at="2026-11-28T05:20", purpose="nonsense")
    answer = as_person(scene.researcher).post(book_url(scene), data=wrong)
    assert answer.status_code == 422
    wrong = form(scene, starts_at="2026-11-28T05:10", ends_at="2026-11-28T05:20")
    answer = as_person(scene.researcher).post(book_url(scene) + "?lang=en", data=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("shortest booking", "steps of 30 minutes", "closed on 2026-11-28", "next possible start"):
        assert words in page


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "", "ends_at": ""},
        {"starts_at": "0001-01-01T00:00"},
        {"ends_at": "9999-12-31T23:59"},
        {"starts_at": "12026-11-25T09:00"},
        {"starts_at": "9" * 40},
        {"starts_at": "2026-11-25T12:00"},
        {"starts_at": "2026-11-25T13:00"},
        {"starts_at": "2020-11-25T09:00", "ends_at": "2020-11-25T12:00"},
        {"note": "x\x00y"},
        {"note": "x" * 5000},
        {"voucher_id": "9" * 40},
        {"voucher_id": "7"},
        {"organisation_id": "9" * 40},
        {"organisation_id": "-1"},
        {"purpose": ""},
        {"customer_sign_in": "13800000000"},
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(as_person: SignIn, scene: Scene, changes: dict[str, str]) -> None:
    answer = as_person(scene.researcher).post(book_url(scene), data=form(scene, **changes))
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_taken_time_is_answered_with_free_times_nearby(as_person: SignIn, scene: Scene) -> None:
    make.booked(scene)
    answer = as_person(scene.stranger).post(
        book_url(scene), data=form(scene, organisation_id=str(scene.stranger.organisations()[0]))
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409, page
    assert "?starts_at=2026-11-25T12%3A00" in page.replace("&amp;", "&")


def test_the_estimate_follows_what_is_typed(as_person: SignIn, scene: Scene) -> None:
    query = "?starts_at=2026-11-25T09:00&ends_at=2026-11-25T12:00&purpose=&lang=en"
    client = as_person(scene.researcher)
    part = client.get(f"{book_url(scene)}/estimate{query}").get_data(as_text=True)
    assert "900.00" in part
    assert "problem" not in part
    make.booked(scene)
    part = client.get(f"{book_url(scene)}/estimate{query}").get_data(as_text=True)
    assert "just taken" in part
    assert "Choose a time" in client.get(f"{book_url(scene)}/estimate?lang=en").get_data(as_text=True)


def test_the_desk_books_for_who_calls(session: Session, as_person: SignIn, scene: Scene) -> None:
    caller = session.get_one(places.Person, scene.researcher.id)
    given = form(scene, organisation_id=str(scene.provider.id), customer_sign_in=caller.email or "")
    answer = as_person(scene.operator).post(book_url(scene), data=given)
    assert answer.status_code == 303
    booking = session.get_one(Booking, int(answer.location.rsplit("/", 1)[1]))
    assert (booking.organisation_id, booking.person_id) == (scene.customer.id, scene.researcher.id)
    given["customer_sign_in"] = "nobody@nowhere.example"
    answer = as_person(scene.operator).post(book_url(scene), data=given | {"starts_at": "2026-11-25T13:00"})
    assert answer.status_code == 422


def test_a_stranger_sees_no_booking(as_person: SignIn, scene: Scene) -> None:
    booking = make.booked(scene)
    for path in ("", "/calendar.ics", "/reschedule"):
        assert as_person(scene.stranger).get(f"/bookings/{booking.id}{path}").status_code == 404
    assert as_person(scene.stranger).post(f"/bookings/{booking.id}/cancel").status_code == 404


def test_the_provider_confirms_or_declines(as_person: SignIn, scene: Scene) -> None:
    first, second = make.booked(scene), make.booked(scene, hours(4, 6))
    client = as_person(scene.manager)
    assert client.post(f"/bookings/{first.id}/approve").status_code == 303
    assert first.state is BookingState.APPROVED
    assert client.post(f"/bookings/{second.id}/decline", data={"reason": ""}).status_code == 422
    assert client.post(f"/bookings/{second.id}/decline", data={"reason": "主轴维修"}).status_code == 303
    page = as_person(scene.researcher).get(f"/bookings/{second.id}").get_data(as_text=True)
    assert "主轴维修" in page


def test_a_customer_decides_nothing(as_person: SignIn, scene: Scene) -> None:
    booking = make.booked(scene)
    client = as_person(scene.researcher)
    for act in ("approve", "decline"):
        assert client.post(f"/bookings/{booking.id}/{act}", data={"reason": "x"}).status_code == 403


def test_many_requests_are_confirmed_each_for_itself(as_person: SignIn, scene: Scene) -> None:
    good, gone = make.booked(scene), make.booked(scene, hours(4, 6))
    service.cancel(gone.id, by=scene.researcher, now=NOW)
    chosen = {"booking_id": [str(good.id), str(gone.id), "9" * 40, "x"]}
    answer = as_person(scene.manager).post("/bookings/decide?lang=en", data=chosen | {"act": "approve"})
    assert good.state is BookingState.APPROVED
    assert gone.number in answer.get_data(as_text=True)


def test_lists_show_what_waits_and_what_is_ours(as_person: SignIn, scene: Scene) -> None:
    booking = make.booked(scene)
    assert booking.number in as_person(scene.manager).get("/bookings").get_data(as_text=True)
    assert booking.number in as_person(scene.researcher).get("/bookings").get_data(as_text=True)
    assert booking.number not in as_person(scene.stranger).get("/bookings").get_data(as_text=True)
    assert booking.number not in as_person(scene.researcher).get("/bookings?state=declined").get_data(as_text=True)
    assert as_person(scene.researcher).get("/bookings?page=0").status_code == 422


def test_a_booking_is_moved_on_its_page(as_person: SignIn, scene: Scene) -> None:
    booking, other = make.booked(scene), make.booked(scene, hours(4, 6))
    url = f"/bookings/{booking.id}/reschedule"
    client = as_person(scene.researcher)
    assert 'value="2026-11-25T09:00"' in client.get(url).get_data(as_text=True)
    taken = client.post(url, data={"starts_at": "2026-11-25T13:00", "ends_at": "2026-11-25T15:00"})
    assert taken.status_code == 409
    assert "?starts_at=" in taken.get_data(as_text=True)
    assert client.post(url, data={"starts_at": "2026-11-25T13:00", "ends_at": "2026-11-25T11:00"}).status_code == 422
    moved = client.post(url, data={"starts_at": "2026-11-26T13:00", "ends_at": "2026-11-26T15:00"})
    assert moved.status_code == 303
    assert (booking.sequence, booking.starts_at) == (1, hours(28, 30).starts_at)
    assert other.sequence == 0


def test_the_calendar_file_names_time_zone_and_state(as_person: SignIn, scene: Scene) -> None:
    booking = make.booked(scene)
    answer = as_person(scene.researcher).get(f"/bookings/{booking.id}/calendar.ics")
    calendar = Calendar.from_ical(answer.get_data())
    (event,) = calendar.walk("VEVENT")
    assert answer.mimetype == "text/calendar"
    assert (str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])) == (booking.uid, 0, "TENTATIVE")
    assert event["DTSTART"].dt == booking.starts_at
    assert str(event["DTSTART"].params["TZID"]) == "Asia/Shanghai"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert b"\r\n" in answer.data
    service.approve(booking.id, by=scene.manager, now=NOW)
    service.reschedule(booking.id, hours(0, 2), by=scene.researcher, now=NOW)
    (event,) = Calendar.from_ical(
        as_person(scene.researcher).get(f"/bookings/{booking.id}/calendar.ics").get_data()
    ).walk("VEVENT")
    assert (int(event["SEQUENCE"]), str(event["STATUS"])) == (1, "CONFIRMED")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("researcher", "/instruments/{machine}/book?starts_at=2026-11-25T09:00&ends_at=2026-11-25T12:00"),
        ("researcher", "/instruments/{machine}/book/estimate?starts_at=2026-11-26T09:00&ends_at=2026-11-26T12:00"),
        ("manager", "/bookings"),
        ("researcher", "/bookings"),
        ("researcher", "/bookings/{booking}"),
        ("researcher", "/bookings/{booking}/reschedule"),
    ],
)
def test_pages_take_few_statements(as_person: SignIn, scene: Scene, statements: list[str], who: str, path: str) -> None:
    booking = make.booked(scene)
    for start in range(4):
        make.booked(scene, hours(24 + 2 * start, 26 + 2 * start))
    client = as_person(getattr(scene, who))
    url = path.format(machine=scene.machine.id, booking=booking.id)
    statements.clear()
    assert client.get(url).status_code == 200
    assert len(statements) <= 12, "\n".join(statements)
