"""Rows of a sheet into drafts, each with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from equipment_cloud.catalog.rules import BY_NAME, WRITABLE, problems_with_values
from equipment_cloud.catalog.rules.exchange import unguarded
from equipment_cloud.kernel.errors import N_, Problem, Words
from equipment_cloud.survey.rules.amounts import Amount, judge, read_range
from equipment_cloud.survey.rules.cells import (
    ERROR_CELL,
    NUMBERS,
    UNCOUNTED_CELL,
    Setting,
    as_typed,
    clean,
    read_cell,
    read_count,
)
from equipment_cloud.survey.rules.columns import EXAMPLE_NUMBER, PSEUDO_FIELDS
from equipment_cloud.survey.rules.findings import KEPT_ASIDE, Draft, warning
from equipment_cloud.survey.rules.headings import Head
from equipment_cloud.survey.rules.passing import why_passed_over

Texts = dict[str, tuple[str, int, str]]
"""Target -> (text, index of the column or -1 for a constant, heading)."""
LONGEST_NUMBER, LONGEST_NAME = 100, 255
_KEPT = frozenset({"long", "dates-reversed", "more-service-than-run", "reason-needed"})
"""Slips that leave the value where it is."""


def drafts(rows: Sequence[Sequence[str]], head: Head, setting: Setting) -> Iterator[Draft]:
    """One draft a data row below the headings; blank rows and the template's example are passed over."""
    numbers = head.index_of("unit_number")
    for row, cells in enumerate(rows[head.row :], head.row + 1):
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if numbers is not None and numbers < len(cells) and cells[numbers].strip() == EXAMPLE_NUMBER:
            continue
        if why_passed_over(cells, head, is_first=row == head.row + 1) is None:
            yield _draft(row, cells, head, setting)


def _draft(row: int, cells: Sequence[str], head: Head, setting: Setting) -> Draft:
    draft = Draft(row)
    texts: Texts = {}
    for index, cell in enumerate(cells):
        if cell:
            _take_cell(draft, index, cell, head, setting, texts)
    for target, text in setting.layout.constants.items():
        texts.setdefault(target, (text, -1, ""))
    _take_identity(draft, texts, head, setting)
    _take_values(draft, texts, head, setting)
    _check_values(draft, head, setting)
    _check_missing(draft, texts, head)
    return draft


def _take_cell(  # noqa: PLR0917 - the row, the cell, and where it goes
    draft: Draft, index: int, cell: str, head: Head, setting: Setting, texts: Texts
) -> None:
    text, problem = clean(cell, setting.layout)
    if not text:
        return
    target, heading = head.columns[index] if index < len(head.columns) else (None, "")
    if problem:
        draft.say(problem, index, heading)
    if text == UNCOUNTED_CELL:
        message = N_("The cell holds a formula that was never worked out.")
        remedy = N_("Open the table in a spreadsheet and save it again, or write the value.")
        draft.say(Problem("formula", message, remedy=remedy), index, heading)
    elif ERROR_CELL.fullmatch(text):
        message = N_("The cell holds the error %(text)s instead of a value.")
        remedy = N_("Mend the formula or write the value.")
        draft.say(Problem("error-cell", message, values={"text": text}, remedy=remedy), index, heading)
    elif setting.layout.form is not None:
        _take_form_cell(draft, index, unguarded(text), heading, setting, texts)
    elif target is None:
        draft.extra[f"#{index + 1}"] = text
        draft.say(warning("no-heading", N_("This column has no heading; its text is kept beside the record.")), index)
    elif target == "extra":
        draft.extra[heading] = text
    else:
        texts[target] = (text, index, heading)


def _take_form_cell(  # noqa: PLR0917 - as above
    draft: Draft, index: int, text: str, heading: str, setting: Setting, texts: Texts
) -> None:
    """A cell of an export's form, taken apart as the export put it together; columns beside the form are kept."""
    column = setting.layout.form.column(heading) if setting.layout.form else None
    if column is None:
        draft.extra[heading or f"#{index + 1}"] = text
        return
    draft.cells[heading] = text
    for target, part in column.parts(text, setting.known).items():
        texts[target] = (part, index, heading)


def _mend_number(draft: Draft, texts: Texts) -> None:
    """The unit's own number as it was typed; one that a spreadsheet rounded names no instrument any more."""
    text, index, heading = texts["unit_number"]
    plain, problem = as_typed(text)
    texts["unit_number"] = (plain, index, heading)
    if problem:
        draft.say(replace(problem, level="error"), index, heading)


def _take_identity(draft: Draft, texts: Texts, head: Head, setting: Setting) -> None:
    if "unit_number" in texts and setting.layout.form is None:
        _mend_number(draft, texts)
    draft.unit_number = _identity(draft, texts, head, "unit_number", LONGEST_NUMBER)
    name = _identity(draft, texts, head, "name", LONGEST_NAME)
    if name:
        draft.values["name"] = name
    if "organisation" in texts:
        draft.owner_name = texts["organisation"][0][:255]
    if "organisation_code" in texts:
        draft.owner_code = texts["organisation_code"][0]
    if "positions" in texts:
        text, index, heading = texts["positions"]
        count, problem = read_count(text)
        draft.positions = count or 1
        if problem:
            draft.say(problem, index, heading)


def _identity(draft: Draft, texts: Texts, head: Head, target: str, most: int) -> str:
    index = head.index_of(target)
    heading = head.columns[index][1] if index is not None else None
    text = " ".join(texts[target][0].split()) if target in texts else ""
    said = any(found.index == index and found.problem.code in {"error-cell", "formula"} for found in draft.findings)
    if not text and not said:
        message = (
            N_("The row has no number of the unit's own.") if target == "unit_number" else N_("The row has no name.")
        )
        draft.say(Problem("missing", message, remedy=N_("Fill it in: without it there is no record.")), index, heading)
    if len(text) > most:
        message = N_("At most %(most)s characters can be kept here.")
        draft.say(Problem("too-long", message, values={"most": most}), index, heading)
    return text


def _take_values(draft: Draft, texts: Texts, head: Head, setting: Setting) -> None:
    limits = read_range(texts["value_range"][0]) if "value_range" in texts else None
    if "value_range" in texts:
        draft.extra[texts["value_range"][2]] = texts["value_range"][0]
    for target, (text, index, heading) in texts.items():
        if target in PSEUDO_FIELDS or target == "name":
            continue
        unit = head.money_units.get(index, setting.layout.money_unit)
        value, problem = _value_of(target, text, unit, setting)
        if isinstance(value, Amount):
            value, problem = judge(value, limits)
        if problem:
            draft.say(problem, index if index >= 0 else None, heading or None)
        if value is not None:
            draft.values[target] = value
        elif heading:
            draft.extra[heading] = text


def _value_of(target: str, text: str, unit: str, setting: Setting) -> tuple[Any, Problem | None]:
    """A cell of an export is taken as it was written; elsewhere a name that looks like a quantity is put right."""
    if target in NUMBERS and setting.layout.form is None:
        return as_typed(text)
    return read_cell(target, text, unit, setting)


def _check_values(draft: Draft, head: Head, setting: Setting) -> None:
    """The catalogue's own rules: what they refuse is put aside, and the row is kept."""
    checked = {name: value for name, value in draft.values.items() if name in WRITABLE}
    towns = set(setting.towns.values())
    problems = problems_with_values(checked, today=setting.today, towns=towns, classes=setting.codes)
    for problem in problems:
        name = problem.field or ""
        index = head.index_of(name)
        heading = head.columns[index][1] if index is not None else name
        if problem.code == "missing":
            continue
        remedy = problem.remedy
        if problem.code == "too-long" and name in BY_NAME:
            draft.extra[heading] = str(draft.values[name])
            draft.values[name] = str(draft.values[name])[: BY_NAME[name].most]
            remedy = N_("It is cut here; the full text is kept beside the record.")
        elif problem.code not in _KEPT and name in draft.values:
            value = draft.values.pop(name)
            draft.extra[heading] = "、".join(value) if isinstance(value, list) else str(value)
            remedy = KEPT_ASIDE
        draft.say(warning(problem.code, problem.message, remedy, **problem.values), index, heading)


def _check_missing(draft: Draft, texts: Texts, head: Head) -> None:
    """Empty cells of columns that the bureau will ask for: a draft may lack them."""
    for index, (target, heading) in enumerate(head.columns):
        if target is None or target == "name" or target in texts:
            continue
        if target in BY_NAME and BY_NAME[target].is_needed:
            message = N_("%(label)s is missing; a draft may lack it, a submitted record may not.")
            draft.say(warning("missing", message, label=Words(BY_NAME[target].label)), index, heading)
