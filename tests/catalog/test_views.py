"""The owner's and the surveyor's pages, clicked in order."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog import queries
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.organisations.models import Kind
from tests.factories import catalog as make
from tests.factories import occupancy as people

FORM = {
    "unit_number": "YY-9", "positions": "2", "name": "三坐标测量机", "model": "CONTURA", "manufacturer": "蔡司",
    "class_code": "030100", "original_value_fen": "865,000.50", "in_service_on": "2021-06-01", "technical": "900 mm",
    "function": "测量", "service_content": "检测", "requirement": "预约", "town_code": "330281004", "address": "示例路",
    "contact_name": "王示例", "phone": "0574-62000000", "share_mode": "external", "mode": "both",
    "subjects": "机械，物理",
    "funds": ["own", "local"],
}  # fmt: skip


@pytest.fixture
def desk(session: Session):
    owner = people.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)

    class Desk:
        organisation = owner
        manager = session.get(Person, people.member(session, owner, "manager").id)
        operator = session.get(Person, people.member(session, owner, "operator").id)
        surveyor = session.get(Person, people.member(session, bureau, "surveyor").id)

    session.commit()
    return Desk


def test_from_the_form_through_verification_into_the_catalogue(client, session: Session, desk) -> None:
    client.sign_in(desk.manager)
    answer = client.post("/my-instruments/new", data={**FORM, "organisation_id": desk.organisation.id})
    assert answer.status_code == 303, answer.text
    page = answer.headers["Location"]
    record: Instrument = session.query(Instrument).filter_by(unit_number="YY-9").one()
    assert (record.original_value_fen, record.subjects) == (86_500_050, ["机械", "物理"])
    assert sorted(record.funds) == ["local", "own"]
    assert client.get(page).status_code == 200
    assert client.post(f"{page}/submit").status_code == 303
    client.sign_in(desk.surveyor)
    assert record.name in client.get("/verification").text
    assert client.get(f"/verification/{record.id}").status_code == 200
    assert client.post(f"/verification/{record.id}/send-back", data={"reason": ""}).status_code == 422
    assert client.post(f"/verification/{record.id}/verify").status_code == 303
    client.sign_in(desk.manager)
    consent = client.get(f"{page}/consent").text
    assert 'value="original_value_fen"' in consent
    assert 'checked class="form-check-input" id="public_fields-' in consent or "checked" in consent
    agreed = {"accepts_terms": "y", "public_fields": ["phone"], "publish": "1"}
    assert client.post(f"{page}/consent", data={**agreed, "accepts_terms": ""}).status_code == 422
    assert client.post(f"{page}/consent", data=agreed).status_code == 303
    session.expire_all()
    assert queries.instrument(record.id).state is InstrumentState.PUBLISHED
    assert client.get(f"/instruments/{record.id}").status_code == 200


def test_the_original_value_is_not_proposed_for_the_public(client, session: Session, desk) -> None:
    record = make.instrument(desk.organisation, consented_at=None, state=InstrumentState.VERIFIED)
    session.commit()
    page = client.sign_in(desk.manager).get(f"/my-instruments/{record.id}/consent").text
    for line in page.split("<input"):
        if 'value="original_value_fen"' in line:
            assert "checked" not in line.split(">")[0]
        if 'value="phone"' in line:
            assert "checked" in line.split(">")[0]


def test_editing_keeps_what_was_and_says_what_is_wrong(client, session: Session, desk) -> None:
    record = make.instrument(desk.organisation)
    session.commit()
    client.sign_in(desk.manager)
    assert "CONTURA 9/12/8" in client.get(f"/my-instruments/{record.id}/edit").text
    bad = client.post(f"/my-instruments/{record.id}/edit", data={**FORM, "in_service_on": "2030-01-01", "name": ""})
    assert bad.status_code == 422
    hostile = {**FORM, "name": "a\0b", "phone": "x" * 500, "run_hours": "1" * 40, "original_value_fen": "1e99"}
    assert client.post(f"/my-instruments/{record.id}/edit", data=hostile).status_code == 422
    stale = {**FORM, "revision": "0"}
    assert client.post(f"/my-instruments/{record.id}/edit", data=stale).status_code == 422
    fine = client.post(f"/my-instruments/{record.id}/edit", data={**FORM, "revision": str(record.revision)})
    assert fine.status_code == 303, fine.text


def test_pausing_resuming_positions_and_calibration(client, session: Session, desk) -> None:
    record = make.instrument(desk.organisation)
    session.commit()
    client.sign_in(desk.operator)
    page = f"/my-instruments/{record.id}"
    assert client.get(f"{page}/pause").status_code == 200
    assert client.post(f"{page}/pause", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/pause", data={"reason": "检修"}).status_code == 303
    assert "检修" in client.get(page).text
    assert client.post(f"{page}/resume").status_code == 303
    dates = {"kind": "calibration", "performed_on": "2026-11-01", "valid_until": "2027-11-01", "certificate": "C-1"}
    assert client.post(f"{page}/calibrations/new", data={**dates, "valid_until": "2020-01-01"}).status_code == 422
    assert client.post(f"{page}/calibrations/new", data=dates).status_code == 303
    assert client.post(f"{page}/positions", data={"positions": "3"}).status_code == 403
    client.sign_in(desk.manager)
    assert client.post(f"{page}/positions", data={"positions": "0"}).status_code == 422
    assert client.post(f"{page}/positions", data={"positions": "3"}).status_code == 303
    assert client.get(f"{page}/retire").status_code == 200
    assert client.post(f"{page}/retire", data={"reason": "报废"}).status_code == 303


def test_strangers_meet_a_closed_door(client, session: Session, desk) -> None:
    record = make.instrument(desk.organisation, state=InstrumentState.DRAFT)
    other = people.organisation(session, "别处", kind=Kind.INSTITUTION)
    stranger = session.get(Person, people.member(session, other, "manager").id)
    session.commit()
    assert client.get("/my-instruments").status_code == 303
    client.sign_in(stranger)
    for path in ("", "/edit", "/consent", "/pause", "/retire", "/calibrations/new"):
        assert client.get(f"/my-instruments/{record.id}{path}").status_code == 404
    assert client.get("/verification").status_code == 403
    assert client.get("/my-instruments/99999999").status_code == 404
    assert client.get("/my-instruments/" + "9" * 40).status_code == 404


def test_test_services_are_kept_on_their_own_page(client, session: Session, desk) -> None:
    record = make.instrument(desk.organisation)
    session.commit()
    client.sign_in(desk.manager)
    values = {
        "organisation_id": desk.organisation.id, "name": "盐雾试验", "category": "030100", "unit": "24 h",
        "price_fen": "240", "turnaround_days": "5", "method_standards": "GB/T 2423.17\nGB/T 10125",
        "instrument_ids": [str(record.id)],
    }  # fmt: skip
    assert client.get("/my-services/new").status_code == 200
    assert client.post("/my-services/new", data={**values, "price_fen": "x"}).status_code == 422
    assert client.post("/my-services/new", data=values).status_code == 303
    (found,) = queries.services_of(people_actor(desk), number=1, size=20).items
    assert found.method_standards == ["GB/T 2423.17", "GB/T 10125"]
    assert client.post(f"/my-services/{found.id}/publish").status_code == 303
    assert client.get(f"/my-services/{found.id}/edit").status_code == 200
    assert client.get("/my-services?state=published").text.count("盐雾试验") >= 1
    assert client.post(f"/my-services/{found.id}/withdraw").status_code == 303


def test_the_lists_ask_few_questions(client, session: Session, desk, statements: list[str], now: datetime) -> None:
    for number in range(30):
        make.instrument(desk.organisation, unit_number=f"S{number}", state=InstrumentState.SUBMITTED)
    session.commit()
    for person, path in ((desk.manager, "/my-instruments?per_page=100"), (desk.surveyor, "/verification?per_page=100")):
        client.sign_in(person)
        statements.clear()
        assert client.get(path).status_code == 200
        assert len(statements) <= 12, statements


def people_actor(desk) -> Actor:
    return Actor(desk.manager.id, "管理员", (Grant(desk.organisation.id, "manager"),))
