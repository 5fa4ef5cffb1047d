"""Reads one workbook in a process of its own, which may run out of memory or crash without hurting anybody.

Started by path, as ``python -I child.py FILE SHEET MOST_ROWS MOST_COLUMNS MOST_CELLS MEMORY_BYTES SECONDS``; knows
nothing of this project. Prints one JSON document: ``{"rows": [[text]], "sheet", "sheets", "merged", "is_1904"}`` or
``{"refused": code}``. A small file can ask for any amount of memory (a zip bomb, a single cell at XFD1048576), hence
the limits of the system.
"""

from __future__ import annotations

import datetime
import json
import re
import resource
import sys
import zipfile
from typing import Any, TextIO
from xml.sax.saxutils import unescape

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_MERGED = 10_000
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
_UNCOUNTED = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")


class Unreadable(Exception):  # noqa: N818 - an answer
    """A workbook that is refused as a whole, for the reason in ``code``."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **values}


def text_of(value: object) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as ``2021-01-31``.

    A number beyond 15 digits, which a workbook cannot hold, is written ``1.23456789012346E+17``.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}".upper()
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def read(path: str, wanted: str, most_rows: int, most_columns: int, most_cells: int) -> dict[str, Any]:
    """The wanted sheet (else the first visible one that is not empty) as text."""
    with CalamineWorkbook.from_path(path) as workbook:
        visible = [
            item.name
            for item in workbook.sheets_metadata
            if item.typ == SheetTypeEnum.WorkSheet and item.visible == SheetVisibleEnum.Visible
        ]
        if wanted and wanted not in workbook.sheet_names:
            raise Unreadable("no-such-sheet", sheets=visible)
        for name in [wanted] if wanted else visible:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.end is None:
                continue
            check_size(sheet, most_rows, most_columns, most_cells)
            rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            merged = fill_merged(rows, sheet.merged_cell_ranges or [])
            is_1904 = look_inside(path, name, rows)
            return {"rows": rows, "sheet": name, "sheets": visible, "merged": merged, "is_1904": is_1904}
    raise Unreadable("no-data", sheets=visible)


def check_size(sheet: CalamineSheet, most_rows: int, most_columns: int, most_cells: int) -> None:
    height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    if height > most_rows:
        raise Unreadable("too-many-rows", most=most_rows)
    if width > most_columns:
        raise Unreadable("too-many-columns", most=most_columns)
    if height * width > most_cells:
        raise Unreadable("too-many-cells", most=most_cells)


def fill_merged(rows: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[list[int]]:
    """Give every cell of a merged range the value it shows; returns ``[top, left, bottom, right]`` of each, from 0."""
    done: list[list[int]] = []
    left_over = 1_000_000
    for (top, left), (bottom, right) in ranges[:MOST_MERGED]:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        last_row, last_column = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
        left_over -= (last_row - top + 1) * (last_column - left + 1)
        if left_over < 0:
            break
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                rows[row][column] = value
        done.append([top, left, last_row, last_column])
    return done


def look_inside(path: str, name: str, rows: list[list[str]]) -> bool:
    """Mark in ``rows`` what the reader leaves empty in an xlsx: error cells (``#N/A``), and formulas that no program
    has worked out yet (``#FORMULA!``). Returns whether the workbook counts days from 1904.
    """
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        part = sheet_part(archive, name)
        if part is None:
            return False
        book, content = archive.read("xl/workbook.xml"), archive.read(part)
    if b't="e"' in content:
        for letters, number, inside in _ERROR_CELL.findall(content):
            value = _VALUE.search(inside)
            mark(rows, letters, number, value.group(1).decode() if value else "#ERROR")
    if b"<f" in content or b":f>" in content:
        for letters, number in _UNCOUNTED.findall(content):
            mark(rows, letters, number, "#FORMULA!")
    return re.search(rb"\bdate1904=[\"'](?:1|true)[\"']", book) is not None


def mark(rows: list[list[str]], letters: bytes, number: bytes, text: str) -> None:
    column, row = 0, int(number) - 1
    for letter in letters:
        column = column * 26 + letter - 64
    if row < len(rows) and column <= len(rows[row]):
        rows[row][column - 1] = text


def sheet_part(archive: zipfile.ZipFile, name: str) -> str | None:
    """The member of an xlsx that holds a sheet; ``None`` for other formats."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        found_name = re.search(r'\bname="([^"]*)"', tag)
        found_id = re.search(r'\b\w+:id="([^"]*)"', tag)
        if not (found_name and found_id and unescape(found_name.group(1), {"&quot;": '"', "&apos;": "'"}) == name):
            continue
        for relation in re.findall(r"<Relationship\b[^>]*>", relations):
            target = re.search(r'\bTarget="([^"]*)"', relation)
            if f'Id="{found_id.group(1)}"' in relation and target:
                part = target.group(1)
                part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
                return part if part in names else None
    return None


def main(arguments: list[str], out: TextIO) -> None:
    """Read as the arguments say and print the answer; any crash is ``broken``."""
    path, wanted, *numbers = arguments
    most_rows, most_columns, most_cells, memory, seconds = map(int, numbers)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        answer = read(path, wanted, most_rows, most_columns, most_cells)
    except Unreadable as refusal:
        answer = refusal.answer
    except PasswordError:
        answer = {"refused": "encrypted"}
    except MemoryError:
        answer = {"refused": "too-large"}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError):
        answer = {"refused": "broken"}
    json.dump(answer, out, ensure_ascii=True)


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdout)
