"""The accredited scope of the owner's laboratories."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, queries, service
from equipment_cloud.catalog.forms import ScopeForm
from equipment_cloud.catalog.models import Scheme
from equipment_cloud.catalog.views.blueprint import STAFF, bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations

Answer = str | Response | tuple[str, int]


@bp.get("/my-services/scope")
@only(*STAFF)
def scope() -> str:
    """What the own laboratories are accredited for, and until when."""
    actor = current_actor()
    number, size = asked_page()
    page = queries.scope_managed_by(actor, number=number, size=size)
    return render_template(
        "catalog/scope.html", page=page, today=clock.today(clock.now()),
        may_manage=bool(actor.organisations(*policy.MANAGERS)),
    )  # fmt: skip


@bp.route("/my-services/scope/new", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def new_scope() -> Answer:
    """Enter the methods of a certificate."""
    actor = current_actor()
    named = organisations.organisations_named(actor.organisations(*policy.MANAGERS))
    form = ScopeForm(organisations=[(record.id, record.name) for record in named.values()])
    if form.validate_on_submit():
        try:
            with transaction():
                added = service.record_scope(
                    form.organisation_id.data, Scheme(form.scheme.data), form.certificate.data or "", form.lines(),
                    valid_from=date_of(form.valid_from), valid_to=date_of(form.valid_to), by=actor, now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("%(count)s methods are entered; the test services done by them count as accredited.", count=added))
            return redirect(url_for("catalog.scope"), 303)
    page = render_template("catalog/new_scope.html", form=form)
    return page if request.method == "GET" else (page, 422)


@bp.post("/my-services/scope/<int:accreditation_id>/end")
@only(*policy.MANAGERS)
def end_scope(accreditation_id: int) -> Response:
    """One method no longer holds."""
    with transaction():
        service.end_accreditation(accreditation_id, by=current_actor(), now=clock.now())
    flash(_("Ended. Reports from today on no longer carry the mark for this method."), "success")
    return redirect(url_for("catalog.scope"), 303)
