"""Favourites, instruments side by side, saved searches and the clock that tells of new finds once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.discovery import jobs, queries, service
from equipment_cloud.discovery.models import Favourite, SavedSearch
from equipment_cloud.discovery.rules import MOST_SAVED
from equipment_cloud.foundation.clock import today
from equipment_cloud.foundation.db import db
from equipment_cloud.foundation.outbox import OutboxMessage
from tests.conftest import NOW, Client
from tests.factories import booking as bookings
from tests.factories import catalog as make

LATER = NOW + timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> bookings.Scene:
    return bookings.scene(session)


@pytest.fixture
def reader(client: Client, session: Session, scene: bookings.Scene) -> Client:
    return client.sign_in(session.get_one(Person, scene.researcher.id))


def told(session: Session) -> list[tuple[int, int]]:
    """Whom, and of how many finds."""
    rows = session.execute(
        select(OutboxMessage.person_id, OutboxMessage.values)
        .where(OutboxMessage.kind == "discovery.new-finds")
        .order_by(OutboxMessage.id)
    )
    return [(person, values["count"]) for person, values in rows]


def published(scene: bookings.Scene, at: datetime, **facts: object) -> int:
    number = make.instrument(scene.provider, published_at=at, **facts).id
    db.session.commit()
    return number


def test_an_instrument_is_kept_once_and_let_go(reader: Client, session: Session, scene: bookings.Scene) -> None:
    path = f"/instruments/{scene.machine.id}"
    for _twice in range(2):
        assert reader.post(f"{path}/keep").status_code == 303
    assert session.scalar(select(func.count()).select_from(Favourite)) == 1
    assert scene.machine.name in reader.get("/kept").text
    assert f"{path}/let-go" in reader.get(path).text
    assert reader.post(f"{path}/let-go").status_code == 303
    assert not queries.favourites(scene.researcher.id)


def test_what_cannot_be_seen_cannot_be_kept(reader: Client, scene: bookings.Scene) -> None:
    hidden = make.instrument(scene.provider, state="draft")
    assert reader.post(f"/instruments/{hidden.id}/keep").status_code == 404
    assert reader.post("/instruments/999999/keep").status_code == 404


def test_what_was_booked_last_stands_first(session: Session, scene: bookings.Scene) -> None:
    bookings.booked(scene)
    assert [record.id for record in queries.recently_booked(scene.researcher.id)] == [scene.machine.id]
    assert not queries.recently_booked(scene.stranger.id)


def test_four_instruments_stand_side_by_side_in_the_order_asked(client: Client, scene: bookings.Scene) -> None:
    numbers = [make.instrument(scene.provider, name=f"第{number}台").id for number in range(5)]
    hidden = make.instrument(scene.provider, name="看不见", state="draft").id
    asked = [hidden, numbers[3], *numbers[:3], numbers[4]]
    page = client.get("/instruments/compare?" + "&".join(f"id={key}" for key in asked)).text
    assert page.index("第3台") < page.index("第0台") < page.index("第1台")
    assert "第4台" not in page
    assert "看不见" not in page
    for odd in ("", "?id=x", "?id=" + "9" * 40):
        assert client.get(f"/instruments/compare{odd}").status_code == 200


def test_new_finds_are_told_once_whatever_runs_again(reader: Client, session: Session, scene: bookings.Scene) -> None:
    published(scene, NOW - timedelta(days=2), name="盐雾试验箱")
    assert reader.post("/saved-searches", data={"q": "盐雾"}).status_code == 303
    assert jobs.tell_new(today(NOW), NOW).done == 0
    published(scene, LATER, name="盐雾试验箱")
    published(scene, LATER, name="轮廓仪")
    assert jobs.tell_new(today(LATER), LATER).done == 1
    assert jobs.tell_new(today(LATER), LATER).done == 0
    published(scene, LATER, name="盐雾腐蚀箱")
    assert jobs.tell_new(today(LATER), LATER + timedelta(days=1)).done == 1
    assert told(session) == [(scene.researcher.id, 1)] * 2


def test_a_saved_search_keeps_its_filters(reader: Client, session: Session, scene: bookings.Scene) -> None:
    reader.post("/saved-searches", data={"q": "盐雾", "town": "330281001", "kind": "instrument"})
    published(scene, LATER, name="盐雾试验箱", town_code="330281004")
    published(scene, LATER, name="盐雾试验箱", town_code="330281001")
    assert jobs.tell_new(today(LATER), LATER).done == 1
    record = queries.saved_searches(scene.researcher.id)[0]
    assert reader.get(queries.address_of(record)).status_code == 200


def test_words_that_fit_only_loosely_are_not_told(reader: Client, session: Session, scene: bookings.Scene) -> None:
    reader.post("/saved-searches", data={"q": "盐雾 显微"})
    published(scene, LATER, name="盐雾试验箱")
    assert jobs.tell_new(today(LATER), LATER).done == 0


def test_nobody_saves_a_search_for_everything_or_endlessly_many(
    reader: Client, session: Session, scene: bookings.Scene
) -> None:
    reader.post("/saved-searches", data={"q": ""})
    assert not queries.saved_searches(scene.researcher.id)
    for number in range(MOST_SAVED + 1):
        reader.post("/saved-searches", data={"q": f"盐雾{number}"})
    assert session.scalar(select(func.count()).select_from(SavedSearch)) == MOST_SAVED


def test_a_saved_search_is_its_owners_alone(client: Client, session: Session, scene: bookings.Scene) -> None:
    record = service.save_search("盐雾", {}, by=scene.researcher, now=NOW)
    service.tell_new(record.id, now=LATER)
    assert client.post(f"/saved-searches/{record.id}/forget").status_code == 303
    client.sign_in(session.get_one(Person, scene.stranger.id))
    assert client.post(f"/saved-searches/{record.id}/forget").status_code == 404
    client.sign_in(session.get_one(Person, scene.researcher.id))
    assert client.post(f"/saved-searches/{record.id}/forget").status_code == 303
    assert not queries.saved_searches(scene.researcher.id)


def test_a_forgotten_search_takes_its_memory_along(session: Session, scene: bookings.Scene) -> None:
    record = service.save_search("盐雾", {}, by=scene.researcher, now=NOW)
    published(scene, LATER, name="盐雾试验箱")
    assert service.tell_new(record.id, now=LATER) == 1
    service.forget_search(record.id, by=scene.researcher)
    assert service.tell_new(record.id, now=LATER) == 0
