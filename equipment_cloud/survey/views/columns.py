"""The columns of a foreign table: guessed from its headings, corrected by a person, kept under a name if wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.tabular import Table, column_name
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import ColumnsForm, number_of
from equipment_cloud.survey.models import ImportRun
from equipment_cloud.survey.rules import (
    COLUMNS,
    MOST_COLUMNS,
    TARGETS,
    guess_head_row,
    guess_targets,
    layout_from,
    plain_heading,
)
from equipment_cloud.survey.service import Request
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.views.imports import with_rows

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column on the page: its letter, what the mapping knows it by, some of its values, how sure the guess is."""

    letter: str
    key: str
    heading: str
    samples: list[str]
    sureness: float


@bp.route("/survey/imports/<int:run_id>/columns", methods=["GET", "POST"])
@only(*policy.WRITERS)
def columns(run_id: int) -> str | Response | tuple[str, int]:
    """Say what each column is; the next page is the preview."""
    run = queries.import_run(run_id)
    if not run.is_dry_run or run.file is None:
        raise NotFound
    asked = request.args if request.method == "GET" else request.form
    table = service.table_of(run, sheet=asked.get("sheet"))
    head = _head_row(table, asked.get("head_row"), run)
    found, targets = _columns(table, head, run)
    data: dict[str, Any] = {"sheet": table.sheet, "head_row": str(head + 1), "targets": targets}
    known = run.mapping.get("document") or {}
    data |= {key: known.get(key) for key in ("money_unit", "organisation", "organisation_code") if known.get(key)}
    if data.get("money_unit") is None and _is_in_yuan(found, targets):
        data["money_unit"] = "yuan"
    form = ColumnsForm(data=data, choices=_choices())
    if form.validate_on_submit():
        try:
            address = _preview(run, table, form, [column.key for column in found])
        except Refused as refusal:
            form.show(refusal)
        else:
            return redirect(address, 303)
    page = render_template(
        "survey/columns.html", run=run, form=form, columns=list(zip(found, form.targets, strict=False)), table=table,
        sheets=[(name, name) for name in table.sheets], head_row=head + 1,
        rest=max(0, len(table.rows[head]) - MOST_COLUMNS) if table.rows else 0,
    )  # fmt: skip
    return page if request.method == "GET" else (page, 422)


def _preview(run: ImportRun, table: Table, form: ColumnsForm, headings: list[str]) -> str:
    now, actor = clock.now(), current_actor()
    document = {name: value for name, value in form.document(headings).items() if value}
    layout = layout_from(form.save_as.data or "page", document)
    rows = with_rows(service.read_rows(table, layout, now=now))
    code, file_id, owner = run.campaign.code, run.file_id, run.mapping["organisation"]
    with transaction() as session:
        if form.save_as.data:
            kept = {name: value for name, value in document.items() if name not in {"sheet", "head_row"}}
            service.save_document(form.save_as.data, kept, by=actor, now=now)
            flash(_("The columns are kept; the next table of this kind is recognised."), "success")
        file = session.get(stored_file.StoredFile, file_id)
        request_ = Request(rows, queries.campaign(code), file, owner, document)
        return url_for("survey.show_import", run_id=service.preview(request_, by=actor, now=now).id)


def _columns(table: Table, head: int, run: ImportRun) -> tuple[list[Column], list[str]]:
    """The first 200 columns with what each is: as it was said before, else as it is guessed."""
    headings = table.rows[head][:MOST_COLUMNS] if table.rows else []
    below = table.rows[head + 1 : head + 200]
    said = _said_before(run)
    found, targets = [], []
    for index, (text, guess) in enumerate(zip(headings, guess_targets(headings), strict=True)):
        key = " ".join(text.split())[:255] or f"#{index + 1}"
        samples = [row[index].strip()[:40] for row in below if index < len(row) and row[index].strip()]
        if not text.strip() and not samples:
            key = ""
        found.append(Column(column_name(index), key, " ".join(text.split()), list(dict.fromkeys(samples))[:SAMPLES],
                            guess.sureness))  # fmt: skip
        targets.append(said.get(plain_heading(key), guess.target or "extra") if said else guess.target or "extra")
    return found, targets


def _said_before(run: ImportRun) -> Mapping[str, str]:
    """Plain heading -> target of the mapping the table was read with last; empty where none was."""
    name, document = run.mapping["name"], run.mapping.get("document")
    return queries.layout_of(name, document).columns if name else {}


def _head_row(table: Table, asked: str | None, run: ImportRun) -> int:
    """Index of the row with the headings: the one asked for, the one said before, else the likeliest."""
    number = number_of(asked) or (run.mapping.get("document") or {}).get("head_row")
    if number and 1 <= number <= min(len(table.rows), 200):
        return int(number) - 1
    return guess_head_row(table.rows)


def _is_in_yuan(columns: list[Column], targets: list[str]) -> bool:
    """Amounts of a foreign table are mostly in yuan: 万元 only where the heading says so."""
    return all(
        "万" not in column.heading
        for column, target in zip(columns, targets, strict=True)
        if target == "original_value_fen"
    )


def _choices() -> list[tuple[str, str]]:
    """Every field once, in the template's order and the reader's language."""
    in_english = str(get_locale()).startswith("en")
    words = {column.target: column.en if in_english else column.zh for column in reversed(COLUMNS)}
    words = {column.target: words[column.target] for column in COLUMNS if column.target in TARGETS}
    words.pop("extra")
    return [("extra", _("— keep beside the record —")), *words.items()]
