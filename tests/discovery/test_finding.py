"""Limits, order, one's own prices, and what is offered where nothing is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.booking import queries as bookings_known
from equipment_cloud.booking.rules import Purpose
from equipment_cloud.catalog.models import Accreditation, Scheme
from equipment_cloud.catalog.rules import read_standard
from equipment_cloud.discovery import queries
from equipment_cloud.discovery.queries import Found
from equipment_cloud.discovery.rules import Asked, Sort
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.clock import today
from equipment_cloud.vouchers import queries as vouchers
from tests.conftest import NOW, Client
from tests.factories import booking as bookings
from tests.factories import carriers
from tests.factories import catalog as make
from tests.factories import vouchers as cards


def search(**asked: Any) -> Found:
    return queries.search_instruments(Asked(**asked), today=today(NOW), now=NOW, number=1, size=20)


def ids(**asked: Any) -> list[int]:
    return [hit.instrument.id for hit in search(**asked).page.items]


def test_accredited_means_by_this_laboratory_for_this_method_today(session: Session) -> None:
    scene = bookings.scene(session)
    make.test_service(scene.provider, scene.machine)
    make.instrument(scene.provider)
    assert ids(accredited=True) == []
    standard = read_standard("GB/T 2423.17")
    line = Accreditation(
        organisation_id=scene.provider.id, scheme=Scheme.CMA, certificate="示例", standard="GB/T 2423.17",
        number=standard.number, edition="", valid_from=date(2026, 1, 1), valid_to=today(NOW),
        recorded_by=scene.manager.id, recorded_at=NOW,
    )  # fmt: skip
    session.add(line)
    session.flush()
    assert ids(accredited=True) == [scene.machine.id]
    line.valid_to = today(NOW) - timedelta(days=1)
    session.flush()
    assert ids(accredited=True) == []


def test_calibration_is_valid_to_the_end_of_its_last_day(session: Session) -> None:
    owner, day = make.organisation(), today(NOW)
    make.instrument(owner, calibration_valid_until=None)
    make.instrument(owner, calibration_valid_until=day - timedelta(days=1))
    valid = make.instrument(owner, calibration_valid_until=day)
    assert ids(calibrated=True) == [valid.id]


def test_a_band_of_prices_has_two_ends(session: Session) -> None:
    scene = bookings.scene(session)
    assert ids(min_price_fen=30_000, max_price_fen=30_000) == [scene.machine.id]
    assert ids(min_price_fen=30_001) == []


def test_the_newest_come_first(session: Session) -> None:
    owner = make.organisation()
    old, new = make.instrument(owner), make.instrument(owner, published_at=NOW)
    assert ids(sort=Sort.NEWEST) == [new.id, old.id]


def test_vouchers_are_no_use_at_home(session: Session) -> None:
    scene = bookings.scene(session)
    carriers.carrier(session, scene.provider)
    assert ids(voucher=True) == [scene.machine.id]
    assert ids(voucher=True, customer=scene.provider.id) == []


@pytest.fixture
def city(session: Session) -> cards.City:
    """An enterprise, a provider on the register, and six machines of theirs with different prices."""
    town = cards.city(session, NOW)
    for number in range(6):
        machine = make.instrument(town.provider)
        bookings.priced(session, machine, by=town.keeper, hour_fen=20_000 + number * 10_000)
    return town


def test_ones_own_price_is_what_the_booking_would_say(
    session: Session, city: cards.City, statements: list[str]
) -> None:
    period, keys = bookings.hours(0, 3), ids()
    assert len(keys) == 6
    plain = queries.own_prices(keys, city.enterprise, period, purpose=Purpose.RD.value)
    assert plain.voucher is None
    card = city.voucher()
    counted: list[int] = []
    for some in (keys[:1], keys):
        session.expire_all()
        statements.clear()
        found = queries.own_prices(some, city.enterprise, period, purpose=Purpose.RD.value)
        counted.append(len(statements))
    assert counted[1] <= counted[0] + 1, "the statements grow with the list"
    assert found.voucher == card.number
    for key in keys:
        one = bookings_known.estimate(
            key, period, organisation_id=city.enterprise.id, purpose=Purpose.RD.value, voucher_id=card.id, now=NOW
        )
        mine = found.by_instrument[key]
        assert (mine.price_fen, mine.voucher_fen, mine.payable_fen) == (one.price_fen, one.voucher_fen, one.payable_fen)
        assert mine.voucher_fen > 0


def test_estimates_of_many_give_the_reasons_that_one_gives(session: Session, city: cards.City) -> None:
    card, day = city.voucher(), today(NOW)
    strange = make.organisation("不在册的机构")
    asked = {1: city.provider.id, 2: strange.id, 3: city.enterprise.id}
    for purpose in ("rd", "certification"):
        many = vouchers.estimates(
            card, city.enterprise.id, {key: (provider, 90_000) for key, provider in asked.items()},
            category="instrument_use", purpose=purpose, on=day,
        )  # fmt: skip
        for key, provider in asked.items():
            one = vouchers.estimate(card, city.enterprise.id, provider, "instrument_use", purpose, 90_000, day)
            assert [reason.code for reason in many[key].reasons] == [reason.code for reason in one.reasons]
            assert many[key].amount_fen == one.amount_fen
    assert many[2].reasons


def test_where_nothing_is_found_other_ways_are_offered(client: Client, session: Session) -> None:
    make.instrument(make.organisation())
    text_index.recount()
    found = queries.search_everything("三坐标 quetzal", today=today(NOW), now=NOW, number=1, size=5)
    assert not found.answer.is_exact
    assert found.answer.unknown == ["quetzal"]
    assert queries.other_ways("三坐标 quetzal", found.answer)[0] == "三坐标"
    page = client.get("/search?q=三坐标 quetzal").text
    assert "quetzal" in page
    assert "/search?q=%E4%B8%89%E5%9D%90%E6%A0%87" in page


def test_filters_do_not_turn_words_into_other_words(session: Session) -> None:
    make.instrument(make.organisation(), name="三坐标 显微", town_code="330281004")
    make.instrument(make.organisation(), name="三坐标", town_code="330281001")
    text_index.recount()
    assert search(q="三坐标 显微", town=("330281001",)).page.total == 0
    assert search(q="三坐标 显微").page.total == 1


def test_own_prices_are_for_those_who_book(client: Client, session: Session, city: cards.City) -> None:
    key = ids()[0]
    path = f"/instruments/our-prices?id={key}"
    assert client.get(path).status_code == 303
    assert "our-prices" not in client.get("/instruments").text
    client.sign_in(session.get_one(Person, city.researcher.id))
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'id="own-price-{key}"' in answer.text
    assert "our-prices" in client.get("/search?q=三坐标").text
    client.sign_in(session.get_one(Person, city.reviewer.id))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("odd", ["id=x", "id=" + "9" * 40, "free_from=x&free_to=y", "free_from=9999-12-31T23:59", ""])
def test_odd_questions_for_own_prices_get_an_answer(
    client: Client, session: Session, city: cards.City, odd: str
) -> None:
    client.sign_in(session.get_one(Person, city.researcher.id))
    assert client.get(f"/instruments/our-prices?{odd}").status_code == 200
