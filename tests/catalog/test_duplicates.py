"""Two records of one machine: found, kept apart or merged; many machines of one model stay as many."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog import service
from equipment_cloud.catalog.jobs import find_duplicates
from equipment_cloud.catalog.models import DuplicatePair, Instrument, InstrumentState, PairState, Position
from equipment_cloud.catalog.rules import Identity, Likeness, like_pairs
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Forbidden, Invalid, NotFound, WrongState
from equipment_cloud.organisations.models import Kind
from tests.factories import catalog as make
from tests.factories import occupancy as people

_ids = count(1)


def identity(organisation_id: int = 1, **changes: Any) -> Identity:
    facts = {"name": "三坐标测量机", "model": "CONTURA 9/12/8", "manufacturer": "蔡司", "serial_number": "SN12345"}
    return Identity(next(_ids), organisation_id, **(facts | changes))


def found(*records: Identity) -> list[Likeness]:
    return [pair.likeness for pair in like_pairs(records)]


def test_one_serial_number_written_in_two_ways_is_one_machine_across_units() -> None:
    one, other = identity(1), identity(2, serial_number="ｓｎ-12345", name="三坐标测量仪", model="Contura 9-12-8")
    (pair,) = like_pairs([other, one])
    assert (pair.first_id, pair.second_id, pair.likeness) == (one.id, other.id, Likeness.SERIAL)
    assert pair.score > 90


def test_ten_machines_of_one_model_are_ten_machines() -> None:
    bought = {"original_value_fen": 500_000, "in_service_on": date(2021, 6, 1)}
    assert found(*(identity(serial_number=f"SN{number:05}", **bought) for number in range(10))) == []
    assert found(*(identity(serial_number=None, **bought) for _number in range(10))) == []
    assert found(identity(1, **bought), identity(2, serial_number="SN99999", **bought)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"model": None}, [Likeness.NUMBER]),
        ({"model": "CONTURA 9/12/8 HTG"}, [Likeness.NUMBER]),
        ({"model": "QX-7", "name": "离心机"}, []),
        ({"manufacturer": "Hexagon"}, [Likeness.NUMBER]),
        ({"serial_number": None}, []),
        ({"serial_number": None, "original_value_fen": 7, "in_service_on": date(2020, 1, 1)}, [Likeness.FACTS]),
        ({"serial_number": None, "original_value_fen": 7, "in_service_on": date(2020, 1, 1), "name": "离心机"}, []),
    ],
)
def test_what_makes_two_records_alike(changes: dict[str, Any], expected: list[Likeness]) -> None:
    assert found(identity(1, original_value_fen=7, in_service_on=date(2020, 1, 1)), identity(2, **changes)) == expected


def test_a_default_value_is_no_serial_number() -> None:
    assert found(identity(1, serial_number="0000"), identity(2, serial_number="0000")) == []
    assert found(identity(1, serial_number="无编号"), identity(2, serial_number="无编号")) == []
    assert found(*(identity(number, serial_number="123456") for number in range(1, 40))) == []


@pytest.fixture
def pair(session: Session, now: datetime) -> DuplicatePair:
    """Two published records of one machine at two organisations."""
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = people.member(session, bureau, "surveyor")
    for name in ("甲厂", "乙所"):
        make.instrument(make.organisation(name), name="扫描电镜", model="S-4800", manufacturer="日立",
                        serial_number="H-88231")  # fmt: skip
    session.commit()
    find_duplicates(now.date(), now)
    found_pair = session.scalars(select(DuplicatePair)).one()
    session.info["surveyor"] = person.id
    return found_pair


def by(session: Session, role: str = "surveyor", organisation_id: int = 0) -> Actor:
    return Actor(session.info["surveyor"], "查勘", (Grant(organisation_id, role),))


def test_the_clock_finds_a_pair_once_and_forgets_it_when_it_is_mended(
    session: Session, now: datetime, pair: DuplicatePair
) -> None:
    assert find_duplicates(now.date(), now).done == 0
    session.get(Instrument, pair.second_id).serial_number = "H-99999"
    session.commit()
    find_duplicates(now.date(), now)
    assert session.scalar(select(func.count()).select_from(DuplicatePair)) == 0


def test_a_merge_keeps_both_records_and_points_one_to_the_other(
    session: Session, now: datetime, pair: DuplicatePair
) -> None:
    first, second, positions = pair.first_id, pair.second_id, session.scalar(select(func.count()).select_from(Position))
    with transaction():
        service.merge(pair.id, second, by=by(session), now=now, note="同一台")
    repeat = session.get(Instrument, first)
    assert (repeat.state, repeat.merged_into_id) == (InstrumentState.RETIRED, second)
    assert session.get(Instrument, second).state is not InstrumentState.RETIRED
    assert session.scalar(select(func.count()).select_from(Position)) == positions
    decided = session.get(DuplicatePair, pair.id)
    assert (decided.state, decided.note, decided.decided_by) == (PairState.MERGED, "同一台", session.info["surveyor"])
    with pytest.raises(WrongState), transaction():
        service.merge(pair.id, second, by=by(session), now=now)
    assert find_duplicates(now.date(), now).done == 0


def test_a_record_merged_on_takes_what_pointed_to_it_along(
    session: Session, now: datetime, pair: DuplicatePair
) -> None:
    third = make.instrument(make.organisation("丙校"), name="扫描电镜", model="S-4800", manufacturer="日立",
                            serial_number="H-88231").id  # fmt: skip
    session.commit()
    find_duplicates(now.date(), now)
    with transaction():
        service.merge(pair.id, pair.second_id, by=by(session), now=now)
    later = session.scalars(select(DuplicatePair.id).where(DuplicatePair.state == PairState.OPEN)).one()
    with transaction():
        service.merge(later, third, by=by(session), now=now)
    session.expire_all()
    assert set(session.scalars(select(Instrument.merged_into_id).where(Instrument.merged_into_id.is_not(None)))) == {
        third
    }


def test_both_kept_with_a_reason_are_not_asked_about_again(
    session: Session, now: datetime, pair: DuplicatePair
) -> None:
    with pytest.raises(Invalid), transaction():
        service.keep_both(pair.id, "  ", by=by(session), now=now)
    with transaction():
        service.keep_both(pair.id, "铭牌不同", by=by(session), now=now)
    find_duplicates(now.date(), now)
    assert session.scalars(select(DuplicatePair.state)).one() is PairState.KEPT


def test_only_a_surveyor_who_works_at_neither_owner_decides(
    session: Session, now: datetime, pair: DuplicatePair
) -> None:
    owner = session.get(Instrument, pair.first_id).organisation_id
    for actor in (by(session, "leader"), by(session, "surveyor", owner), by(session, "manager", owner)):
        with pytest.raises(Forbidden), transaction():
            service.merge(pair.id, pair.first_id, by=actor, now=now)
        with pytest.raises(Forbidden), transaction():
            service.keep_both(pair.id, "x", by=actor, now=now)
    with pytest.raises(NotFound), transaction():
        service.merge(pair.id, 0, by=by(session), now=now)


def test_the_pages_of_a_pair(client, session: Session, pair: DuplicatePair) -> None:
    client.sign_in(session.get(Person, session.info["surveyor"]))
    assert "扫描电镜" in client.get("/duplicates").text
    assert "甲厂" in client.get(f"/duplicates/{pair.id}?lang=en").text
    assert client.get("/duplicates?state=merged").status_code == 200
    assert client.get("/duplicates/999999").status_code == 404
    assert client.post(f"/duplicates/{pair.id}/keep", data={"note": ""}).status_code == 422
    assert client.post(f"/duplicates/{pair.id}/merge", data={"keep": "nonsense"}).status_code in {404, 422}
    assert client.post(f"/duplicates/{pair.id}/merge", data={"keep": str(pair.first_id)}).status_code == 303
    assert "form" in client.get(f"/duplicates/{pair.id}").text
    assert client.post(f"/duplicates/{pair.id}/keep", data={"note": "x"}).status_code == 422
    firm = people.organisation(session, "企业")
    person = session.get(Person, people.member(session, firm, "manager").id)
    session.commit()
    client.sign_in(person)
    for path in ("/duplicates", f"/duplicates/{pair.id}"):
        assert client.get(path).status_code == 403
    for verb in ("merge", "keep"):
        assert client.post(f"/duplicates/{pair.id}/{verb}").status_code == 403
