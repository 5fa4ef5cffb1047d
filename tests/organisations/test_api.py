"""Organisations over JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts_service
from equipment_cloud.organisations.models import Kind
from tests.conftest import NOW, Client
from tests.factories.organisations import member, organisation


def test_a_provider_is_public_but_for_its_telephone(client: Client, session: Session) -> None:
    provider = organisation(session, Kind.INSTITUTION, phone="0574-62701234")
    answer = client.get(f"/api/v1/organisations/{provider.id}")
    assert answer.status_code == 200
    assert (answer.json["kind"], answer.json["town"], answer.json["phone"]) == ("institution", "330281004", None)
    token, _record = accounts_service.issue_token(member(session, provider, "manager").id, "程序", now=NOW)
    answer = client.get(f"/api/v1/organisations/{provider.id}", headers={"Authorization": f"Bearer {token}"})
    assert answer.json["phone"] == "0574-62701234"


def test_a_user_is_not_found_by_strangers(client: Client, session: Session) -> None:
    firm = organisation(session)
    for number in (str(firm.id), "0", "9" * 40):
        answer = client.get(f"/api/v1/organisations/{number}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_standing_is_asked_for_refused_and_approved(client: Client, session: Session) -> None:
    firm, bureau = organisation(session), organisation(session, Kind.BUREAU)
    owner, reviewer = member(session, firm, "owner"), member(session, bureau, "reviewer")

    def act(person_id: int, name: str, **body: str) -> Any:
        token, _record = accounts_service.issue_token(person_id, "程序", now=NOW)
        head = {"Authorization": f"Bearer {token}"}
        return client.post(f"/api/v1/organisations/{firm.id}/standing/{name}", json=body, headers=head)

    assert act(reviewer.id, "approve").json["code"] == "wrong-state"
    assert act(owner.id, "request").json["standing"] == "requested"
    assert act(owner.id, "approve").status_code == 403
    assert act(reviewer.id, "refuse").status_code == 422
    refused = act(reviewer.id, "refuse", reason="请补充营业执照").json
    assert (refused["standing"], refused["standing_note"]) == ("refused", "请补充营业执照")
    assert act(owner.id, "request").json["standing"] == "requested"
    assert act(reviewer.id, "approve").json["standing"] == "approved"
    stranger = member(session, organisation(session), "owner")
    assert act(stranger.id, "request").status_code == 404
