"""The visit form (走访) on a phone: a nameplate's photo and six fields; works without a network and sends later."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.stored_file import IMAGES
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import VisitForm
from equipment_cloud.survey.views.blueprint import bp

Answer = str | BaseResponse | tuple[str, int]
WORKER = Path(__file__).resolve().parents[2] / "static" / "js" / "visit-worker.js"
LARGEST_PHOTO = 5 * 1024 * 1024


@bp.route("/visits/new", methods=["GET", "POST"])
@only(*policy.CHASERS)
def visits() -> Answer:
    """The form; without scripts it is sent at once."""
    form = _form()
    if request.method == "GET":
        form.unit_id.data = request.args.get("unit_id", "")
        form.key.data = str(uuid.uuid4())
        return render_template("survey/visits.html", form=form)
    if form.validate_on_submit():
        try:
            _record(form)
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The visit is written down; the unit is asked to confirm it."), "success")
            return redirect(url_for("survey.visits", unit_id=form.unit_id.data), 303)
    return render_template("survey/visits.html", form=form), 422


@bp.post("/visits/sync")
@only(*policy.CHASERS)
def sync_visit() -> tuple[Response, int]:
    """One visit that waited on a phone: ``created``, or ``unchanged`` when it came before. 4xx with ``errors``."""
    form = _form()
    if not form.validate_on_submit():
        said = [f"{form[name].label.text}: {text}" for name, texts in form.errors.items() if name for text in texts]
        return jsonify({"errors": said}), 422
    try:
        is_new = _record(form)
    except Refused as refusal:
        said = [str(problem_values(problem)["message"]) for problem in refusal.problems]
        return jsonify({"errors": said or [worded(refusal.message_id, refusal.values)]}), refusal.status
    return jsonify({"status": "created" if is_new else "unchanged"}), 201 if is_new else 200


@bp.get("/visits/token")
@only(*policy.CHASERS)
def visit_token() -> Response:
    """A fresh CSRF token for a page that was kept on a phone."""
    return jsonify({"csrf_token": generate_csrf()})


@bp.get("/visits/worker.js")
@only(*policy.CHASERS)
def visit_worker() -> Response:
    """The service worker: it must come from the folder it serves."""
    return Response(WORKER.read_bytes(), mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def _form() -> VisitForm:
    return VisitForm(units=queries.units_to_visit(policy.towns_of(current_actor())))


def _record(form: VisitForm) -> bool:
    """Whether it is new. The photo is kept in the same transaction, or not at all."""
    actor, now = current_actor(), clock.now()
    photo = form.photo.data
    with transaction():
        if service.find_visit(form.key.data or "", by=actor) is not None:
            return False
        kept = None
        if photo and photo.filename:
            kept = stored_file.store(
                photo.stream, photo.filename, by=actor, now=now, allowed=IMAGES, most=LARGEST_PHOTO
            ).id
        return service.record_visit(
            int(form.unit_id.data), form.key.data or "", form.values(), photo_id=kept,
            visited_at=_moment(form.visited_at.data), by=actor, now=now,
        )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    """The phone's clock, when it said anything sensible."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
