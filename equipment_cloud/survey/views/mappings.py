"""Mappings for foreign layouts."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import MappingForm
from equipment_cloud.survey.rules import COLUMNS
from equipment_cloud.survey.views.blueprint import bp


@bp.route("/survey/mappings", methods=["GET", "POST"])
@only(*policy.WRITERS)
def mappings() -> str | Response | tuple[str, int]:
    """What mappings there are, and a new one."""
    form = MappingForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.save_mapping(form["name"].data or "", form.text.data or "", by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The mapping is saved; choose it when you import."), "success")
            return redirect(url_for("survey.mappings"), 303)
    targets = [(column.target, column.zh, column.en) for column in COLUMNS if column.target != "extra"]
    page = render_template("survey/mappings.html", form=form, names=queries.layout_names(), targets=targets)
    return page if request.method == "GET" else (page, 422)
