"""Rows below the headings that are no instruments: totals, notes and signatures, the numbering of the columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from equipment_cloud.kernel.errors import N_
from equipment_cloud.survey.rules.findings import Finding, warning
from equipment_cloud.survey.rules.headings import Head

_TOTAL = re.compile(
    r"(?:本页|本表|全部|本单位|单位)?(?:合计|总计|小计|共计|累计)(?:数|金额)?[:：]?|(?:grand|sub)?-?total[:：]?"
)
_NOTE_WORDS = (
    "注", "备注", "说明", "填表说明", "填表人", "制表人", "审核人", "负责人", "单位负责人", "联系人", "填报人",
    "填报单位", "填报日期", "日期", "单位盖章", "单位(盖章)", "note", "notes", "preparedby",
)  # fmt: skip
_NOTE = re.compile(rf"(?:{'|'.join(map(re.escape, _NOTE_WORDS))})\d?[:：].*", re.DOTALL)
_FIGURE = re.compile(r"[¥￥]?-?[\d,]+(?:\.\d+)?(?:万元|万|元|台|套|台套|台/套|件|%)?")
_SAID = {
    "totals-row": N_("A row of totals; it is passed over."),
    "note-row": N_("A note or signature below the table; it is passed over."),
    "numbering-row": N_("The numbering of the columns; it is passed over."),
}
MOST_LISTED = 200


def why_passed_over(cells: Sequence[str], head: Head, *, is_first: bool) -> str | None:
    """``totals-row``, ``note-row``, ``numbering-row`` (below the headings only), or ``None`` for an instrument."""
    first = _plain(next((cell for cell in cells if cell and not cell.isspace()), ""))
    is_total, is_note = _TOTAL.fullmatch(first), _NOTE.fullmatch(first)
    if not (is_first or is_total or is_note):
        return None
    texts = [_plain(cell) for cell in cells if cell and not cell.isspace()]
    if (
        is_first
        and len(texts) > 2
        and [text.strip("()") for text in texts] == [str(number) for number in range(1, len(texts) + 1)]
    ):
        return "numbering-row"
    different = list(dict.fromkeys(texts))
    if is_total and _has_figures_only(different[1:]):
        return "totals-row"
    if is_note and len(different) <= 2 and not _has_identity(cells, head):
        return "note-row"
    return None


def findings_about_rows(rows: Sequence[Sequence[str]], head: Head) -> Iterator[Finding]:
    """What is passed over, so that every row of the sheet is accounted for; the first 200."""
    count = 0
    for row, cells in enumerate(rows[head.row :], head.row + 1):
        why = why_passed_over(cells, head, is_first=row == head.row + 1)
        if why and count < MOST_LISTED:
            count += 1
            index = next(index for index, cell in enumerate(cells) if cell and not cell.isspace())
            yield Finding(row, warning(why, _SAID[why]), index)


def _has_figures_only(texts: Sequence[str]) -> bool:
    return all(_FIGURE.fullmatch(text) for text in texts)


def _has_identity(cells: Sequence[str], head: Head) -> bool:
    """Number and name are both there and differ: a row that is merged across has one text in all of them."""
    found = [
        _plain(cells[index])
        for index in (head.index_of("unit_number"), head.index_of("name"))
        if index is not None and index < len(cells)
    ]
    return all(found) and len(set(found)) == 2


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
