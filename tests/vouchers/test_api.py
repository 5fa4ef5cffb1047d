"""Vouchers for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from equipment_cloud.vouchers import service
from tests.factories.occupancy import member
from tests.factories.vouchers import City

Call = Callable[..., Any]
ASKED = {"requested_fen": 1_000_000, "purpose": "新品试制"}


def draft(call: Call, town: City) -> int:
    answer = call(town.researcher, "POST", "/vouchers", ASKED)
    assert answer.status_code == 201, answer.get_json()
    return int(answer.get_json()["id"])


def test_an_application_goes_by_two_people_to_a_voucher(call: Call, town: City) -> None:
    voucher_id = draft(call, town)
    states = [
        call(actor, "POST", f"/vouchers/{voucher_id}/{act}", body).get_json()["state"]
        for actor, act, body in (
            (town.researcher, "submit", None),
            (town.reviewer, "approve", {"opinion": "齐全"}),
            (town.approver, "issue", {"opinion": "同意", "amount_fen": 800_000}),
        )
    ]
    assert states == ["submitted", "reviewed", "issued"]
    found = call(town.researcher, "GET", f"/vouchers/{voucher_id}").get_json()
    assert (found["issued_fen"], found["available_fen"], found["held_fen"], found["drawn_fen"]) == (
        800_000,
        800_000,
        0,
        0,
    )
    assert (found["expires_on"], found["redeem_by"]) == ("2026-12-31", "2027-01-31")
    assert (found["policy"], found["is_example"], found["settlement_model"]) == ("half", True, "institution")


def test_an_application_sent_back_is_mended(call: Call, town: City) -> None:
    path = f"/vouchers/{draft(call, town)}"
    call(town.researcher, "POST", f"{path}/submit")
    call(town.reviewer, "POST", f"{path}/send-back", {"reason": "请补正", "defects": ["写明产品"]})
    tag = {"If-Match": call(town.researcher, "GET", path).headers["ETag"]}
    assert call(town.researcher, "PATCH", path, {"purpose": "x"}).status_code == 428
    assert call(town.reviewer, "PATCH", path, {"purpose": "x"}, **tag).status_code == 403
    mended = call(town.researcher, "PATCH", path, {"purpose": "传感器新品试制"}, **tag)
    assert (mended.status_code, mended.json["purpose"], mended.json["requested_fen"]) == (
        200, "传感器新品试制", ASKED["requested_fen"],
    )  # fmt: skip
    assert call(town.researcher, "PATCH", path, {"purpose": "x"}, **tag).status_code == 412
    assert call(town.researcher, "POST", f"{path}/submit").get_json()["state"] == "submitted"
    again = {"If-Match": call(town.researcher, "GET", path).headers["ETag"]}
    assert call(town.researcher, "PATCH", path, {"purpose": "x"}, **again).json["code"] == "wrong-state"


def test_approve_decides_the_stage_it_is_at(call: Call, town: City) -> None:
    voucher_id = draft(call, town)
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    assert call(town.approver, "POST", f"/vouchers/{voucher_id}/approve", {}).status_code == 403
    assert call(town.reviewer, "POST", f"/vouchers/{voucher_id}/approve", {}).get_json()["state"] == "reviewed"
    assert call(town.approver, "POST", f"/vouchers/{voucher_id}/approve", {}).get_json()["state"] == "issued"


def test_the_same_person_on_both_stages_is_refused(call: Call, town: City) -> None:
    voucher_id = draft(call, town)
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    call(town.reviewer, "POST", f"/vouchers/{voucher_id}/approve", {})
    for act in ("approve", "issue"):
        answer = call(town.reviewer, "POST", f"/vouchers/{voucher_id}/{act}", {})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "same-person")


def test_a_step_that_does_not_follow_is_a_conflict(call: Call, town: City) -> None:
    voucher_id = draft(call, town)
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    answer = call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong-state")


def test_an_empty_pool_is_a_conflict(call: Call, town: City) -> None:
    service.withdraw_from_pool(town.pool.id, 9_500_000, "示例〔2026〕3号", by=town.keeper, now=town.now)
    voucher_id = draft(call, town)
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    call(town.reviewer, "POST", f"/vouchers/{voucher_id}/approve", {})
    answer = call(town.approver, "POST", f"/vouchers/{voucher_id}/issue", {})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "pool-exhausted")
    assert call(town.researcher, "GET", f"/vouchers/{voucher_id}").get_json()["state"] == "reviewed"


def test_send_back_refuse_freeze_and_return(call: Call, town: City) -> None:
    voucher_id = draft(call, town)
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    back = {"reason": "请补正", "defects": ["缺执照", "用途不清"]}
    assert call(town.reviewer, "POST", f"/vouchers/{voucher_id}/send-back", back).get_json()["state"] == "sent_back"
    call(town.researcher, "POST", f"/vouchers/{voucher_id}/submit")
    refused = call(town.reviewer, "POST", f"/vouchers/{voucher_id}/refuse", {"reason": "不符合"})
    assert refused.get_json()["state"] == "refused"
    issued = town.voucher()
    frozen = call(town.approver, "POST", f"/vouchers/{issued.id}/freeze", {"reason": "核查"})
    assert frozen.get_json()["state"] == "frozen"
    service.unfreeze(issued.id, "完毕", by=town.approver, now=town.now)
    assert call(town.researcher, "POST", f"/vouchers/{issued.id}/return", {}).get_json()["state"] == "returned"


def test_entries_tell_act_amount_and_record(call: Call, town: City) -> None:
    voucher = town.voucher()
    town.hold(voucher, 100_000, "booking:7")
    found = call(town.researcher, "GET", f"/vouchers/{voucher.id}/entries?per_page=1").get_json()
    assert found["page"] == {"number": 1, "size": 1, "total": 2}
    (entry,) = found["items"]
    assert (entry["act"], entry["amount_fen"], entry["effect_fen"], entry["reference"]) == (
        "hold", 50_000, -50_000, "booking:7",
    )  # fmt: skip
    assert entry["at"].endswith(("Z", "+08:00"))


def test_lists_are_the_persons_own_and_filtered(call: Call, town: City) -> None:
    voucher = town.voucher()
    draft(call, town)
    found = call(town.researcher, "GET", "/vouchers?state=issued").get_json()
    assert [item["id"] for item in found["items"]] == [voucher.id]
    stranger = member(town.session, town.provider, "manager")
    assert call(stranger, "GET", "/vouchers").get_json()["page"]["total"] == 0
    assert call(stranger, "GET", f"/vouchers/{voucher.id}").status_code == 404
    assert call(stranger, "GET", f"/vouchers/{voucher.id}/entries").status_code == 404
    assert call(stranger, "POST", "/vouchers", ASKED).status_code == 403
    assert call(None, "GET", "/vouchers").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"purpose": "x"}, "requested_fen"),
        (ASKED | {"requested_fen": -1}, "requested_fen"),
        (ASKED | {"requested_fen": 10**40}, "requested_fen"),
        (ASKED | {"requested_fen": "100"}, "requested_fen"),
        (ASKED | {"requested_fen": 150}, "requested_fen"),
        (ASKED | {"purpose": "a\0b"}, "purpose"),
        (ASKED | {"purpose": " "}, "purpose"),
        (ASKED | {"unknown": 1}, "unknown"),
    ],
)
def test_a_wrong_application_is_told_its_field(call: Call, town: City, body: dict[str, Any], field: str) -> None:
    answer = call(town.researcher, "POST", "/vouchers", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_the_same_key_applies_once(call: Call, town: City) -> None:
    first = call(town.researcher, "POST", "/vouchers", ASKED, **{"Idempotency-Key": "a"}).get_json()
    again = call(town.researcher, "POST", "/vouchers", ASKED, **{"Idempotency-Key": "a"}).get_json()
    assert first["id"] == again["id"]
