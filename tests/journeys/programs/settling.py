"""From confirmed hours to money: bill, papers, claim, two people, batch, notice, payment."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl

from tests.factories.billing import pdf
from tests.journeys.programs import (
    ACCOUNTANT,
    APPROVER,
    HOUR_FEN,
    LEADER,
    REVIEWER,
    SHARE_FEN,
    TREASURER,
    Env,
    run_job,
    today,
)
from tests.journeys.programs.caller import Program


def file_claim(program: Program, voucher: int, usage: int, env: Env) -> int:
    """The accountant sees the bill, records contract, invoice and payment, and files the checked claim; its id."""
    run_job("billing.issue-charges", today(), env)
    bill = program.done(ACCOUNTANT, "GET", "/bills")["items"][0]
    assert (bill["usage_id"], bill["payable_fen"]) == (usage, HOUR_FEN - SHARE_FEN)
    parts, contract = record_papers(program, bill)
    body = {"voucher_id": voucher, "usage_ids": [usage], "contract_ids": [contract], "allocations": parts[:1]}
    draft = program.done(ACCOUNTANT, "POST", "/claims", body)
    here = f"/claims/{draft['id']}"
    missing = program.refused("422 payment-short", ACCOUNTANT, "POST", f"{here}/submit")
    assert all(error["remedy"] for error in missing["errors"])
    assert "payment" in [piece["kind"] for piece in draft["evidence"] if piece["state"] == "missing"]
    whole = {"allocations": parts, "file_ids": [paper(program, "report")], "report_number": "BG-1"}
    checked = program.changed(ACCOUNTANT, here, whole)
    assert [finding for finding in checked["findings"] if finding["level"] == "block"] == []
    assert {piece["state"] for piece in checked["evidence"]} <= {"present", "doubtful"}
    assert checked["requested_fen"] == SHARE_FEN
    assert any(line["binding"] for line in checked["calculation"])
    filed = program.done(ACCOUNTANT, "POST", f"{here}/submit")
    assert (filed["state"], filed["stage"]) == ("submitted", "review")
    run_job("settlement.check-claims", today(), env)
    program.refused("422 not-claimable", ACCOUNTANT, "POST", "/claims", {**body, "allocations": []})
    return int(draft["id"])


def record_papers(program: Program, bill: dict[str, Any]) -> tuple[list[dict[str, int]], int]:
    """Contract, invoice and bank slip of a bill: the parts a claim uses of the papers, and the contract's id."""
    seller = program.done(ACCOUNTANT, "GET", f"/organisations/{bill['provider_id']}")
    price, own, day = bill["price_fen"], bill["payable_fen"], today().isoformat()
    contract = program.done(ACCOUNTANT, "POST", "/contracts", {
        "provider_id": seller["id"], "number": "HT-1", "title": "检测合同", "signed_on": day, "amount_fen": price,
        "file_id": paper(program, "contract"),
    })  # fmt: skip
    invoice = program.done(ACCOUNTANT, "POST", "/invoices", {
        "number": "26332000000000000001", "issued_on": day, "seller_name": seller["name"],
        "seller_code": seller["credit_code"], "item": "*研发和技术服务*检测费", "net_fen": price, "tax_fen": 0,
        "total_fen": price, "file_id": paper(program, "invoice"),
    })  # fmt: skip
    payment = program.done(ACCOUNTANT, "POST", "/payments", {
        "slip_number": "HD-1", "payee_name": seller["name"], "paid_on": day, "amount_fen": own,
        "file_id": paper(program, "payment"),
    })  # fmt: skip
    parts = [{"invoice_id": invoice["id"], "amount_fen": price}, {"payment_id": payment["id"], "amount_fen": own}]
    return parts, contract["id"]


def paper(program: Program, words: str) -> int:
    """A scan of the accountant's; its id."""
    return int(program.upload(ACCOUNTANT, "/files", f"{words}.pdf", pdf(words).read())["id"])


def review(program: Program, claim: int) -> None:
    """Two people decide; neither may do the other's part."""
    here = f"/claims/{claim}/approve"
    program.refused("403 forbidden", APPROVER, "POST", here, {"opinion": "同意"})
    assert program.done(REVIEWER, "POST", here, {"opinion": "材料齐全"})["stage"] == "approval"
    program.refused("403 same-person", REVIEWER, "POST", here, {"opinion": "同意"})
    program.refused("422 only-down", APPROVER, "POST", here, {"opinion": "同意", "amount_fen": SHARE_FEN + 100})
    decided = program.done(APPROVER, "POST", here, {"opinion": "同意兑付"})
    assert (decided["state"], decided["approved_fen"]) == ("approved", SHARE_FEN)
    program.refused("409 wrong-state", APPROVER, "POST", here, {"opinion": "同意"})


def assemble(program: Program, claim: int, env: Env) -> int:
    """The clock lists what was approved, once however often it runs, and the leader checks it; the batch's id."""
    due = date(today().year, 7, 1) if today().month < 7 else date(today().year + 1, 1, 1)
    assert run_job("settlement.assemble-batch", due, env)["done"] == 1
    assert run_job("settlement.assemble-batch", due, env)["done"] == 0
    batches = program.done(LEADER, "GET", "/batches")
    assert batches["page"]["total"] == 1
    here = f"/batches/{batches['items'][0]['id']}"
    lines = program.done(LEADER, "GET", f"{here}/lines")["items"]
    assert [(line["claim_id"], line["amount_fen"]) for line in lines] == [(claim, SHARE_FEN)]
    program.refused("403 forbidden", TREASURER, "POST", f"{here}/check")
    program.refused("409 wrong-state", TREASURER, "POST", f"{here}/send")
    checked = program.done(LEADER, "POST", f"{here}/check", {"note": "逐笔核对无误"})
    assert (checked["state"], checked["agrees"], checked["total_fen"]) == ("checked", True, SHARE_FEN)
    return int(checked["id"])


def post(program: Program, batch: int, env: Env) -> None:
    """The treasurer posts the list; nothing is sent before its last working day is over."""
    here = f"/batches/{batch}"
    words = {"title": "兑付公示", "body": "现将兑付名单予以公示。"}
    notice = f"/notices/{program.done(TREASURER, 'POST', f'{here}/notice', words)['notice_id']}"
    posted = program.done(None, "GET", notice)
    row = program.done(None, "GET", f"{notice}/lines")["items"][0]
    assert (posted["state"], row["content"]["amount_fen"]) == ("open", SHARE_FEN)
    last = date.fromisoformat(posted["closes_on"])
    assert run_job("settlement.close-notices", last, env)["done"] == 0
    program.refused("409 notice-open", TREASURER, "POST", f"{here}/send")
    assert run_job("settlement.close-notices", last + timedelta(days=1), env)["done"] == 1
    assert program.done(None, "GET", notice)["state"] == "closed"


def pay(program: Program, batch: int, claim: int) -> None:
    """The treasurer sends the list, and brings it back as the treasury filled it in: the claim is paid."""
    here = f"/batches/{batch}"
    assert program.done(TREASURER, "POST", f"{here}/send", {"document_number": "2026-1"})["state"] == "sent"
    program.refused("409 lines-open", TREASURER, "POST", f"{here}/close")
    answered = filled(program.download(TREASURER, f"{here}/payment-list.xlsx"))
    for _twice in range(2):
        taken = program.upload(TREASURER, f"{here}/results-file", "results.xlsx", answered)
        assert (taken["rows"], taken["paid"], taken["paid_fen"], taken["refused"]) == (1, 1, SHARE_FEN, 0)
    paid = program.done(ACCOUNTANT, "GET", f"/claims/{claim}")
    assert (paid["state"], paid["paid_on"]) == ("paid", today().isoformat())
    closed = program.done(TREASURER, "POST", f"{here}/close")
    assert (closed["state"], closed["sums"]) == ("closed", [{"state": "paid", "count": 1, "total_fen": SHARE_FEN}])
    assert all(step["done_at"] for step in closed["steps"])


def filled(workbook: bytes) -> bytes:
    """The payment list with ``payment made`` in every line, as the treasury sends it back."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        if isinstance(row[0].value, int):
            sheet.cell(row[0].row, columns["Payment result"], "payment made")
            sheet.cell(row[0].row, columns["Payment date"], today().isoformat())
            sheet.cell(row[0].row, columns["Treasury reference"], "T-1")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
