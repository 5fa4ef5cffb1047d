"""Batches for programs: every step of the chain, lists out and results in, each by its own role."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.settlement import service
from equipment_cloud.settlement.models import BatchStep
from tests.factories.settlement import Town, town
from tests.settlement.conftest import Call

HALF = {"period_start": "2026-07-01", "period_end": "2026-12-31"}
NOTICE = {"title": "兑付公示", "body": "公示如下。"}


@pytest.fixture
def place(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = town(session, now)
    monkeypatch.setattr(clock, "now", lambda: made.later)
    return made


@pytest.fixture
def paid_at(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: place.paid_at)


def test_a_batch_goes_from_assembled_to_noticed_by_calls(place: Town, call: Call) -> None:
    place.approved()
    made = call(place.city.approver, "POST", "/batches", json={"pool_id": place.city.pool.id, **HALF})
    assert made.status_code == 201, made.text
    assert (made.json["state"], made.json["lines_count"], made.json["agrees"]) == ("assembled", 1, True)
    here = f"/batches/{made.json['id']}"
    checked = call(place.leader, "POST", f"{here}/check", json={"note": "逐笔核对"})
    assert (checked.json["state"], checked.json["steps"][1]["note"]) == ("checked", "逐笔核对")
    posted = call(place.city.approver, "POST", f"{here}/notice", json=NOTICE)
    assert (posted.status_code, posted.json["state"]) == (200, "noticed")
    assert call(None, "GET", f"/notices/{posted.json['notice_id']}").json["working_days"] == 7


def test_a_batch_of_nothing_is_refused_with_its_remedy(place: Town, call: Call) -> None:
    answer = call(place.city.approver, "POST", "/batches", json={"pool_id": place.city.pool.id, **HALF})
    assert (answer.status_code, answer.json["code"]) == (409, "nothing-to-list")
    assert answer.json["remedy"]


def test_nothing_is_sent_while_the_notice_runs(place: Town, call: Call) -> None:
    batch = place.noticed(claims=1)
    answer = call(place.treasurer, "POST", f"/batches/{batch.id}/send")
    assert (answer.status_code, answer.json["code"]) == (409, "notice-open")


@pytest.mark.usefixtures("paid_at")
def test_the_filled_payment_list_comes_back_as_results_and_the_batch_closes(place: Town, call: Call) -> None:
    batch = place.noticed(claims=2)
    service.close_notice(batch.notice_id or 0, batch.id, now=place.paid_at)
    here = f"/batches/{batch.id}"
    sent = call(place.treasurer, "POST", f"{here}/send", json={"document_number": "余科〔2026〕9号"})
    assert sent.json["state"] == "sent"
    assert call(place.treasurer, "POST", f"{here}/close").json["code"] == "lines-open"
    listed = call(place.treasurer, "GET", f"{here}/payment-list.xlsx", buffered=True)
    assert listed.status_code == 200
    filled = _filled(listed.data, "2026-12-11")
    for _twice in range(2):
        upload = {"file": (io.BytesIO(filled), "结果.xlsx")}
        taken = call(place.treasurer, "POST", f"{here}/results-file", data=upload, content_type="multipart/form-data")
        assert taken.status_code == 200, taken.text
        assert (taken.json["rows"], taken.json["paid"], taken.json["refused"]) == (2, 2, 0)
    closed = call(place.treasurer, "POST", f"{here}/close")
    assert (closed.json["state"], closed.json["sums"]) == (
        "closed", [{"state": "paid", "count": 2, "total_fen": batch.total_fen}],
    )  # fmt: skip


def _filled(workbook: bytes, paid_on: str) -> bytes:
    """The payment list with every payment made on a day, as the treasury fills it in."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        if isinstance(row[0].value, int):
            sheet.cell(row[0].row, columns["支付结果"], "成功")
            sheet.cell(row[0].row, columns["付款日期"], paid_on)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_who_takes_the_payment_list_is_kept_and_others_do_not_get_it(place: Town, call: Call, session: Session) -> None:
    batch = place.sent(claims=1)
    for stranger in (place.owner, place.city.reviewer, place.city.approver):
        assert call(stranger, "GET", f"/batches/{batch.id}/payment-list.xlsx").status_code == 403
    call(place.auditor, "GET", f"/batches/{batch.id}/payment-list.xlsx", buffered=True)
    wanted = select(AuditNote.person_name).where(AuditNote.action == "settlement.export-payment-list")
    assert session.scalars(wanted).all() == [place.auditor.name]
    notice = call(place.city.reviewer, "GET", f"/batches/{batch.id}/notice-list.xlsx", buffered=True)
    assert notice.data.startswith(b"PK")


@pytest.mark.parametrize("step", ["check", "notice", "send", "close"])
def test_a_step_is_its_own_roles_alone(place: Town, call: Call, step: str) -> None:
    batch = place.assembled(claims=1)
    for stranger in (place.owner, place.city.reviewer, place.auditor):
        assert call(stranger, "POST", f"/batches/{batch.id}/{step}", json={}).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("999/check", {}, 404), ("{id}/close", {}, 409), ("{id}/notice", {"title": ""}, 422),
     ("{id}/notice", NOTICE, 409), ("{id}/steps/9999", {"note": "x"}, 404)],
)  # fmt: skip
def test_steps_out_of_turn_get_a_clear_answer(
    place: Town, call: Call, path: str, body: dict[str, str], status: int
) -> None:
    batch = place.assembled(claims=1)
    who = {"close": place.treasurer, "check": place.leader}.get(path.rpartition("/")[2], place.city.approver)
    answer = call(who, "POST", f"/batches/{path.format(id=batch.id)}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"


def test_a_step_of_the_offices_own_chain_is_ticked_off(place: Town, call: Call, session: Session) -> None:
    batch = place.assembled(claims=1)
    step = BatchStep(batch_id=batch.id, position=99, code="meeting")
    session.add(step)
    for earlier in session.scalars(select(BatchStep).where(BatchStep.batch_id == batch.id, BatchStep.position < 99)):
        earlier.done_at = place.later
    session.flush()
    here = f"/batches/{batch.id}/steps/{step.id}"
    assert call(place.leader, "POST", here, json={}).json["errors"][0]["code"] == "note-missing"
    done = call(place.leader, "POST", here, json={"document_number": "会议纪要〔2026〕3号"})
    assert (done.json["steps"][-1]["code"], done.json["steps"][-1]["document_number"]) == (
        "meeting", "会议纪要〔2026〕3号",
    )  # fmt: skip


@pytest.mark.usefixtures("paid_at")
def test_a_rejected_transfer_is_tried_again_by_a_call(place: Town, call: Call) -> None:
    batch = place.sent(claims=1)
    claim = place.claims_of(batch)[0]
    row = {"position": 1, "claim_number": claim.number, "amount_fen": 45_000, "result": "bounced", "reason": "户名不符"}
    call(place.treasurer, "POST", f"/batches/{batch.id}/results", json={"results": [row]})
    here = f"/claims/{claim.id}/repay"
    assert call(place.treasurer, "POST", here, json={"reason": " "}).status_code == 422
    assert call(place.city.approver, "POST", here, json={"reason": "银行系统故障"}).status_code == 403
    assert call(place.treasurer, "POST", here, json={"reason": "银行系统故障"}).json["state"] == "approved"
