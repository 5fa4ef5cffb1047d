"""Reads a table from bytes whose kind the content decides, within limits of size, rows, columns, memory and time."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from equipment_cloud.foundation.tabular import csv_text
from equipment_cloud.kernel.errors import N_, Invalid

_CHILD = Path(__file__).with_name("child.py")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is still read. Beyond any of them the file is refused as a whole."""

    bytes: int = 20 * 1024 * 1024
    rows: int = 100_000
    columns: int = 4_000
    cells: int = 5_000_000
    memory: int = 2 * 1024**3
    seconds: int = 30
    unpacked: int = 512 * 1024**2
    """Bytes a workbook may claim to unpack to."""


@dataclass(frozen=True, slots=True)
class Table:
    """Text cells where they stood: ``rows[0][0]`` is A1. Rows of a csv may differ in length."""

    rows: list[list[str]]
    sheet: str | None
    """Name of the sheet; ``None`` for a csv."""
    encoding: str | None = None
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges ``(top, left, bottom, right)`` from 0; their cells all carry the value shown."""
    sheets: tuple[str, ...] = ()
    """Names of the visible sheets."""
    is_1904: bool = False
    """The workbook counts days from 1904 (its dates are read rightly; bare day numbers are the reader's)."""


_SPLIT = N_("Split it and send the parts one by one.")
_TRIM = N_("Delete empty rows and columns around the data, or split it.")
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "encrypted": (
        N_("The workbook is protected by a password."),
        N_("Save it without the password and send it again."),
    ),
    "broken": (
        N_("The workbook is damaged or of a kind that cannot be read."),
        N_("Open it, save it as .xlsx and send it again."),
    ),
    "no-data": (
        N_("The workbook has no sheet with data."),
        N_("Fill in the first sheet of the template and send it again."),
    ),
    "no-such-sheet": (
        N_("The workbook has no sheet of this name; it has: %(sheets)s."),
        N_("Choose one of its sheets."),
    ),
    "too-many-rows": (N_("The table has more than %(most)s rows."), _SPLIT),
    "too-many-columns": (
        N_("The table has more than %(most)s columns."),
        N_("Delete the columns that are not needed."),
    ),
    "too-many-cells": (N_("The table has more than %(most)s cells."), _TRIM),
    "too-large": (N_("The workbook unpacks to more than can be read."), _TRIM),
}


def read_path(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> Table:
    """Read a file. Raises :class:`Invalid` (field ``file``) with one clear reason."""
    try:
        with path.open("rb") as stream:
            return read(stream, path.name, sheet=sheet, limits=limits)
    except OSError:
        raise Invalid.single(
            "no-such-file",
            N_("There is no such file, or it cannot be opened."),
            field="file",
            remedy=N_("Check its name and place."),
        ) from None


def read(stream: BinaryIO, name: str, *, sheet: str | None = None, limits: Limits | None = None) -> Table:
    """Read a table from a stream; ``name`` only tells a broken workbook from a text table.

    Raises :class:`Invalid` (field ``file``): empty, too large, encrypted, broken, without data, not a table.
    """
    bounds = limits or Limits()
    content = stream.read(bounds.bytes + 1)
    if not content:
        raise Invalid.single("empty", N_("The file is empty."), field="file", remedy=N_("Choose the file again."))
    if len(content) > bounds.bytes:
        raise Invalid.single(
            "too-large",
            N_("The file is larger than %(most)s MB."),
            field="file",
            most=bounds.bytes // 1024 // 1024,
            remedy=N_("Make it smaller or split it, then upload again."),
        )
    if content.startswith((_ZIP, _OLE)):
        return _workbook(content, sheet, bounds)
    if name.lower().endswith(_WORKBOOK_NAMES):
        raise Invalid.single(
            "not-a-workbook",
            N_("The file is named like a workbook but is none."),
            field="file",
            remedy=N_("Open it, save it as .xlsx and send it again."),
        )
    return _text_table(content, bounds)


def column_name(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    while index >= 0:
        name = chr(65 + index % 26) + name
        index = index // 26 - 1
    return name


def cell_name(row: int, index: int) -> str:
    """``J7`` for row 7 (from 1) and column index 9 (from 0)."""
    return f"{column_name(index)}{row}"


def _text_table(content: bytes, bounds: Limits) -> Table:
    text, encoding = csv_text.decode(content)
    rows = csv_text.records(text, most_rows=bounds.rows, most_columns=bounds.columns)
    if not any(cell.strip() for row in rows for cell in row):
        raise Invalid.single(
            "no-data", N_("The table has no data."), field="file", remedy=N_("Fill in the template and send it again.")
        )
    return Table(rows, None, encoding=encoding)


def _workbook(content: bytes, sheet: str | None, bounds: Limits) -> Table:
    answer: dict[str, Any] = {"refused": "encrypted"}
    if content.startswith(_ZIP) and _claimed(content) > bounds.unpacked:
        answer = {"refused": "too-large"}
    elif not (content.startswith(_OLE) and _ENCRYPTED in content):
        with tempfile.NamedTemporaryFile(suffix=".xls" if content.startswith(_OLE) else ".workbook") as copy:
            copy.write(content)
            copy.flush()
            answer = _ask_child(copy.name, sheet, bounds)
    refused = answer.get("refused")
    if refused:
        message, remedy = _REFUSALS[refused]
        values = {"sheets": "、".join(answer.get("sheets", [])) or "—", "most": answer.get("most", 0)}
        raise Invalid.single(refused, message, field="file", remedy=remedy, **values)
    merged = tuple((top, left, bottom, right) for top, left, bottom, right in answer["merged"])
    return Table(
        answer["rows"], answer["sheet"], merged=merged, sheets=tuple(answer["sheets"]), is_1904=answer["is_1904"]
    )


def _claimed(content: bytes) -> int:
    """Bytes an archive says it unpacks to: most bombs are honest about it and need not be lit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return 0


def _ask_child(path: str, sheet: str | None, bounds: Limits) -> dict[str, Any]:
    """The child's answer; dying of a limit means too large, dying otherwise means broken."""
    numbers = (bounds.rows, bounds.columns, bounds.cells, bounds.memory, bounds.seconds)
    command = [sys.executable, "-I", str(_CHILD), path, sheet or "", *map(str, numbers)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=bounds.seconds * 2, check=False)
    except subprocess.TimeoutExpired:
        return {"refused": "too-large"}
    if done.returncode != 0:
        return {"refused": "too-large" if done.returncode < 0 or b"memory" in done.stderr.lower() else "broken"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
