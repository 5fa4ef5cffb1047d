"""Contracts: recorded by a party, seen by both and by the bureau's reviewers, kept as a real PDF."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.contracts.models import Contract
from equipment_cloud.contracts.rules import Terms, problems_with_terms
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from tests.factories import billing as make
from tests.factories.settlement import Town, town


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.later)
    return made


@pytest.fixture
def browse(client: FlaskClient, session: Session) -> Any:
    def sign_in(actor: Actor) -> Any:
        return client.sign_in(session.get(Person, actor.id))  # type: ignore[attr-defined]

    return sign_in


def form(place: Town, **changes: Any) -> dict[str, Any]:
    return {
        "buyer_id": place.city.enterprise.id, "provider": place.city.provider.name, "number": "HT-9",
        "title": "测量合同", "signed_on": "2026-11-20", "amount_fen": "5,000.00",
        "file": (make.pdf("contract"), "合同.pdf"), "next": "",
    } | changes  # fmt: skip


def post(page: Any, data: dict[str, Any]) -> Any:
    return page.post("/contracts/new", data=data, content_type="multipart/form-data")


def test_a_contract_is_recorded_and_both_parties_and_reviewers_see_it(place: Town, browse: Any) -> None:
    answer = post(browse(place.owner), form(place))
    contract = place.session.query(Contract).one()
    assert (answer.status_code, answer.location) == (303, f"/contracts/{contract.id}")
    assert contract.amount_fen == 500_000
    for actor in (place.owner, place.finance, place.city.reviewer, place.auditor):
        assert browse(actor).get(f"/contracts/{contract.id}").status_code == 200
        paper = browse(actor).get(f"/contracts/{contract.id}/file", buffered=True)
        assert paper.mimetype == "application/pdf"
        assert "HT-9" in browse(actor).get("/contracts?q=HT").get_data(as_text=True)


def test_a_stranger_and_the_policy_desk_see_nothing(place: Town, browse: Any, session: Session) -> None:
    from tests.factories.occupancy import member, organisation

    post(browse(place.owner), form(place))
    contract = place.session.query(Contract).one()
    stranger = member(session, organisation(session, "外单位"), "owner")
    for path in (f"/contracts/{contract.id}", f"/contracts/{contract.id}/file"):
        assert browse(stranger).get(path).status_code == 404
        assert browse(place.city.keeper).get(path).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "没有这家单位"}, {"amount_fen": "0"}, {"amount_fen": "1e999"}, {"signed_on": "2099-01-01"},
        {"signed_on": "1999-01-01"}, {"file": (io.BytesIO(b"GIF89a"), "合同.pdf")},
        {"file": (io.BytesIO(b""), "a.pdf")},
        {"number": ""}, {"title": "x" * 300}, {"buyer_id": "99999"},
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_a_reason(place: Town, browse: Any, changes: dict[str, Any]) -> None:
    assert post(browse(place.owner), form(place, **changes)).status_code == 422
    assert place.session.query(Contract).count() == 0


def test_the_provider_is_found_by_credit_code_as_well(place: Town, browse: Any) -> None:
    code = place.city.provider.credit_code or ""
    assert post(browse(place.owner), form(place, provider=code.lower())).status_code == 303


def test_all_problems_with_the_terms_are_named_at_once(now: datetime) -> None:
    terms = Terms("1", "x", 5, 5, now.date().replace(year=2030), 0)
    found = [problem.code for problem in problems_with_terms(terms, today=now.date())]
    assert found == ["one-party", "in-the-future", "not-positive"]
