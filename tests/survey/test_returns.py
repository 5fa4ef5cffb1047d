"""A unit answers, the bureau returns everything at once or accepts, and accepted rows become records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Conflict, Forbidden, Invalid, SamePerson, WrongState
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.models import Campaign, CampaignUnit, ReturnRow
from equipment_cloud.survey.rules import UnitOutcome, UnitState, asked_fields, stored, typed
from tests.conftest import Client
from tests.factories import campaigns as city
from tests.factories import organisations as units

DUE = date(2026, 12, 31)
WHOLE = {
    "name": "三坐标测量机", "model": "CONTURA", "manufacturer": "蔡司", "class_code": "030100", "mode": "both",
    "original_value_fen": 86_500_000, "in_service_on": date(2021, 6, 1), "technical": "9/12/8", "function": "测量",
    "service_content": "尺寸检测", "requirement": "提前预约", "share_mode": "external", "town_code": "330281002",
    "address": "示例路1号", "contact_name": "张", "phone": "0574-62700001",
}  # fmt: skip


@pytest.fixture
def surveyor(session: Session) -> Actor:
    return city.surveyor(session)


@pytest.fixture
def campaign(session: Session, surveyor: Actor, now: datetime) -> Campaign:
    return service.open_campaign("2026", "普查", DUE, by=surveyor, now=now)


@pytest.fixture
def unit(session: Session, campaign: Campaign, surveyor: Actor, now: datetime) -> CampaignUnit:
    return city.asked(session, campaign, surveyor, now)


@pytest.fixture
def owner(session: Session, unit: CampaignUnit) -> Actor:
    return units.actor(units.member(session, unit.organisation, "owner"))


def handed_in(unit: CampaignUnit, owner: Actor, now: datetime, **values: Any) -> ReturnRow:
    """A return of one new, complete instrument."""
    row = service.add_row(unit.id, "A-1", WHOLE | values, by=owner, now=now)
    service.submit(unit.id, by=owner, now=now, consents=True)
    return row


def record(session: Session, number: str = "A-1") -> Instrument:
    session.expire_all()
    return session.scalars(select(Instrument).where(Instrument.unit_number == number)).one()


def test_values_survive_the_way_through_json() -> None:
    assert typed(stored(WHOLE)) == WHOLE
    assert set(asked_fields("short")) < set(asked_fields("needed")) | {"serial_number"} < set(asked_fields("full"))


def test_an_accepted_row_becomes_a_published_record_that_knows_where_it_came_from(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    row = handed_in(unit, owner, now)
    service.accept(unit.id, unit.revision, by=surveyor, now=now)
    found = record(session)
    assert (found.state, found.verified_by, found.original_value_fen) == (
        InstrumentState.PUBLISHED, surveyor.id, 86_500_000,
    )  # fmt: skip
    assert "original_value_fen" not in found.public_fields
    assert session.get_one(ReturnRow, row.id).instrument_id == found.id
    (source,) = queries.returns_with(found.id, number=1, size=10).items
    assert (source.unit_id, source.entered_by) == (unit.id, owner.id)
    assert source.accepted_values["model"] == "CONTURA"
    assert "survey.return" in session.scalars(select(OutboxMessage.kind)).all()


def test_without_the_owners_consent_nothing_is_published(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    service.add_row(unit.id, "A-1", WHOLE, by=owner, now=now)
    service.submit(unit.id, by=owner, now=now)
    service.accept(unit.id, by=surveyor, now=now)
    assert record(session).state is InstrumentState.VERIFIED


def test_a_secret_or_unshared_instrument_is_never_published(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    handed_in(unit, owner, now, is_secret=True)
    service.accept(unit.id, by=surveyor, now=now)
    assert record(session).state is InstrumentState.VERIFIED


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    handed_in(unit, owner, now)
    seen = unit.revision
    service.accept(unit.id, seen, by=surveyor, now=now)
    with pytest.raises(Conflict):
        service.accept(unit.id, seen, by=surveyor, now=now)
    assert session.scalar(select(func.count()).select_from(Instrument)) == 1


def test_the_own_number_never_makes_a_second_record(
    session: Session, campaign: Campaign, unit: CampaignUnit, owner: Actor, surveyor: Actor, *, now: datetime
) -> None:
    handed_in(unit, owner, now)
    with pytest.raises(WrongState):
        service.add_row(unit.id, "A-1", WHOLE, by=owner, now=now)
    service.accept(unit.id, by=surveyor, now=now)
    service.open_campaign("2027", "明年普查", DUE, by=surveyor, now=now)
    service.add_unit("2027", unit.organisation_id, by=surveyor, now=now)
    again = city.only_units(session)[-1]
    with pytest.raises(Conflict):
        service.add_row(again.id, "A-1", WHOLE, by=owner, now=now)
    (row,) = queries.all_rows(again.id)
    service.save_row(again.id, row.id, {"model": "CONTURA G2", "name": "三坐标测量机"}, by=owner, now=now)
    assert row.values == {"model": "CONTURA G2"}
    assert queries.earlier_values(again, ["A-1"])["A-1"]["model"] == "CONTURA"
    service.submit(again.id, by=owner, now=now)
    service.accept(again.id, by=surveyor, now=now)
    assert record(session).model == "CONTURA G2"
    assert session.scalar(select(func.count()).select_from(Instrument)) == 1


def test_what_the_catalogue_knows_is_taken_in_a_few_statements_and_gone_ones_are_retired(
    session: Session, campaign: Campaign, unit: CampaignUnit, owner: Actor, surveyor: Actor, *, now: datetime,
    statements: list[str],
) -> None:  # fmt: skip
    for _each in range(12):
        city.import_one(session, campaign, unit.organisation, now=now, by=surveyor)
    session.refresh(unit)
    statements.clear()
    service.begin(unit.id, by=owner, now=now)
    assert len(statements) <= 12
    rows = queries.all_rows(unit.id)
    assert len(rows) == 12
    with pytest.raises(Invalid):
        service.mark_gone(unit.id, rows[0].id, " ", by=owner, now=now)
    service.mark_gone(unit.id, rows[0].id, "已报废", by=owner, now=now)
    number = rows[0].unit_number
    service.submit(unit.id, by=owner, now=now)
    service.accept(unit.id, by=surveyor, now=now)
    assert record(session, number).state is InstrumentState.RETIRED
    assert session.scalar(select(func.count()).where(Instrument.state == InstrumentState.DRAFT)) == 11


def test_everything_that_is_missing_is_said_at_once(
    session: Session, unit: CampaignUnit, owner: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        service.submit(unit.id, by=owner, now=now)
    assert [problem.code for problem in refused.value.problems] == ["empty"]
    service.add_row(unit.id, "A-1", {"name": "投影仪"}, by=owner, now=now)
    service.add_row(unit.id, "A-2", WHOLE | {"phone": None}, by=owner, now=now)
    with pytest.raises(Invalid) as refused:
        service.submit(unit.id, by=owner, now=now)
    assert len(refused.value.problems) > 8
    with pytest.raises(Invalid) as refused:
        service.submit(unit.id, by=owner, now=now, declares_none=True)
    assert "not-none" in {problem.code for problem in refused.value.problems}


def test_an_impossible_value_is_refused_when_it_is_typed(unit: CampaignUnit, owner: Actor, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        service.add_row(unit.id, "", WHOLE | {"town_code": "999", "in_service_on": date(2050, 1, 1)}, by=owner, now=now)
    assert {problem.field for problem in refused.value.problems} == {"unit_number", "town_code", "in_service_on"}


def test_no_equipment_is_an_answer(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    service.submit(unit.id, by=owner, now=now, declares_none=True)
    service.accept(unit.id, by=surveyor, now=now)
    assert (unit.state, unit.outcome) == (UnitState.ACCEPTED, UnitOutcome.NO_EQUIPMENT)


def test_all_defects_go_back_at_once_and_the_unit_sees_them_then(
    client: Client, session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, *, now: datetime
) -> None:
    row = handed_in(unit, owner, now)
    day = DUE + timedelta(days=5)
    with pytest.raises(Invalid):
        service.send_back(unit.id, due_on=day, by=surveyor, now=now)
    service.note_defect(unit.id, row.id, "model", "型号与铭牌不符", "按铭牌填写", by=surveyor, now=now)
    service.note_defect(unit.id, None, None, "缺少恒温箱", "补充", by=surveyor, now=now)
    with pytest.raises(Conflict):
        service.accept(unit.id, by=surveyor, now=now)
    page = f"/survey/returns/{unit.id}"
    session.commit()
    client.sign_in(city.person(session, owner))
    assert "型号与铭牌不符" not in client.get(page).text
    service.send_back(unit.id, due_on=day, by=surveyor, now=now)
    session.commit()
    text = client.get(page).text
    assert "型号与铭牌不符" in text
    assert "补充" in text
    assert (unit.state, unit.due_on) == (UnitState.RETURNED, day)
    service.save_row(unit.id, row.id, {"model": "CONTURA G2"}, by=owner, now=now)
    assert unit.state is UnitState.RETURNED
    service.submit(unit.id, by=owner, now=now)
    service.accept(unit.id, by=surveyor, now=now)
    assert record(session).model == "CONTURA G2"


def test_who_fills_in_for_a_unit_neither_agrees_for_it_nor_accepts_it(
    session: Session, unit: CampaignUnit, owner: Actor, surveyor: Actor, now: datetime
) -> None:
    service.add_row(unit.id, "A-1", WHOLE, by=surveyor, now=now)
    with pytest.raises(Invalid) as refused:
        service.submit(unit.id, by=surveyor, now=now)
    assert [problem.code for problem in refused.value.problems] == ["unconfirmed"]
    with pytest.raises(Invalid):
        service.confirm_rows(unit.id, by=surveyor, now=now)
    assert service.confirm_rows(unit.id, by=surveyor, now=now, note="张经理电话确认") == 1
    service.submit(unit.id, by=surveyor, now=now, consents=True)
    assert not unit.consents
    with pytest.raises(SamePerson):
        service.accept(unit.id, by=surveyor, now=now)


def test_strangers_and_other_towns_do_not_fill_in(
    session: Session, unit: CampaignUnit, owner: Actor, now: datetime
) -> None:
    stranger = units.actor(units.member(session, units.organisation(session), "owner"))
    elsewhere = Actor(90, "别乡", (Grant(1, "township", units.YANGMING),))
    for actor in (stranger, elsewhere):
        with pytest.raises(Forbidden):
            service.begin(unit.id, by=actor, now=now)
    liaison = Actor(91, "乡联", (Grant(1, "township", "330281002"),))
    service.begin(unit.id, by=liaison, now=now)
    with pytest.raises(Forbidden):
        service.accept(unit.id, by=owner, now=now)


def test_pages_of_a_return_from_begin_to_accept(
    client: Client, session: Session, unit: CampaignUnit, owner: Actor, campaign: Campaign
) -> None:
    page = f"/survey/returns/{unit.id}"
    assert client.get(page).status_code == 303
    client.sign_in(city.person(session, owner))
    assert page in client.get("/survey/returns").text
    assert client.get(page).status_code == 200
    form = client.get(f"{page}/rows/new")
    assert form.status_code == 200
    typed_in = {name: str(value) for name, value in WHOLE.items()} | {
        "unit_number": "A-1", "original_value_fen": "865000", "in_service_on": "2021-06-01",
    }  # fmt: skip
    assert client.post(f"{page}/rows/new", data=typed_in | {"name": ""}).status_code == 422
    assert client.post(f"{page}/rows/new", data=typed_in).status_code == 303
    row = session.scalars(select(ReturnRow)).one()
    edit = f"{page}/rows/{row.id}"
    assert 'value="865000.00"' in client.get(edit).text
    assert client.post(edit, data=typed_in | {"model": "G2"}).status_code == 303
    assert client.post(f"{page}/submit", data={"revision": "99"}).status_code == 409
    assert client.post(f"{page}/submit", data={"consents": "y"}).status_code == 303
    assert client.post(edit, data=typed_in).status_code == 422
    client.sign_in(city.sign_in_as(session, "surveyor"))
    review = f"/survey/units/{unit.id}"
    assert "G2" in client.get(f"{review}/review").text
    said = {"row_id": str(row.id), "field": "model", "reason": "不符", "remedy": "改"}
    assert client.post(f"{review}/defects", data=said | {"reason": ""}).status_code == 422
    assert client.post(f"{review}/defects", data=said).status_code == 303
    assert client.post(f"{review}/accept").status_code == 409
    defect = queries.defects_of(unit.id, 1)[0]
    assert client.post(f"{review}/defects/{defect.id}/drop").status_code == 303
    assert client.post(f"{review}/accept", data={"revision": "77"}).status_code == 409
    assert client.post(f"{review}/accept").status_code == 303
    assert record(session).model == "G2"
    stranger = units.member(session, units.organisation(session), "owner")
    session.commit()
    client.sign_in(stranger)
    for path in (page, edit, f"{page}/rows/new"):
        assert client.get(path).status_code == 404
    assert client.get(f"{review}/review").status_code == 403
