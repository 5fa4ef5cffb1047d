"""Instrument records for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts.service import issue_token
from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.organisations.models import Kind
from tests.factories import catalog as make
from tests.factories import occupancy as people

RECORD = {
    "unit_number": "API-1", "name": "三坐标测量机", "model": "CONTURA", "manufacturer": "蔡司", "class_code": "030100",
    "original_value_fen": 86_500_000, "in_service_on": "2021-06-01", "technical": "900 mm", "function": "测量",
    "service_content": "检测", "requirement": "预约", "town_code": "330281004", "address": "示例路",
    "contact_name": "王示例", "phone": "0574-62000000", "positions": 2,
}  # fmt: skip


class Caller:
    """Sends JSON as a person."""

    def __init__(self, client: Any, session: Session, person_id: int, now: datetime) -> None:
        token, _record = issue_token(person_id, "test", now=now)
        session.commit()
        self.client, self.head = client, {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.open(
            f"/api/v1/instruments{path}", method=method, json=body, headers={**self.head, **headers}
        )


@pytest.fixture
def cast(client: Any, session: Session, now: datetime) -> Any:
    owner = people.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    other = people.organisation(session, "别处", kind=Kind.INSTITUTION)
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)

    class Cast:
        organisation = owner
        manager = Caller(client, session, people.member(session, owner, "manager").id, now)
        stranger = Caller(client, session, people.member(session, other, "manager").id, now)
        surveyor = Caller(client, session, people.member(session, bureau, "surveyor").id, now)

    return Cast


def test_a_record_walks_the_whole_way_through_the_api(client: Any, cast: Any) -> None:
    made = cast.manager("POST", "", {**RECORD, "organisation_id": cast.organisation.id})
    assert made.status_code == 201, made.text
    path = f"/{made.json['id']}"
    assert (made.json["state"], made.json["positions"]) == ("draft", 2)
    assert cast.manager("POST", f"{path}/submit").json["state"] == "submitted"
    assert cast.manager("POST", f"{path}/verify").status_code == 403
    assert cast.surveyor("POST", f"{path}/return", {"reason": "型号不全"}).json["return_reason"] == "型号不全"
    cast.manager("POST", f"{path}/submit")
    assert cast.surveyor("POST", f"{path}/verify").json["state"] == "verified"
    refused = cast.manager("POST", f"{path}/publish", {})
    assert (refused.status_code, refused.json["code"]) == (409, "no-consent")
    agreed = {"accepts_terms": True, "public_fields": ["phone"]}
    assert cast.manager("POST", f"{path}/publish", agreed).json["state"] == "published"
    public = client.get(f"/api/v1/instruments{path}").json
    assert public["phone"] == "0574-62000000"
    assert not {"original_value_fen", "email", "return_reason", "is_secret"} & set(public)
    assert cast.manager("GET", path).json["original_value_fen"] == 86_500_000
    assert cast.manager("POST", f"{path}/pause", {"reason": "检修"}).json["state"] == "paused"
    assert cast.manager("POST", f"{path}/publish", {}).json["state"] == "published"
    assert cast.manager("POST", f"{path}/retire", {"reason": "报废"}).json["state"] == "retired"


def test_owner_and_bureau_list_the_records_they_look_after(client: Any, session: Session, cast: Any) -> None:
    make.instrument(cast.organisation, name="扫描电镜")
    waiting = make.instrument(cast.organisation, name="红外光谱仪", state=InstrumentState.SUBMITTED)
    session.commit()

    def listed(caller: Any, path: str) -> Any:
        return client.get(f"/api/v1{path}", headers=caller.head)

    assert listed(cast.manager, "/my-instruments").json["page"]["total"] == 2
    found = listed(cast.manager, "/my-instruments?q=红外&state=submitted").json["items"]
    assert [(item["id"], item["name"], item["owner"]["id"]) for item in found] == [
        (waiting.id, "红外光谱仪", cast.organisation.id)
    ]
    assert listed(cast.stranger, "/my-instruments").json["items"] == []
    assert [item["id"] for item in listed(cast.surveyor, "/verification").json["items"]] == [waiting.id]
    assert listed(cast.manager, "/verification").status_code == 403
    assert listed(cast.manager, "/my-instruments?state=lost").status_code == 422


def test_a_change_needs_the_present_etag(client: Any, session: Session, cast: Any) -> None:
    record = make.instrument(cast.organisation)
    session.commit()
    path = f"/{record.id}"
    tag = cast.manager("GET", path).headers["ETag"]
    assert cast.manager("PATCH", path, {"fee_note": "300"}).status_code == 428
    assert cast.manager("PATCH", path, {"fee_note": "300"}, **{"If-Match": '"999"'}).status_code == 412
    done = cast.manager("PATCH", path, {"fee_note": "300"}, **{"If-Match": tag})
    assert (done.status_code, done.json["fee_note"]) == (200, "300")
    assert cast.manager("PATCH", path, {"fee_note": "400"}, **{"If-Match": tag}).status_code == 412
    assert cast.stranger("PATCH", path, {"fee_note": "1"}, **{"If-Match": "*"}).status_code == 403


def test_all_impossible_values_come_back_at_once(cast: Any) -> None:
    body = {
        **RECORD, "organisation_id": cast.organisation.id, "class_code": "123456", "town_code": "1", "email": "x",
        "in_service_on": "2030-01-01",
    }  # fmt: skip
    answer = cast.manager("POST", "", body)
    assert answer.status_code == 422
    assert {item["field"] for item in answer.json["errors"]} == {"class_code", "town_code", "email", "in_service_on"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a\0b"}, {"original_value_fen": 10**40}, {"original_value_fen": -1}, {"original_value_fen": "1"},
        {"run_hours": 1.5}, {"in_service_on": "2021-02-30"}, {"kind": "odd"}, {"subjects": list("abcde")},
        {"positions": 0}, {"positions": 10**40}, {"unit_number": ""}, {"nonsense": 1}, {"funds": "own"}, {"name": None},
        {"organisation_id": 10**40}, {"technical": "x" * 30_000},
    ],
)  # fmt: skip
def test_a_hostile_value_is_refused_and_nothing_written(session: Session, cast: Any, change: dict[str, Any]) -> None:
    answer = cast.manager("POST", "", {**RECORD, "organisation_id": cast.organisation.id, **change})
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"


def test_strangers_see_nothing_of_a_draft_and_enter_nothing_for_others(
    client: Any, session: Session, cast: Any
) -> None:
    record = make.instrument(cast.organisation, state=InstrumentState.DRAFT)
    session.commit()
    assert client.get(f"/api/v1/instruments/{record.id}").status_code == 404
    assert cast.stranger("GET", f"/{record.id}").status_code == 404
    assert cast.stranger("POST", f"/{record.id}/submit").status_code == 404
    assert cast.stranger("POST", "", {**RECORD, "organisation_id": cast.organisation.id}).status_code == 403
    assert client.post("/api/v1/instruments", json=RECORD).status_code == 401
    assert cast.surveyor("GET", f"/{record.id}").status_code == 200


def test_the_document_names_each_field_as_the_other_platforms_do(client: Any) -> None:
    fields = client.get("/api/v1/openapi.json").json["components"]["schemas"]["InstrumentRecord"]["properties"]
    assert "innerId" in fields["unit_number"]["description"]
    assert "worth" in fields["original_value_fen"]["description"]
    assert "省大仪 pormat" in fields["model"]["description"]
