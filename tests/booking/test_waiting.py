"""Time that is taken is waited for, offered to one at a time, held, taken or passed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.booking import jobs, queries, rules, service
from equipment_cloud.booking.models import Booking, BookingState, WaitlistEntry
from equipment_cloud.booking.rules import WaitState
from equipment_cloud.booking.service.waiting import NothingToWaitFor, OfferOver, WaitsAlready
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, NotFound
from equipment_cloud.occupancy.models import Occupation, OccupationKind
from equipment_cloud.occupancy.rules import PeriodTaken
from tests.factories import booking as make
from tests.factories.booking import NOW, Scene, hours

TODAY = clock.today


@pytest.fixture
def taken(scene: Scene, session: Session) -> Booking:
    """Wednesday nine to twelve, which the stranger has."""
    booking = make.booked(scene, organisation_id=scene.stranger.organisations()[0], by=scene.stranger)
    session.commit()
    return booking


def wait(scene: Scene, **changes: Any) -> WaitlistEntry:
    values: dict[str, Any] = {"organisation_id": scene.customer.id, "purpose": "rd", "by": scene.researcher, "now": NOW}
    return service.wait(scene.machine.id, hours(0, 3), **(values | changes))


def free(taken: Booking, scene: Scene, session: Session) -> None:
    service.cancel(taken.id, None, by=scene.stranger, now=NOW)
    session.commit()


def tick(later: timedelta = timedelta(0)) -> int:
    outcome = jobs.offer_waitlist(clock.today(NOW), NOW + later)
    assert outcome.failures == []
    return outcome.done


def messages(session: Session, kind: str) -> list[int]:
    found = select(OutboxMessage.person_id).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
    return list(session.scalars(found))


def test_what_comes_free_is_held_for_who_waited_first(session: Session, scene: Scene, taken: Booking) -> None:
    first, second = wait(scene), wait(scene, by=scene.owner)
    session.commit()
    assert tick() == 0
    free(taken, scene, session)
    assert [tick(), tick()] == [1, 0]
    session.expire_all()
    assert (first.state, second.state) == (WaitState.OFFERED, WaitState.WAITING)
    assert first.offered_until == NOW + rules.OFFERED_FOR
    held = session.scalars(select(Occupation).where(Occupation.reference == first.reference)).one()
    assert (held.kind, held.is_firm, held.expires_at) == (OccupationKind.HOLD, False, first.offered_until)
    assert messages(session, "booking.offered") == [scene.researcher.id]
    with pytest.raises(PeriodTaken):
        make.booked(scene, by=scene.owner)


def test_the_time_held_becomes_a_booking(session: Session, scene: Scene, taken: Booking) -> None:
    entry = wait(scene)
    free(taken, scene, session)
    tick()
    booking = service.take(entry.id, note="候补", by=scene.researcher, now=NOW)
    assert (booking.state, booking.period, booking.purpose) == (BookingState.REQUESTED, hours(0, 3), "rd")
    assert (entry.state, entry.booking_id, entry.live_key) == (WaitState.TAKEN, booking.id, None)
    kinds = session.scalars(select(Occupation.kind).where(Occupation.position_id == booking.position_id))
    assert list(kinds) == [OccupationKind.BOOKING]
    with pytest.raises(OfferOver):
        service.take(entry.id, by=scene.researcher, now=NOW)


def test_an_offer_nobody_takes_goes_to_the_next(session: Session, scene: Scene, taken: Booking) -> None:
    first, second = wait(scene), wait(scene, by=scene.owner)
    free(taken, scene, session)
    tick()
    later = rules.OFFERED_FOR
    with pytest.raises(OfferOver):
        service.take(first.id, by=scene.researcher, now=NOW + later)
    session.rollback()
    assert tick(later) == 2, "one lapses, the next is offered"
    session.expire_all()
    assert (first.state, second.state) == (WaitState.LAPSED, WaitState.OFFERED)
    assert messages(session, "booking.offer-lapsed") == [scene.researcher.id]


def test_who_leaves_gives_the_held_time_to_the_next(session: Session, scene: Scene, taken: Booking) -> None:
    first, second = wait(scene), wait(scene, by=scene.owner)
    free(taken, scene, session)
    tick()
    service.leave(first.id, by=scene.owner, now=NOW)
    session.commit()
    assert tick() == 1
    session.expire_all()
    assert (first.state, second.state) == (WaitState.LEFT, WaitState.OFFERED)


def test_nobody_waits_once_the_time_has_begun(session: Session, scene: Scene, taken: Booking) -> None:
    entry = wait(scene)
    session.commit()
    assert tick(taken.starts_at - NOW) == 1
    session.expire_all()
    assert entry.state is WaitState.LAPSED
    assert messages(session, "booking.offer-lapsed") == [], "nothing was offered"


def test_an_offer_ends_when_its_time_begins() -> None:
    assert rules.offered_until(NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def test_free_time_is_not_waited_for_and_taken_time_once(session: Session, scene: Scene) -> None:
    with pytest.raises(NothingToWaitFor):
        wait(scene)
    make.booked(scene, by=scene.owner)
    wait(scene)
    with pytest.raises(WaitsAlready):
        wait(scene)


def test_what_could_never_be_booked_is_not_waited_for(session: Session, scene: Scene, taken: Booking) -> None:
    with pytest.raises(Invalid):
        service.wait(scene.machine.id, hours(-9, -6), organisation_id=scene.customer.id, purpose="?",
                     by=scene.researcher, now=NOW)  # fmt: skip


def test_a_person_waits_for_so_many_times_at_most(session: Session, scene: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "MOST_WAITS", 1)
    for start in (0, 3):
        make.booked(scene, hours(start, start + 3), by=scene.owner)
    wait(scene)
    with pytest.raises(Invalid):
        service.wait(scene.machine.id, hours(3, 6), organisation_id=scene.customer.id, purpose="rd",
                     by=scene.researcher, now=NOW)  # fmt: skip


def test_strangers_see_and_take_nothing(session: Session, scene: Scene, taken: Booking) -> None:
    entry = wait(scene)
    for act in (service.take, service.leave):
        with pytest.raises(NotFound):
            act(entry.id, by=scene.stranger, now=NOW)


def test_programs_wait_and_take(
    client: FlaskClient, session: Session, scene: Scene, taken: Booking, today: object
) -> None:
    def call(who: Actor, verb: str, path: str, body: Any = None) -> Any:
        head = {"Authorization": f"Bearer {accounts.issue_token(who.id, 'test', now=NOW)[0]}"}
        return client.open(f"/api/v1{path}", method=verb, json=body, headers=head)

    asked = {"instrument_id": scene.machine.id, "starts_at": "2026-11-25T09:00:00+08:00",
             "ends_at": "2026-11-25T12:00:00+08:00", "purpose": "rd"}  # fmt: skip
    made = call(scene.researcher, "POST", "/waitlist", asked)
    assert (made.status_code, made.json["state"]) == (201, "waiting")
    assert call(scene.researcher, "POST", "/waitlist", asked).json["code"] == "waits-already"
    here = f"/waitlist/{made.json['id']}"
    assert call(scene.researcher, "POST", f"{here}/take").json["code"] == "offer-over"
    assert call(scene.stranger, "POST", f"{here}/take").status_code == 404
    free(taken, scene, session)
    tick()
    listed = call(scene.owner, "GET", "/waitlist").json
    assert [(item["state"], item["offered_until"]) for item in listed["items"]] == [
        ("offered", "2026-11-23T14:00:00+08:00")
    ]
    booked = call(scene.owner, "POST", f"{here}/take", {"note": "候补"})
    assert (booked.status_code, booked.json["state"], booked.json["note"]) == (200, "requested", "候补")
    assert call(scene.owner, "POST", f"{here}/leave").json["code"] == "wrong-state"
    assert call(scene.owner, "POST", "/waitlist", {**asked, "purpose": "?"}).status_code == 422


def test_the_pages_lead_from_a_taken_time_to_the_booking(
    session: Session, scene: Scene, taken: Booking, as_person: Callable[[Actor], FlaskClient]
) -> None:
    page = as_person(scene.researcher)
    form = {"starts_at": "2026-11-25T09:00", "ends_at": "2026-11-25T12:00", "purpose": "rd",
            "organisation_id": str(scene.customer.id)}  # fmt: skip
    address = f"/instruments/{scene.machine.id}/book"
    refused = page.post(address, data=form)
    assert refused.status_code == 409
    assert 'name="wait"' in refused.text
    assert page.post(address, data={**form, "wait": "1"}).location == "/bookings/waitlist"
    entry = session.scalars(select(WaitlistEntry)).one()
    assert scene.machine.name in page.get("/bookings/waitlist").text
    here = f"/bookings/waitlist/{entry.id}"
    assert "空出时会立即通知您" in page.get(here).text
    free(taken, scene, session)
    tick()
    assert 'name="voucher_id"' in page.get(here).text
    assert here in page.get("/").text, "the desk offers it"
    taken_now = page.post(f"{here}/take", data={"note": ""})
    assert taken_now.location == f"/bookings/{entry.booking_id}"
    assert as_person(scene.stranger).get(here).status_code == 404


def test_a_waiting_list_can_be_left_on_its_page(
    session: Session, scene: Scene, taken: Booking, as_person: Callable[[Actor], FlaskClient]
) -> None:
    entry = wait(scene)
    session.commit()
    page = as_person(scene.owner)
    assert page.post(f"/bookings/waitlist/{entry.id}/leave").status_code == 303
    assert queries.waits_of(scene.researcher.id) == 0
