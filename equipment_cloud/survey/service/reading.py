"""Reads a table by a layout into drafts, with what can be said of the table as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from equipment_cloud.catalog.rules.exchange import Known, form_of_headings
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.tabular import Table, read
from equipment_cloud.kernel.errors import N_, NotFound
from equipment_cloud.reference import queries as reference
from equipment_cloud.reference.models import InstrumentClass, Region
from equipment_cloud.survey import queries
from equipment_cloud.survey.models import ImportRun
from equipment_cloud.survey.rules import (
    FORM_LAYOUTS,
    PROBLEM_SHEET,
    SHEETS,
    Draft,
    Finding,
    Head,
    Layout,
    Setting,
    drafts,
    find_head,
    findings_about,
    findings_about_rows,
    plain_heading,
    warning,
)

_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{2,5});")


@dataclass(frozen=True, slots=True)
class Rows:
    """A table read by a layout."""

    layout: Layout
    head: Head
    drafts: list[Draft]
    findings: list[Finding]
    sheet: str | None
    encoding: str | None
    known: Known


def read_rows(table: Table, layout: Layout, *, now: datetime) -> Rows:
    """Rows of the table as drafts. Raises :class:`Invalid` when the headings are not those of the layout.

    A table in the form of an export is known by its headings, whatever layout was asked for.
    """
    form = form_of_headings(table.rows[0]) if table.rows else None
    layout = FORM_LAYOUTS[form.name] if form else layout
    has_entities = layout.form is None and not layout.html_entities and _has_entities(table)
    layout = replace(layout, html_entities=True) if has_entities else layout
    head = find_head(table.rows, layout)
    classes = reference.classes()
    towns = reference.towns()
    codes = frozenset(item.code for item in classes)
    known = Known({region.code: region.name for region in towns}, codes)
    setting = Setting(
        layout=layout,
        today=clock.today(now),
        zone=clock.zone(),
        towns=_by_words(towns),
        classes=_by_words(classes),
        codes=codes,
        known=known,
        is_1904=table.is_1904,
    )
    found = [*findings_about(head, layout), *findings_about_rows(table.rows, head)]
    if has_entities:
        message = N_("The table holds &lt; and the like where signs such as < are meant; they were undone.")
        found.append(Finding(head.row, warning("entities", message)))
    others = [name for name in table.sheets if name not in {table.sheet, PROBLEM_SHEET, *SHEETS}]
    if others:
        message = N_("Only the sheet %(sheet)s was read; the workbook also has: %(others)s.")
        found.append(
            Finding(head.row, warning("other-sheets", message, sheet=table.sheet, others="、".join(others)[:300]))
        )
    for top, left, bottom, _right in table.merged:
        if bottom >= head.row and bottom > top:
            heading = head.columns[left][1] if left < len(head.columns) else None
            message = N_("Merged cells: the value was taken for all of rows %(first)s to %(last)s.")
            said = warning("merged", message, first=top + 1, last=bottom + 1)
            found.append(Finding(max(top, head.row) + 1, said, left, heading))
    return Rows(layout, head, list(drafts(table.rows, head, setting)), found, table.sheet, table.encoding, known)


def table_of(run: ImportRun, *, sheet: str | None = None) -> Table:
    """The kept file of an import, read anew. Raises Invalid as :func:`tabular.read` does, NotFound without one."""
    if run.file is None:
        raise NotFound
    with stored_file.path_of(run.file.sha256).open("rb") as stream:
        return read(stream, run.file.name, sheet=sheet or run.mapping["sheet"])


def rows_of(run: ImportRun, *, now: datetime) -> Rows:
    """The rows of an import as it was previewed."""
    layout = queries.layout_of(run.mapping["name"], run.mapping.get("document"))
    return read_rows(table_of(run), layout, now=now)


def _has_entities(table: Table) -> bool:
    return any(_ENTITY.search(cell) for row in table.rows for cell in row if "&" in cell)


def _by_words(items: Sequence[Region] | Sequence[InstrumentClass]) -> dict[str, str]:
    """Names in both languages, and the codes themselves, to codes."""
    words: dict[str, str] = {}
    for item in items:
        for text in (item.name, item.name_en, item.code):
            words.setdefault(plain_heading(text), item.code)
    return words
