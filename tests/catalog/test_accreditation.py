"""CMA and CNAS belong to a laboratory, a method and a date: never to a machine, never for ever."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.catalog import service
from equipment_cloud.catalog.models import Scheme
from equipment_cloud.catalog.rules import read_standard
from equipment_cloud.discovery import queries
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import Forbidden, Invalid
from equipment_cloud.organisations.models import Kind, Organisation
from tests.conftest import NOW
from tests.factories import catalog as make
from tests.factories import occupancy as people

TODAY = date(2026, 11, 23)
Lab = tuple[Organisation, Actor]


@pytest.mark.parametrize(
    ("text", "number", "edition"),
    [
        ("GB/T 2423.17-2024", "gbt2423p17", "2024"), ("ＧＢ/Ｔ２４２３．１７", "gbt2423p17", ""),
        ("gbt2423.1", "gbt2423p1", ""), ("ISO 6892-1:2019", "iso6892p1", "2019"), ("ASTM B117-19", "astmb117", "19"),
        ("IPC-TM-650 2.3.28", "ipctm650p2p3p28", ""), ("企业标准 A-1", "企业标准a1", ""),
    ],
)  # fmt: skip
def test_a_standard_is_read_however_it_is_typed(text: str, number: str, edition: str) -> None:
    found = read_standard(text)
    assert (found.number, found.edition) == (number, edition)


@pytest.fixture
def lab(session: Session) -> Lab:
    owner = people.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    return owner, people.member(session, owner, "manager")


def scope(owner: Organisation, by: Actor, *standards: str, first: date = TODAY, last: date = TODAY) -> int:
    return service.record_scope(
        owner.id, Scheme.CMA, "161100000000", standards, valid_from=first, valid_to=last, by=by, now=NOW
    )


def accredited(on: date = TODAY) -> set[str]:
    return {each.name for each in queries.search_services("", accredited=True, today=on, number=1, size=20).page.items}


@pytest.mark.parametrize(
    ("line", "counts"),
    [("GB/T2423.17", True), ("GB/T 2423.17-2024", True), ("GB/T 2423.17-2008", False), ("GB/T 2423.1", False)],
)
def test_only_the_same_method_and_edition_count(lab: Lab, line: str, counts: bool) -> None:
    owner, manager = lab
    made = make.test_service(owner, method_standards=["GB/T 2423.17-2024"])
    scope(owner, manager, line)
    assert accredited() == ({made.name} if counts else set())


def test_a_scope_covers_its_own_laboratory_on_its_days_alone(session: Session, lab: Lab) -> None:
    owner, manager = lab
    other = people.organisation(session, "另一检测中心", kind=Kind.INSTITUTION)
    make.test_service(owner, name="甲的盐雾")
    make.test_service(other, name="乙的盐雾")
    scope(owner, manager, "GB/T 2423.17", first=TODAY, last=TODAY + timedelta(days=9))
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=10)]
    assert [accredited(day) for day in days] == [set(), {"甲的盐雾"}, {"甲的盐雾"}, set()]


def test_the_same_line_twice_is_one_line_and_bad_lines_are_refused(lab: Lab) -> None:
    owner, manager = lab
    assert [scope(owner, manager, "GB/T 2423.17"), scope(owner, manager, "GBT2423.17", "UL 94")] == [1, 1]
    with pytest.raises(Invalid):
        scope(owner, manager, "UL 94", first=TODAY, last=TODAY - timedelta(days=1))
    with pytest.raises(Forbidden):
        scope(owner, Actor(999, "外人"), "UL 94")


def test_an_unaccredited_offer_says_what_its_data_are_worth(client: FlaskClient, lab: Lab) -> None:
    owner, manager = lab
    made = make.test_service(owner, minimum_quantity="10 g", hazard_note="不收易爆样品")
    page = client.get(f"/services/{made.id}").text
    assert "不出具证明性报告" in page
    assert "10 g" in page
    assert "不收易爆样品" in page
    scope(owner, manager, "GB/T 2423.17", first=date(2020, 1, 1), last=date(2099, 12, 31))
    assert "不出具证明性报告" not in client.get(f"/services/{made.id}").text
