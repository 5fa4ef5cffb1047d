"""Lists handed out as workbooks, for pages and programs: the payment list for the treasury, the list as posted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation.tabular import Column, Sheet, write_xlsx
from equipment_cloud.kernel.money import yuan_from_fen
from equipment_cloud.settlement import queries
from equipment_cloud.settlement.models import Batch

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def payment_list(found: Batch, *, agent_bank: str | None) -> Response:
    """Accounts as text, amounts with two decimals, count and total; the last columns are the treasury's to fill in."""
    columns = [
        Column(_("Line number"), 8, "number"), Column(_("Claim number"), 16), Column(_("Account holder"), 34),
        Column(_("Account number"), 26), Column(_("Bank"), 30), Column(_("Bank code (CNAPS)"), 16),
        Column(_("Same bank"), 12), Column(_("Amount (yuan)"), 16, "money"), Column(_("Purpose"), 16),
        Column(_("Payment result"), 12, choices=(_("payment made"), _("payment failed"))),
        Column(_("Payment date"), 14), Column(_("Treasury reference"), 18), Column(_("Bounce reason"), 24),
    ]  # fmt: skip
    count, fen = queries.sums(found).of("payable", "paid", "bounced")
    summary = [
        (_("Batch"), found.number), (_("Lines"), count), (_("Total (yuan)"), yuan_from_fen(fen)),
        (_("Period"), f"{found.period_start} – {found.period_end}"),
    ]  # fmt: skip
    sheets = [
        Sheet(_("Payment list"), columns, _payment_rows(found, agent_bank, count, fen)),
        Sheet(_("Summary"), [Column(_("Item"), 20), Column(_("Value"), 30)], summary),
    ]
    return _workbook(sheets, f"{found.number}-payment-list.xlsx")


def notice_list(found: Batch) -> Response:
    """The list as it is posted: firms in full, no persons, no accounts."""
    columns = [
        Column(_("No."), 8, "number"), Column(_("Claim number"), 16), Column(_("Applicant"), 34),
        Column(_("Provider"), 34), Column(_("Voucher"), 16), Column(_("Amount (yuan)"), 16, "money"),
    ]  # fmt: skip
    return _workbook([Sheet(_("Public notice"), columns, _notice_rows(found))], f"{found.number}-notice.xlsx")


def _payment_rows(found: Batch, bank: str | None, count: int, fen: int) -> Iterator[Sequence[Any]]:
    """One row a payment, then the total."""
    for position, claim, holder, account, branch, cnaps, same, yuan, purpose in queries.payment_rows(
        found, agent_bank=bank
    ):
        where = None if same is None else (_("same bank") if same else _("other bank"))
        yield position, claim, holder, account, branch, cnaps, where, yuan, purpose, None, None, None, None
    yield _("Total"), _("%(count)s lines", count=count), None, None, None, None, None, yuan_from_fen(fen)


def _notice_rows(found: Batch) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(queries.listed_rows(found), start=1):
        yield (
            number,
            row["claim"],
            row["organisation"],
            row["provider"],
            row["voucher"],
            yuan_from_fen(row["amount_fen"]),
        )


def _workbook(sheets: Sequence[Sheet], name: str) -> Response:
    """Written to a temporary file that is gone once it was sent."""
    target = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - closed with the response
    write_xlsx(Path(target.name), sheets)
    response = send_file(target.name, mimetype=WORKBOOK, as_attachment=True, download_name=name)
    response.call_on_close(target.close)
    return response
