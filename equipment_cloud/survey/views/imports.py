"""Imports: upload, preview with every problem, confirm; the run afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from flask import Response, flash, redirect, render_template, request, send_file, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.foundation.tabular import Limits, Table, csv_lines, read
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import ImportForm
from equipment_cloud.survey.marking import write_marked
from equipment_cloud.survey.models import CampaignState, ImportRun, ImportStage
from equipment_cloud.survey.rules import STANDARD
from equipment_cloud.survey.service import Request, Rows
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.wording import problem_words

GUESS = "guess"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/survey/<string:code>/import", methods=["GET", "POST"])
@only(*policy.WRITERS)
def upload(code: str) -> str | BaseResponse | tuple[str, int]:
    """Upload a table; nothing is written into the catalogue yet."""
    campaign = queries.campaign(code)
    names = [(name, _("Standard template") if name == STANDARD else name) for name in queries.layout_names()]
    form = ImportForm(layouts=[(GUESS, _("Found from the headings")), *names])
    if form.validate_on_submit():
        try:
            address = _kept(code, form)
        except Refused as refusal:
            form.show(refusal)
        else:
            return redirect(address, 303)
    page = render_template("survey/upload.html", form=form, campaign=campaign)
    return page if request.method == "GET" else (page, 422)


@bp.get("/survey/imports/<int:run_id>")
@only(*policy.CITY)
def show_import(run_id: int) -> str | BaseResponse:
    """A preview to confirm, or an import that was made or is being made: counts and problems."""
    run = queries.import_run(run_id)
    if run.stage is ImportStage.COLUMNS:
        return redirect(url_for("survey.columns", run_id=run_id), 303)
    return import_page(run)


def import_page(run: ImportRun, refusal: Refused | None = None) -> str:
    """The page of an import; ``refusal`` is what stood in the way of undoing it."""
    number, size = asked_page(50)
    level = request.args.get("level", "")
    problems = queries.problems_page(run.id, number=number, size=size, level=level)
    counts = queries.problem_counts(run.id)
    may_run = policy.may_run(current_actor())
    confirmed = queries.import_of_preview(run.id) if run.is_dry_run else None
    is_open = run.campaign.state is CampaignState.OPEN
    stands = [worded(problem.message, dict(problem.values)) for problem in refusal.problems] if refusal else []
    return render_template(
        "survey/show_import.html", run=run, page=problems, level=level, confirmed=confirmed,
        rows=[(problem, problem_words(problem.message, problem.values)) for problem in problems.items],
        errors=sum(count for found, _code, count in counts if found == "error"),
        warnings=sum(count for found, _code, count in counts if found != "error"),
        may_confirm=may_run and is_open and run.is_dry_run and not confirmed and run.created + run.updated > 0,
        may_change=may_run and is_open and run.is_dry_run and not confirmed and run.file is not None,
        may_undo=may_run and run.stage in service.UNDOABLE, may_retry=may_run and run.stage is ImportStage.FAILED,
        is_long=run.rows > service.MOST_AT_ONCE, refusal=refusal, stands=stands,
    )  # fmt: skip


@bp.get("/survey/imports/<int:run_id>/progress")
@only(*policy.CITY)
def progress(run_id: int) -> str:
    """How far a long import has come: a part of its page, asked for every few seconds."""
    return render_template("survey/_progress.html", run=queries.import_run(run_id))


@bp.post("/survey/imports/<int:run_id>/confirm")
@only(*policy.WRITERS)
def confirm(run_id: int) -> BaseResponse:
    """Import what was previewed, read anew from the file that was kept; a long table is left to the clock."""
    preview = queries.import_run(run_id)
    if preview.file is None or preview.stage is not ImportStage.PREVIEW:
        raise NotFound
    now, actor, is_long = clock.now(), current_actor(), preview.rows > service.MOST_AT_ONCE
    rows = None if is_long else service.rows_of(preview, now=now)
    file_id, code, given = preview.file.id, preview.campaign.code, preview.mapping
    with transaction() as session:
        run = service.confirmed(run_id)
        if run is None and rows is None:
            run = service.queue(queries.import_run(run_id), by=actor, now=now)
        elif run is None and rows is not None:
            kept = session.get(stored_file.StoredFile, file_id)
            wanted = Request(rows, queries.campaign(code), kept, given["organisation"], given.get("document"))
            run, _plan = service.import_rows(wanted, by=actor, now=now, preview_id=run_id)
        done = run.id if run else run_id
    flash(_("The table is on its way.") if is_long else _("The table is imported."), "success")
    return redirect(url_for("survey.show_import", run_id=done), 303)


@bp.post("/survey/imports/<int:run_id>/undo")
@only(*policy.WRITERS)
def undo(run_id: int) -> BaseResponse | tuple[str, int]:
    """Take an import back, if nothing depends on what it wrote."""
    try:
        with transaction():
            service.undo(run_id, by=current_actor(), now=clock.now())
    except Refused as refusal:
        return import_page(queries.import_run(run_id), refusal), 409
    flash(_("The import is undone."), "success")
    return redirect(url_for("survey.show_import", run_id=run_id), 303)


@bp.post("/survey/imports/<int:run_id>/retry")
@only(*policy.WRITERS)
def retry(run_id: int) -> BaseResponse:
    """Go on with an import that was given up."""
    with transaction():
        service.try_again(run_id, by=current_actor(), now=clock.now())
    return redirect(url_for("survey.show_import", run_id=run_id), 303)


@bp.get("/survey/imports/<int:run_id>/problems.csv")
@only(*policy.CITY)
def problems_csv(run_id: int) -> Response:
    """Every problem as a table."""
    queries.import_run(run_id)
    headings = [_("Row"), _("Column"), _("Cell"), _("Level"), _("Code"), _("What is wrong and what to do")]
    answer = Response(stream_with_context(csv_lines(headings, _problem_cells(run_id))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=problems-{run_id}.csv"
    return answer


@bp.get("/survey/imports/<int:run_id>/problems.xlsx")
@only(*policy.CITY)
def problems_xlsx(run_id: int) -> Response:
    """The table that was sent, every problem marked in its cell: to mend and send again."""
    run = queries.import_run(run_id)
    table = service.table_of(run)
    target = BytesIO()
    write_marked(target, table, queries.all_problems(run_id))
    target.seek(0)
    name = f"{Path(run.file.name if run.file else 'table').stem[:80]}-marked.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


def _problem_cells(run_id: int) -> Iterator[list[str | int | None]]:
    words = {"error": _("refused"), "warning": _("warning")}
    for problem in queries.all_problems(run_id):
        text = problem_words(problem.message, problem.values)
        yield [problem.row, problem.column, problem.cell, words.get(problem.level, problem.level), problem.code, text]


def _kept(code: str, form: ImportForm) -> str:
    """Keep the file with what an import would do, or for its columns to be said; where to go on."""
    upload_: FileStorage = form.file.data
    name = Path(upload_.filename or "table").name
    content = upload_.stream.read(Limits().bytes + 1)
    owner = service.checked_code(form.organisation.data) if form.organisation.data else None
    now, actor = clock.now(), current_actor()
    table, rows = _read(content, name, form.mapping.data, form.sheet.data)
    with transaction():
        campaign = queries.campaign(code)
        kept = stored_file.store(BytesIO(content), name, by=actor, now=now, allowed=None, most=Limits().bytes)
        if rows is None:
            run = service.stage(campaign, kept, by=actor, now=now, sheet=table.sheet, code=owner)
        else:
            run = service.preview(Request(rows, campaign, kept, owner), by=actor, now=now)
        return url_for("survey.columns" if rows is None else "survey.show_import", run_id=run.id)


def _read(content: bytes, name: str, mapping: str | None, sheet: str | None) -> tuple[Table, Rows | None]:
    """The table, and its rows unless a person must say first what its columns are."""
    layout = queries.layout(mapping) if mapping != GUESS else None
    table = read(BytesIO(content), name, sheet=sheet or (layout.sheet if layout else None))
    if layout is None:
        found = queries.fitting_layout(table.rows)
        layout = queries.layout(found) if found else None
    return table, with_rows(service.read_rows(table, layout, now=clock.now())) if layout else None


def with_rows(rows: Rows) -> Rows:
    """The rows, if there are any."""
    if not rows.drafts:
        raise Invalid.single(
            "no-rows",
            N_("The table has headings but no rows."),
            field="file",
            remedy=N_("Fill it in and send it again."),
        )
    return rows
