"""From confirmed hours to money: papers, claim, two reviewers, batch, notice, treasury, paid."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from tests import city
from tests.journeys.conftest import Walker

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


def claim(walker: Walker, folder: Path, *, price: str, own: str) -> str:
    """The accountant gathers contract, invoice, payment and report, and files the claim; its address."""
    paper = folder / "paper.pdf"
    paper.write_bytes(PAPER)
    walker.sign_in("accountant@sme.example").go("/claims/new").follow("Prepare the claim").press("Begin the claim")
    edit = walker.path
    walker.follow("Record a contract").fill(
        number="HT-1", title="Use of an infrared spectrometer", signed_on=str(TODAY), amount_fen=price
    )  # fmt: skip
    walker.upload("file", paper).press("Record contract")
    walker.go(edit).follow("Record an invoice").fill(
        number="26332000000000000001", issued_on=str(TODAY), item="*研发和技术服务*检测费", net_fen=price, tax_fen="0",
        total_fen=price,
    )  # fmt: skip
    walker.upload("file", paper).press("Record invoice")
    walker.go(edit).follow("Record a payment").fill(slip_number="S-1", paid_on=str(TODAY), amount_fen=own)
    walker.upload("file", paper).press("Record payment")
    walker.go(edit).tick("contract")
    _use(walker, "invoice", price)
    _use(walker, "payment", own)
    walker.upload("report", paper).fill(report_number="BG-1").tick("declared").press("Save and check")
    walker.press("File the claim").sees("Filed on")
    return walker.path


def review(walker: Walker, address: str) -> None:
    """The reviewer looks at every finding and passes; only another person may approve."""
    walker.sign_in("reviewer@bureau.example").go(address)
    while (notes := walker.page.locator("main .finding textarea[name=note]")).count() and _open(walker):
        notes.nth(_open(walker) - 1).fill("Looked at and found in order.")
        walker.page.locator("main .finding").get_by_role("button", name="Keep note").nth(_open(walker) - 1).click()
        walker.page.wait_for_load_state()
    walker.fill(opinion="The papers are complete.").press("Pass")
    assert not walker.offers("Pass"), "the person who reviewed may approve as well"
    walker.sign_in("approver@bureau.example").go(address).fill(opinion="Agreed.").press("Pass")
    walker.sees("Approved on")


def assemble(walker: Walker, env: dict[str, str]) -> str:
    """The clock lists what was approved, the leader checks the list, the treasurer posts it; the batch's address."""
    city.flask("jobs", "run", "settlement.assemble-batch", "--on", f"{TODAY.year + 1}-01-01", env=env)
    walker.sign_in("leader@bureau.example").go("/batches").follow_first("table").press("Check this batch")
    address = walker.path
    walker.sign_in("finance@bureau.example").go(address).press("Post").sees("working days")
    return address


def close_notice(env: dict[str, str]) -> None:
    """The clock ends the notice after its last working day."""
    on = TODAY + timedelta(days=30)
    city.flask("jobs", "run", "settlement.close-notices", "--on", str(on), env=env)


def pay(walker: Walker, address: str, folder: Path) -> Path:
    """The treasurer sends the list, fills in what the treasury answered, imports it and closes; the list."""
    walker.sign_in("finance@bureau.example").go(address).fill(document_number="2026-1").press("Send")
    listed = walker.download("Payment list", folder)
    answered = folder / "answered.xlsx"
    _answer(listed, answered)
    walker.upload("file", answered).press("Import").go(address).press("Close the batch").sees("Closed")
    return listed


def _use(walker: Walker, kind: str, yuan: str) -> None:
    """Type how much of the newest paper of a kind serves this claim."""
    walker.page.locator(f"main input[name^='{kind}-']").first.fill(yuan)


def _open(walker: Walker) -> int:
    """How many findings still want a note."""
    boxes = walker.page.locator("main .finding textarea[name=note]")
    return sum(not text for text in (boxes.nth(place).input_value() for place in range(boxes.count())))


def _answer(listed: Path, target: Path) -> None:
    """Write ``payment made`` into every line of the list, as the treasury does."""
    book = openpyxl.load_workbook(listed)
    sheet = book.worksheets[0]
    names = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if re.fullmatch(r"\d+", str(sheet.cell(row, names["Line number"]).value or "")):
            sheet.cell(row, names["Payment result"], "payment made")
            sheet.cell(row, names["Payment date"], str(TODAY))
            sheet.cell(row, names["Treasury reference"], f"T{row:04d}")
    book.save(target)
