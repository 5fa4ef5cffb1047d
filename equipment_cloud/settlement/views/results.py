"""The treasury's answer: imported, and shown row by row."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import Page, asked_page
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.settlement import policy, queries, service
from equipment_cloud.settlement.forms import ResultsForm
from equipment_cloud.settlement.views.batches import batch_page
from equipment_cloud.settlement.views.blueprint import bp


@bp.post("/batches/<int:batch_id>/results")
@only("treasurer")
def import_results(batch_id: int) -> Response | tuple[str, int]:
    """Take the treasury's file."""
    queries.batch(batch_id)
    form = ResultsForm()
    if form.validate_on_submit() and form.file.data:
        upload = form.file.data
        try:
            with transaction():
                name = upload.filename or "results.xlsx"
                record = service.import_table(batch_id, upload.stream, name, by=current_actor(), now=clock.now())
                file_id = record.id
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The results are imported: every row is accounted for below."), "success")
            return redirect(url_for("settlement.result", batch_id=batch_id, file_id=file_id), 303)
    return batch_page(queries.batch(batch_id), results_form=form), 422


@bp.get("/batches/<int:batch_id>/results/<int:file_id>")
@only(*policy.READER_ROLES)
def result(batch_id: int, file_id: int) -> str:
    """What an import did, with every row that changed nothing."""
    record = queries.file_of(batch_id, file_id)
    number, size = asked_page(50)
    problems = record.outcome.get("problems", [])
    shown = [
        {**problem, "message": worded(problem["message"], problem["values"])}
        for problem in problems[(number - 1) * size : number * size]
    ]
    page = Page(shown, number, size, len(problems))
    return render_template("settlement/result.html", batch=queries.batch(batch_id), record=record, page=page)


@bp.get("/batches/<int:batch_id>/results/<int:file_id>/file")
@only(*policy.READER_ROLES)
def result_file(batch_id: int, file_id: int) -> Response:
    """The treasury's file as it came."""
    record = queries.file_of(batch_id, file_id)
    kept = session().get(StoredFile, record.file_id) if record.file_id else None
    if kept is None:
        raise NotFound
    return stored_file.send(kept)
