"""The survey template: a sheet to fill in with drop-down lists, a worked example, and what each field means.

Chinese comes first, English second, in headings, notes and prompts; the importer knows either.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from flask_babel import force_locale
from flask_babel import gettext as _

from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.kernel.errors import N_
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey.rules import COLUMNS, SHEETS, TemplateColumn, choices_of

_KINDS = {"money": "number", "whole": "number"}
_UNITS = {"original_value_fen": "万元", "run_hours": "小时", "service_hours": "小时"}
_CODED = ("kind", "source", "run_state", "share_mode", "mode", "belongs_type")
_TRUTHS = ("customs_supervised", "calibration_required", "is_secret")
_NEEDED = frozenset({"unit_number", "name"})
_LAST_ROW = 5000
"""Rows that have the drop-down lists."""
_LEGEND = ("列 Column", "必填 Needed", "最多字数 Characters", "可选值 Choices", "说明 Notes")
_GUIDE = (
    N_("Fill in the first sheet only: one row for each machine, even where there are ten of one kind."),
    N_("The unit's own number never changes; sending the table again updates the same records."),
    N_("Write what you know; fields needed later may stay empty in a draft."),
    N_("The original value is in 万元 (10,000 yuan). A cell may also say 865000元."),
    N_("Write days as 2016-01-31."),
    N_("Columns of your own may be added at the end; they are kept beside the record."),
)
Formats = dict[str, object]


def write_template(target: str | Path | IO[bytes]) -> None:
    """Write the template. The import reads its first sheet and passes over the example."""
    book = xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), {"strings_to_formulas": False})
    with book:
        formats = _formats(book)
        choices = {index: found for index, column in enumerate(COLUMNS) if (found := _choices(column.target))}
        pages = [book.add_worksheet(name) for name in SHEETS]
        _write_headings(pages[0], formats)
        _offer_choices(pages[0], pages[3], choices)
        _write_headings(pages[1], formats)
        for index, column in enumerate(COLUMNS):
            pages[1].write(1, index, _value(column), formats[_kind(column.target)])
        _write_notes(pages[2], choices, formats)
        pages[3].hide()


def _write_headings(page: xlsxwriter.worksheet.Worksheet, formats: Formats) -> None:
    page.set_row(0, 48)
    page.freeze_panes(1, 5)
    for index, column in enumerate(COLUMNS):
        page.set_column(index, index, column.width, formats[_kind(column.target)])
        needed = column.target in _NEEDED
        page.write_string(0, index, _heading(column), formats["needed" if needed else "heading"])


def _offer_choices(
    page: xlsxwriter.worksheet.Worksheet, lists: xlsxwriter.worksheet.Worksheet, choices: dict[int, Sequence[str]]
) -> None:
    """Lists stand on a hidden sheet: written into the rule itself, Excel takes 255 letters at most."""
    for place, (index, words) in enumerate(choices.items()):
        lists.write_column(0, place, words)
        column = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{SHEETS[3]}'!${column}$1:${column}${len(words)}"
        page.data_validation(1, index, _LAST_ROW, index, {"validate": "list", "source": source, "error_type": "warning",
                                                          **_prompt(COLUMNS[index])})  # fmt: skip
    for index, column in enumerate(COLUMNS):
        kind = _kind(column.target)
        if kind == "number":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"}
            page.data_validation(1, index, _LAST_ROW, index, rule | _prompt(column))
        elif index not in choices and column.hint:
            page.data_validation(1, index, _LAST_ROW, index, {"validate": "any"} | _prompt(column))


def _prompt(column: TemplateColumn) -> dict[str, str]:
    return {"input_title": column.zh[:32], "input_message": column.hint[:255]} if column.hint else {}


def _write_notes(page: xlsxwriter.worksheet.Worksheet, choices: dict[int, Sequence[str]], formats: Formats) -> None:
    for index, width in enumerate((34, 22, 12, 44, 40)):
        page.set_column(index, index, width, formats["wrapped"])
    row = 0
    for message in _GUIDE:
        page.write_string(row, 0, " ".join(_in_both(message)), formats["plain"])
        row += 1
    for index, words in enumerate(_LEGEND):
        page.write_string(row + 1, index, words, formats["heading"])
    for index, column in enumerate(COLUMNS):
        item = BY_NAME.get(column.target)
        needed = " ".join(_in_both(N_("always"))) if column.target in _NEEDED else ""
        if not needed and item is not None and item.is_needed:
            needed = " ".join(_in_both(N_("before submission")))
        cells = (f"{column.zh} {column.en}", needed, item.limit if item else None, "、".join(choices.get(index, ())),
                 column.hint)  # fmt: skip
        for place, cell in enumerate(cells):
            page.write(row + 2 + index, place, cell, formats["wrapped"])


def _in_both(message: str) -> list[str]:
    words = []
    for locale in ("zh_Hans_CN", "en"):
        with force_locale(locale):
            words.append(_(message))
    return words


def _formats(book: xlsxwriter.Workbook) -> Formats:
    heading = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#eef2f7"}
    return {
        "heading": book.add_format(heading),
        "needed": book.add_format(heading | {"bg_color": "#fde8c8"}),
        "number": book.add_format({}),
        "text": book.add_format({"num_format": "@"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "plain": book.add_format({}),
    }


def _heading(column: TemplateColumn) -> str:
    unit = f"（{_UNITS[column.target]}）" if column.target in _UNITS else ""
    return f"{column.zh}{unit}{'*' if column.target in _NEEDED else ''}\n{column.en}"


def _kind(target: str) -> str:
    return _KINDS.get(BY_NAME[target].kind, "text") if target in BY_NAME else "text"


def _choices(target: str) -> Sequence[str]:
    if target == "town_code":
        return [region.name for region in reference.towns()]
    if target == "class_code":
        return [f"{item.code:0<6} {item.name}" for item in reference.classes() if len(item.code) in {4, 6}][:400]
    if target in _TRUTHS:
        return ("是", "否")
    return choices_of(target) if target in _CODED else ()


def _value(column: TemplateColumn) -> float | str:
    return float(column.example) if column.example and _kind(column.target) == "number" else column.example
