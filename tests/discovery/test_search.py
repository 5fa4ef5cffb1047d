"""Finding instruments and test services, on pages and for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode
from equipment_cloud.discovery import queries
from equipment_cloud.discovery.queries import Found
from equipment_cloud.discovery.rules import Asked, Sort
from equipment_cloud.foundation.clock import today
from tests.conftest import NOW
from tests.factories import booking as bookings
from tests.factories import carriers
from tests.factories import catalog as make
from tests.factories import occupancy as places

ODD = (
    "q=%00", "q=" + "9" * 40, "q=***", "q='%20OR%201=1--", "q=%22", "q=(((", "q=光谱*%20NEAR", "q=%F0%9F%94%AC",
    "page=" + "9" * 40, "page=-1", "owner=" + "9" * 40, "owner=x", "category=%00", "town='", "mode=none", "sort=x",
    "max_price=-1", "max_price=1e400", "max_price=NaN", "free_from=x&free_to=y", "free_from=0001-01-01T00:00",
    "free_from=9999-12-31T23:59&free_to=9999-12-31T23:59", "service=" + "9" * 40, "week=x", "voucher=x",
)  # fmt: skip


@pytest.fixture
def city(session: Session) -> dict[str, Instrument]:
    """Four instruments of two owners."""
    hall, firm = make.organisation(), make.organisation("示例光学公司")
    return {
        "cmm": make.instrument(hall),
        "salt": make.instrument(
            hall, name="三坐标比对用标准器", model="SZB-1", town_code="330281001", mode=Mode.SAMPLE
        ),
        "optic": make.instrument(
            firm, name="直读光谱仪", name_en="Spark OES", model="ARL-8860/II", class_code="030200"
        ),
        "hidden": make.instrument(firm, name="光谱保密仪", state=InstrumentState.DRAFT),
    }


def search(size: int = 20, number: int = 1, **asked: Any) -> Found:
    return queries.search_instruments(Asked(**asked), today=today(NOW), now=NOW, number=number, size=size)


def names(**asked: Any) -> set[str]:
    return {hit.instrument.name for hit in search(**asked).page.items}


@pytest.mark.parametrize("word", ["光谱", "Spark", "spark oes", "ARL-8860/II", "8860", "zdg"])
def test_two_characters_english_model_numbers_and_initials_find(city: dict[str, Instrument], word: str) -> None:
    assert names(q=word) == {"直读光谱仪"}


def test_initials_of_the_name_find(city: dict[str, Instrument]) -> None:
    assert "三坐标测量机" in names(q="szb")


def test_what_is_not_published_is_never_found(city: dict[str, Instrument]) -> None:
    assert names(q="保密") == set()
    assert search().page.total == 3


def test_a_facet_counts_what_each_of_its_values_would_give(city: dict[str, Instrument]) -> None:
    found = search(town=("330281001",))
    assert found.page.total == 1
    assert {value.value: (value.count, value.chosen) for value in found.facets["town"]} == {
        "330281004": (2, False),
        "330281001": (1, True),
    }
    assert [value.count for value in found.facets["category"]] == [1]


def test_facets_narrow_together(city: dict[str, Instrument]) -> None:
    assert names(category=("0302",), mode=("both",)) == {"直读光谱仪"}
    assert names(category=("0302",), mode=("sample",)) == set()


def test_pages_hold_every_hit_once(city: dict[str, Instrument]) -> None:
    pages = [search(size=1, number=number, sort=Sort.NAME).page for number in (1, 2, 3, 4)]
    found = [hit.instrument.id for page in pages for hit in page.items]
    assert len(found) == len(set(found)) == 3
    assert {page.total for page in pages} == {3}


def test_price_and_voucher_and_free_time_filter(session: Session) -> None:
    scene = bookings.scene(session)
    mine = {scene.machine.name}
    assert names(max_price_fen=30_000) == mine
    assert names(max_price_fen=29_999) == set()
    assert names(voucher=True) == set()
    carriers.carrier(session, scene.provider)
    assert names(voucher=True) == mine
    assert names(free=bookings.hours(0, 3)) == mine
    bookings.booked(scene)
    assert names(free=bookings.hours(0, 3)) == set()


def test_the_cheapest_and_the_soonest_come_first(session: Session) -> None:
    scene = bookings.scene(session)
    other = places.instrument(session, scene.provider, name="便宜的三坐标")
    places.opened(session, other, hours="13:00-17:00")
    bookings.priced(session, other, by=scene.manager, hour_fen=20_000)
    order = {sort: [hit.instrument.id for hit in search(sort=sort).page.items] for sort in (Sort.PRICE, Sort.NEXT_FREE)}
    assert order == {Sort.PRICE: [other.id, scene.machine.id], Sort.NEXT_FREE: [scene.machine.id, other.id]}


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_get_an_answer(client: FlaskClient, city: dict[str, Instrument], query: str) -> None:
    number = city["cmm"].id
    for path in ("/instruments", "/services", f"/instruments/{number}/calendar"):
        assert client.get(f"{path}?{query}").status_code in (200, 404, 422), path
    for path in ("/api/v1/instruments", "/api/v1/services"):
        assert client.get(f"{path}?{query}").status_code in (200, 404, 422), path


def test_naughty_strings_are_only_words(client: FlaskClient, city: dict[str, Instrument], corpus: Any) -> None:
    found = next(corpus.rglob("*blns*.json"), None)
    if found is None:
        pytest.skip("the folder of real data has no list of naughty strings")
    for text in json.loads(found.read_text(encoding="utf-8")):
        assert client.get("/instruments", query_string={"q": text}).status_code == 200, text


def test_pages_need_few_statements(client: FlaskClient, session: Session, statements: list[str]) -> None:
    scene = bookings.scene(session)
    service = make.test_service(scene.provider, scene.machine)
    at = f"/instruments/{scene.machine.id}"
    for page in ("/instruments?q=坐标", at, f"{at}/calendar", "/services?q=盐雾", f"/services/{service.id}"):
        statements.clear()
        assert client.get(page).status_code == 200, page
        assert len(statements) <= 12, (page, len(statements))


def test_hidden_instruments_and_services_have_no_page(client: FlaskClient, city: dict[str, Instrument]) -> None:
    hidden = city["hidden"].id
    for path in (f"/instruments/{hidden}", f"/instruments/{hidden}/calendar", f"/api/v1/instruments/{hidden}"):
        assert client.get(path).status_code == 404
    assert client.get("/services/" + "9" * 40).status_code == 404


def test_the_original_value_is_shown_by_consent_only(
    client: FlaskClient, session: Session, city: dict[str, Instrument]
) -> None:
    path = f"/instruments/{city['cmm'].id}"
    assert "865,000" not in client.get(path).text
    city["cmm"].public_fields = ["original_value_fen"]
    session.flush()
    assert "865,000" in client.get(path).text


def test_services_have_the_facets_of_instruments(client: FlaskClient, city: dict[str, Instrument]) -> None:
    hall = city["cmm"].organisation
    hall.town_code = "330281004"
    service = make.test_service(hall, city["cmm"])
    category = service.category[:4]
    answer = client.get("/api/v1/services").json
    counts = {name: {value["value"]: value["count"] for value in values} for name, values in answer["facets"].items()}
    assert counts == {
        "category": {category: 1}, "town": {"330281004": 1}, "owner": {str(hall.id): 1}, "mode": {"sample": 1},
    }  # fmt: skip
    fitting = f"category={category}&town=330281004&owner={hall.id}&mode=sample"
    assert client.get(f"/api/v1/services?{fitting}").json["page"]["total"] == 1
    for other in ("category=0000", "town=330281001", "owner=999999", "mode=both"):
        assert client.get(f"/api/v1/services?{other}").json["page"]["total"] == 0
    assert client.get("/api/v1/services?mode=none").status_code == 422


def test_services_are_found_by_standard_and_name(city: dict[str, Instrument]) -> None:
    owner = city["cmm"].organisation
    service = make.test_service(owner, city["cmm"])
    for word in ("盐雾", "GB/T 2423.17", "salt spray"):
        found = queries.search_services(word, today=today(NOW), number=1, size=20)
        assert [item.id for item in found.page.items] == [service.id], word
        assert [value.count for value in found.facets["owner"]] == [1]
