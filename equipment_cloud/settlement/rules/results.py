"""What the treasury answers, row by row: read from its table, judged against the lines of a batch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.kernel.identifiers import halfwidth
from equipment_cloud.kernel.money import fen_from_yuan, yuan_from_fen
from equipment_cloud.settlement.rules.states import LineState

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "position": ("序号", "行号", "line number", "no", "no.", "position", "line"),
    "claim": ("申请编号", "兑付申请编号", "claim", "claim number", "claim_number"),
    "amount": ("金额", "金额(元)", "支付金额", "amount", "amount (yuan)"),
    "result": ("支付结果", "结果", "状态", "result", "payment result"),
    "paid_on": ("支付日期", "付款日期", "日期", "paid on", "date", "payment date"),
    "reference": ("凭证号", "支付凭证号", "流水号", "treasury reference", "reference", "voucher number"),
    "reason": ("失败原因", "退汇原因", "原因", "reason", "bounce reason"),
}
"""Names under which the columns come; the payment list is handed out with the first of each language."""
REQUIRED = ("position", "claim", "amount", "result")
PAID_WORDS = frozenset({"成功", "已支付", "支付成功", "已拨付", "paid", "payment made", "success", "ok", "1"})
BOUNCED_WORDS = frozenset(
    {"失败", "退汇", "退回", "已退回", "支付失败", "failed", "payment failed", "bounced", "rejected", "0"}
)
TOTAL_WORDS = frozenset({"合计", "总计", "total", "sum"})
PAID, BOUNCED = "paid", "bounced"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the answer. ``row`` is its place in the sheet (heading = 1); ``result`` is ``paid`` or ``bounced``."""

    row: int
    position: int
    claim_number: str
    amount_fen: int
    result: str
    paid_on: date | None = None
    reference: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that changes nothing, and why."""

    row: int
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of the batch as it stands before the import."""

    line_id: int
    claim_id: int
    claim_number: str
    amount_fen: int
    state: LineState
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row does: ``paid``, ``bounced`` (never paid), ``returned`` (paid, then sent back) or ``unchanged``."""

    act: str
    line: LineFact
    row: ResultRow


def rows_of_table(rows: Sequence[Sequence[str]]) -> tuple[list[ResultRow], list[RowProblem]]:
    """Read the treasury's table. Raises :class:`Invalid` when its headings cannot be found; blank rows are skipped."""
    start, columns = _headings(rows)
    found: list[ResultRow] = []
    problems: list[RowProblem] = []
    for number, cells in enumerate(rows[start + 1 :], start=start + 2):
        texts = {name: _cell(cells, index) for name, index in columns.items()}
        if not any(texts.values()) or _is_total(cells):
            continue
        read = _row(number, texts)
        if isinstance(read, ResultRow):
            found.append(read)
        else:
            problems.append(read)
    return found, problems


def judge(lines: Mapping[int, LineFact], row: ResultRow) -> Verdict | RowProblem:
    """What a row does to its line: number, claim and amount must all agree."""
    line = lines.get(row.position)
    if line is None:
        return RowProblem(
            row.row, "unknown-line", N_("There is no line %(line)s in this batch."), {"line": row.position}
        )
    if line.claim_number != row.claim_number:
        return RowProblem(
            row.row,
            "other-claim",
            N_("Line %(line)s is claim %(expected)s, the file says %(found)s."),
            {"line": row.position, "expected": line.claim_number, "found": row.claim_number},
        )
    if line.amount_fen != row.amount_fen:
        return RowProblem(
            row.row,
            "other-amount",
            N_("Line %(line)s is over %(expected)s, the file says %(found)s."),
            {"line": row.position, "expected": _yuan(line.amount_fen), "found": _yuan(row.amount_fen)},
        )
    act = _ACTS.get((line.state, row.result))
    if act is None:
        return RowProblem(
            row.row,
            "wrong-state",
            N_("Line %(line)s is not to be paid now."),
            {"line": row.position},
        )
    return Verdict(act, line, row)


_ACTS: Mapping[tuple[LineState, str], str] = {
    (LineState.PAYABLE, PAID): "paid",
    (LineState.PAYABLE, BOUNCED): "bounced",
    (LineState.PAID, PAID): "unchanged",
    (LineState.PAID, BOUNCED): "returned",
    (LineState.BOUNCED, BOUNCED): "unchanged",
}


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for index, cells in enumerate(rows[:20]):
        names = {_plain(text): place for place, text in reversed(list(enumerate(cells))) if text.strip()}
        columns = {name: names[word] for name, words in HEADINGS.items() for word in reversed(words) if word in names}
        if all(name in columns for name in REQUIRED):
            return index, columns
    raise Invalid.single(
        "headings",
        N_("The columns line number, claim number, amount and result were not all found."),
        field="file",
        remedy=N_("Fill in the payment list exported here and send that back."),
    )


def _row(number: int, texts: Mapping[str, str]) -> ResultRow | RowProblem:
    position, amount, paid_on = _position(texts["position"]), _amount(texts["amount"]), texts.get("paid_on", "")
    result, day = _result(texts["result"]), _day(paid_on)
    for is_bad, code, message, text in (
        (position is None, "line-number", N_("“%(text)s” is no line number."), texts["position"]),
        (amount is None, "not-a-number", N_("“%(text)s” is no amount."), texts["amount"]),
        (result is None, "result", N_("“%(text)s” says neither paid nor failed."), texts["result"]),
        (paid_on != "" and day is None, "date", N_("“%(text)s” is no date."), paid_on),
        (result == PAID and day is None, "date-missing", N_("A payment needs its date."), ""),
    ):
        if is_bad:
            return RowProblem(number, code, message, {"text": text[:40]})
    reason = texts.get("reason", "")[:255] or None
    reference = texts.get("reference", "")[:255] or None
    return ResultRow(number, position or 0, texts["claim"], amount or 0, result or "", day, reference, reason)


def _is_total(cells: Sequence[str]) -> bool:
    return any(_plain(text).rstrip(":：") in TOTAL_WORDS for text in cells[:3])


def _cell(cells: Sequence[str], index: int) -> str:
    return halfwidth(cells[index]).lstrip("'") if index < len(cells) else ""


def _plain(text: str) -> str:
    return " ".join(halfwidth(text).lower().split())


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None


def _amount(text: str) -> int | None:
    try:
        return fen_from_yuan(text)
    except Invalid:
        return None


def _result(text: str) -> str | None:
    word = _plain(text)
    if word in PAID_WORDS:
        return PAID
    return BOUNCED if word in BOUNCED_WORDS else None


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?", text)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _yuan(fen: int) -> str:
    return f"¥{yuan_from_fen(fen):,}"
