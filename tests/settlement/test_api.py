"""The way of a claim for programs: from contract to payment result, by calls alone."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.settlement import queries
from equipment_cloud.settlement.rules import ClaimState
from tests.factories import billing as papers
from tests.factories.settlement import Town, town
from tests.settlement.conftest import Call


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.later)
    return made


def uploaded(call: Call, actor: Actor, text: str) -> int:
    data = {"file": (papers.pdf(text), "材料.pdf")}
    answer = call(actor, "POST", "/files", data=data, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def draft_body(place: Town, call: Call) -> dict[str, Any]:
    """Papers recorded by calls, and the body of a complete claim."""
    usage, firm, provider, who = place.usage(), place.city.enterprise, place.city.provider, place.owner
    contract = call(who, "POST", "/contracts", json={
        "provider_id": provider.id, "number": "HT-1", "title": "测量合同", "signed_on": "2026-11-20",
        "amount_fen": 500_000, "file_id": uploaded(call, who, "contract"),
    })  # fmt: skip
    assert contract.status_code == 201, contract.text
    facts = papers.invoice_facts(firm, provider)
    invoice = call(who, "POST", "/invoices", json={
        "number": facts.number, "issued_on": "2026-11-25", "seller_name": provider.name,
        "seller_code": provider.credit_code, "item": "检测费", "net_fen": facts.net_fen, "tax_fen": facts.tax_fen,
        "total_fen": 90_000, "file_id": uploaded(call, who, "invoice"),
    })  # fmt: skip
    assert invoice.status_code == 201, invoice.text
    assert invoice.json["buyer_code"] == firm.credit_code
    payment = call(who, "POST", "/payments", json={
        "slip_number": "HD1", "payee_name": provider.name, "paid_on": "2026-11-25", "amount_fen": 45_000,
        "file_id": uploaded(call, who, "slip"),
    })  # fmt: skip
    assert payment.status_code == 201, payment.text
    return {
        "voucher_id": place.voucher.id, "usage_ids": [usage.id], "contract_ids": [contract.json["id"]],
        "allocations": [
            {"invoice_id": invoice.json["id"], "amount_fen": 90_000},
            {"payment_id": payment.json["id"], "amount_fen": 45_000},
        ],
        "file_ids": [uploaded(call, who, "report")],
    }  # fmt: skip


def test_a_claim_goes_from_draft_to_paid_by_calls(place: Town, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from equipment_cloud.settlement import service

    made = call(place.owner, "POST", "/claims", json=draft_body(place, call))
    assert made.status_code == 201, made.text
    claim_id = made.json["id"]
    assert (made.json["state"], made.json["requested_fen"]) == ("draft", 45_000)
    assert {piece["kind"] for piece in made.json["evidence"]} == {"service", "contract", "invoice", "payment", "report"}
    assert any(line["binding"] for line in made.json["calculation"])
    filed = call(place.owner, "POST", f"/claims/{claim_id}/submit")
    assert (filed.status_code, filed.json["state"], filed.json["stage"]) == (200, "submitted", "review")
    passed = call(place.city.reviewer, "POST", f"/claims/{claim_id}/approve", json={"opinion": "属实"})
    assert (passed.status_code, passed.json["state"], passed.json["stage"]) == (200, "in_review", "approval")
    decided = call(place.city.approver, "POST", f"/claims/{claim_id}/approve", json={"opinion": "同意"})
    assert (decided.json["state"], decided.json["approved_fen"]) == ("approved", 45_000)
    batch = service.assemble(place.city.pool.id, date(2026, 7, 1), date(2026, 12, 31), now=place.later)
    assert batch is not None
    service.check_batch(batch.id, by=place.leader, now=place.later)
    service.post_notice(batch.id, "公示", "公示", by=place.city.approver, now=place.later)
    notice_id = queries.batch(batch.id).notice_id or 0
    listed = call(None, "GET", f"/notices/{notice_id}/lines")
    assert listed.json["items"][0]["content"]["amount_fen"] == 45_000
    assert call(None, "GET", "/notices?state=open").json["page"]["total"] == 1
    service.close_notice(notice_id, batch.id, now=place.paid_at)
    service.send_batch(batch.id, by=place.treasurer, now=place.paid_at)
    row = {"position": 1, "claim_number": made.json["number"], "amount_fen": 45_000, "result": "paid",
           "paid_on": "2026-12-11"}  # fmt: skip
    rows = {"results": [row, {**row, "position": 9}]}
    for _twice in range(2):
        answer = call(place.treasurer, "POST", f"/batches/{batch.id}/results", json=rows)
        assert answer.status_code == 200, answer.text
        assert (answer.json["rows"], answer.json["paid"], answer.json["refused"]) == (2, 1, 1)
    whole = call(place.auditor, "GET", f"/batches/{batch.id}").json
    assert (whole["agrees"], whole["sums"]) == (True, [{"state": "paid", "count": 1, "total_fen": 45_000}])
    assert call(place.owner, "GET", f"/claims/{claim_id}").json["state"] == "paid"
    assert call(place.auditor, "GET", f"/batches/{batch.id}/lines").json["items"][0]["paid_on"] == "2026-12-11"


def test_a_returned_claim_is_completed_by_calls(place: Town, call: Call) -> None:
    claim = place.filed()
    here = f"/claims/{claim.id}"
    call(place.city.reviewer, "POST", f"{here}/return", json={"reason": "请补正", "defects": ["报告不清晰"]})
    read = call(place.owner, "GET", here)
    old = next(piece["file_id"] for piece in read.json["evidence"] if piece["kind"] == "report")
    body = {"file_ids": [uploaded(call, place.owner, "clear report")], "drop_file_ids": [old]}
    assert call(place.owner, "PATCH", here, json=body).status_code == 428
    tagged = {"If-Match": read.headers["ETag"]}
    changed = call(place.owner, "PATCH", here, json=body, headers=tagged)
    assert changed.status_code == 200, changed.text
    files = [piece["file_id"] for piece in changed.json["evidence"] if piece["kind"] == "report"]
    assert files == body["file_ids"]
    assert changed.json["requested_fen"] == 45_000
    assert call(place.owner, "PATCH", here, json={}, headers=tagged).status_code == 412
    assert call(place.owner, "POST", f"{here}/check").json["state"] == "returned"
    assert call(place.owner, "POST", f"{here}/submit").json["state"] == "submitted"
    fresh = {"If-Match": call(place.owner, "GET", here).headers["ETag"]}
    assert call(place.owner, "PATCH", here, json={}, headers=fresh).json["code"] == "wrong-state"
    assert call(place.finance, "PATCH", here, json={}, headers=fresh).status_code == 403


def test_filing_an_incomplete_claim_lists_everything_that_stops_it(place: Town, call: Call) -> None:
    body = {"voucher_id": place.voucher.id, "usage_ids": [place.usage().id]}
    claim_id = call(place.owner, "POST", "/claims", json=body).json["id"]
    refused = call(place.owner, "POST", f"/claims/{claim_id}/submit")
    assert refused.status_code == 422
    assert {error["code"] for error in refused.json["errors"]} == {"no-contract", "no-invoice", "payment-short"}


def test_more_than_an_invoice_says_is_a_conflict(place: Town, call: Call) -> None:
    body = draft_body(place, call)
    body["allocations"][0]["amount_fen"] = 90_001
    refused = call(place.owner, "POST", "/claims", json=body)
    assert (refused.status_code, refused.json["code"]) == (409, "over-allocated")
    assert call(place.owner, "GET", "/claims").json["page"]["total"] == 0


def test_the_same_person_on_a_second_stage_is_refused(place: Town, call: Call, session: Session) -> None:
    from tests.factories.occupancy import member

    both = member(session, place.city.bureau, "reviewer", "approver", name="示例兼任")
    claim = place.filed()
    assert call(both, "POST", f"/claims/{claim.id}/approve", json={"opinion": "属实"}).status_code == 200
    refused = call(both, "POST", f"/claims/{claim.id}/approve", json={"opinion": "同意"})
    assert (refused.status_code, refused.json["code"]) == (403, "same-person")


def test_a_decision_out_of_turn_is_wrong_state(place: Town, call: Call) -> None:
    claim = place.approved()
    refused = call(place.city.approver, "POST", f"/claims/{claim.id}/approve", json={"opinion": "同意"})
    assert (refused.status_code, refused.json["code"]) == (409, "wrong-state")


def test_the_opinion_stands_as_note_of_a_warning(place: Town, call: Call) -> None:
    from equipment_cloud.settlement import service

    place.city.provider.phone = place.city.enterprise.phone
    claim = service.submit(place.draft().id, by=place.owner, now=place.later)
    answer = call(place.city.reviewer, "POST", f"/claims/{claim.id}/approve", json={"opinion": "园区总机，属实"})
    assert answer.status_code == 200, answer.text
    assert answer.json["findings"][0]["note"] == "园区总机，属实"


def test_a_return_and_a_rejection_need_their_reasons(place: Town, call: Call) -> None:
    claim = place.filed()
    here = f"/claims/{claim.id}"
    assert call(place.city.reviewer, "POST", f"{here}/return", json={"reason": "x", "defects": []}).status_code == 422
    body = {"reason": "请补正", "defects": ["contract-pages", "缺第二页"]}
    answer = call(place.city.reviewer, "POST", f"{here}/return", json=body)
    assert (answer.json["state"], len(answer.json["defects"])) == ("returned", 2)
    call(place.owner, "POST", f"{here}/submit")
    assert call(place.city.reviewer, "POST", f"{here}/reject", json={"reason": ""}).status_code == 422
    assert call(place.city.reviewer, "POST", f"{here}/reject", json={"reason": "不在范围"}).json["state"] == "rejected"


def test_a_withdrawn_claim_stays_withdrawn(place: Town, call: Call) -> None:
    claim = place.filed()
    assert call(place.owner, "POST", f"/claims/{claim.id}/withdraw").json["state"] == "withdrawn"
    assert call(place.owner, "POST", f"/claims/{claim.id}/submit").status_code == 409
    assert queries.claim(claim.id).state is ClaimState.WITHDRAWN


def test_strangers_and_visitors_see_no_claim(place: Town, call: Call, session: Session) -> None:
    from tests.factories.occupancy import member, organisation

    claim = place.filed()
    stranger = member(session, organisation(session, "外单位"), "owner")
    assert call(stranger, "GET", f"/claims/{claim.id}").status_code == 404
    assert call(stranger, "POST", f"/claims/{claim.id}/withdraw").status_code == 404
    assert call(None, "GET", "/claims").status_code == 401
    assert call(stranger, "GET", "/batches").status_code == 403
    shown = call(place.finance, "GET", f"/claims/{claim.id}").json
    assert {piece["file_id"] for piece in shown["evidence"]} == {None}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/claims", {"voucher_id": 10**40}), ("/claims", {"voucher_id": "1"}), ("/claims", {}),
        ("/claims", {"voucher_id": 1, "usage_ids": [], "order_ids": [1]}),
        ("/claims", {"voucher_id": 1, "allocations": [{"amount_fen": 5}]}),
        ("/contracts", {"provider_id": 10**9, "number": "1", "title": "x", "signed_on": "2026-11-20", "amount_fen": 1,
                        "file_id": 1}),
        ("/contracts", {"provider_id": 1, "number": "a\x00", "title": "x", "signed_on": "20261120", "amount_fen": -1}),
        ("/invoices", {"number": "1", "issued_on": "2026-11-25", "seller_name": "x", "seller_code": "x", "item": "x",
                       "net_fen": 1, "tax_fen": 1, "total_fen": 3, "file_id": 1}),
        ("/payments", {"slip_number": "1", "payee_name": "x", "paid_on": "2026-11-25", "amount_fen": 1,
                       "file_id": 999999}),
    ],
)  # fmt: skip
def test_bad_bodies_get_a_clear_answer(place: Town, call: Call, path: str, body: dict[str, Any]) -> None:
    answer = call(place.owner, "POST", path, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"]


def test_an_unknown_provider_or_voucher_is_not_found(place: Town, call: Call) -> None:
    usage = place.usage()
    unknown = {"voucher_id": place.voucher.id, "provider_id": 999_999, "usage_ids": [usage.id]}
    assert call(place.owner, "POST", "/claims", json=unknown).status_code == 404
    other = {"voucher_id": 999_999, "provider_id": place.city.provider.id, "usage_ids": [usage.id]}
    assert call(place.owner, "POST", "/claims", json=other).status_code == 404
    assert call(place.owner, "GET", "/claims/" + "9" * 40).status_code == 404


def test_anyone_may_object_by_a_call(place: Town, call: Call) -> None:
    batch = place.noticed(claims=1)
    line = call(None, "GET", f"/notices/{batch.notice_id}/lines").json["items"][0]
    here = f"/notices/{batch.notice_id}/lines/{line['id']}/objections"
    assert call(None, "POST", here, json={"name": "王", "contact": "1"}).status_code == 422
    body = {"name": "王示例", "contact": "13800000000", "text": "该服务未发生"}
    answer = call(None, "POST", here, json=body)
    assert answer.status_code == 201, answer.text
    assert set(answer.json) == {"id", "raised_at"}
    assert io.BytesIO(answer.data).read().find(b"13800000000") == -1
