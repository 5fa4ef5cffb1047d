"""Writes tables that a spreadsheet opens as data only: no cell ever starts a formula (CSV injection)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

import xlsxwriter

Cell = str | int | float | Decimal | date | datetime | bool | None
Formats = dict[str, object]

_STARTS_FORMULA = re.compile(r"^[\s\x00-\x20]*[=+\-@＝＋－＠\t\r\n]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
"""Letters a cell of a workbook may hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; ``width`` in characters; ``kind`` is ``text``, ``number``, ``money`` (two decimals) or ``date``."""

    heading: str
    width: int = 16
    kind: str = "text"
    choices: tuple[str, ...] = ()
    """Values of a drop-down list."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` may be a generator: it is read once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def plain_cell(value: Cell) -> str | int | float | Decimal:
    """A cell for csv: text that would start a formula gets an apostrophe before it; control characters go."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime, date)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if not isinstance(value, str):
        return value
    text = _ILLEGAL.sub("", value)
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A csv as Excel likes it (UTF-8 with mark, CRLF), line by line for streaming."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([plain_cell(heading) for heading in headings])
    for row in rows:
        yield _emptied(buffer)
        writer.writerow([plain_cell(cell) for cell in row])
    yield _emptied(buffer)


def write_xlsx(target: Path | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """A workbook with a frozen, filtered heading row a sheet; rows are written as they come, memory stays flat."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options) as book:
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "number": book.add_format({}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name[:31]), sheet, formats)


def _write_sheet(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, formats: Formats) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, formats[column.kind])
        if column.choices:
            page.data_validation(1, index, 5000, index, {"validate": "list", "source": list(column.choices)})
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, _for_xlsx(column.heading), formats["heading"])
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for index, value in enumerate(row):
            _write_cell(page, last, index, value, formats)
    page.autofilter(0, 0, max(last, 1), max(len(sheet.columns) - 1, 0))


def _write_cell(page: xlsxwriter.worksheet.Worksheet, row: int, index: int, value: Cell, formats: Formats) -> None:
    """Text is always written as text; a whole number beyond 15 digits too, or the workbook rounds it."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, index, value)
    elif isinstance(value, (int, float, Decimal)) and abs(float(value)) < 1e15:
        page.write_number(row, index, float(value))
    elif isinstance(value, datetime):
        page.write_string(row, index, value.isoformat(" "))
    elif isinstance(value, date):
        page.write_datetime(row, index, value, formats["date"])
    else:
        page.write_string(row, index, _for_xlsx(str(value)))


def _for_xlsx(text: str) -> str:
    return _ILLEGAL.sub("", text)[:_LONGEST]


def _emptied(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return content
