"""The table that was sent as a workbook, every problem marked and explained in its cell, to mend and send again.

Cells are written as the text that was read, never as formulas, so that the importer reads the same again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import xlsxwriter
from flask_babel import gettext as _

from equipment_cloud.foundation.tabular import Table
from equipment_cloud.survey.models import ImportProblem
from equipment_cloud.survey.rules import PROBLEM_SHEET
from equipment_cloud.survey.wording import problem_words

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_LONGEST, _LONGEST_COMMENT = 32_767, 1_000
MOST_COMMENTS = 5_000
"""Comments written; what has none is still coloured and listed on the second sheet."""
Marks = dict[int, dict[int, tuple[str, list[str]]]]
"""Row (from 0) -> column (from 0; -1: the row as a whole) -> level and words."""


def write_marked(target: str | Path | IO[bytes], table: Table, problems: Iterable[ImportProblem]) -> None:
    """Write the table with its marks, and a second sheet that lists the problems. Rows are written as they come."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options) as book:
        colours = {
            "error": book.add_format({"bg_color": "#f8c9c4", "num_format": "@"}),
            "warning": book.add_format({"bg_color": "#fdeebb", "num_format": "@"}),
        }
        plain = book.add_format({"num_format": "@"})
        name = _FORBIDDEN.sub("", table.sheet or "").strip("'")[:31]
        page = book.add_worksheet(name if name and name.casefold() != PROBLEM_SHEET.casefold() else None)
        notes = book.add_worksheet(PROBLEM_SHEET)
        marks = _listed(notes, problems, book.add_format({"bold": True, "bottom": 1}))
        comments = MOST_COMMENTS
        for row, cells in enumerate(table.rows):
            marked = _whole_first(marks.get(row, {}), cells)
            for column, (level, words) in marked.items():
                _write(page, row, column, cells[column] if column < len(cells) else "", colours[level])
                if comments:
                    page.write_comment(row, column, "\n".join(words)[:_LONGEST_COMMENT], {"x_scale": 2})
                    comments -= 1
            for column, text in enumerate(cells):
                if column not in marked and text:
                    _write(page, row, column, text, plain)


def _whole_first(marks: dict[int, tuple[str, list[str]]], cells: list[str]) -> dict[int, tuple[str, list[str]]]:
    """Marks of a row; what concerns the row as a whole stands at its first cell."""
    found = {column: mark for column, mark in marks.items() if column >= 0}
    whole = marks.get(-1)
    if whole:
        place = next((column for column, text in enumerate(cells) if text), 0)
        level, words = found.get(place, ("warning", []))
        found[place] = ("error" if "error" in {level, whole[0]} else "warning", [*words, *whole[1]])
    return dict(sorted(found.items()))


def _listed(
    notes: xlsxwriter.worksheet.Worksheet, problems: Iterable[ImportProblem], bold: xlsxwriter.format.Format
) -> Marks:
    """Write the list of problems, and give them by their places."""
    marks: Marks = {}
    headings = (_("Row"), _("Cell"), _("Column"), _("Level"), _("What is wrong and what to do"))
    for column, words in enumerate(headings):
        notes.set_column(column, column, (8, 8, 24, 10, 90)[column])
        notes.write_string(0, column, words, bold)
    levels = {"error": _("refused"), "warning": _("warning")}
    for number, problem in enumerate(problems, 1):
        words = problem_words(problem.message, problem.values)
        notes.write_number(number, 0, problem.row)
        for column, text in enumerate((problem.cell, problem.column, levels.get(problem.level), words), 1):
            notes.write_string(number, column, _ILLEGAL.sub("", text or "")[:_LONGEST])
        place = _CELL.fullmatch(problem.cell or "")
        column = _index(place[1]) if place else -1
        level, said = marks.setdefault(problem.row - 1, {}).setdefault(column, (problem.level, []))
        said.append(words)
        if level != "error":
            marks[problem.row - 1][column] = (problem.level, said)
    return marks


def _write(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str, look: xlsxwriter.format.Format
) -> None:
    plain = _ILLEGAL.sub("", text)[:_LONGEST]
    if plain:
        page.write_string(row, column, plain, look)
    else:
        page.write_blank(row, column, None, look)


def _index(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
