"""The owner's test services."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, queries, service
from equipment_cloud.catalog.forms import ServiceForm, revision_of, service_data
from equipment_cloud.catalog.models import TestService
from equipment_cloud.catalog.views.blueprint import STAFF, bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.foundation.state_words import state_choices
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.reference import queries as reference

Answer = str | Response | tuple[str, int]


@bp.get("/my-services")
@only(*STAFF)
def services() -> str:
    """Own test services by name."""
    actor = current_actor()
    number, size = asked_page()
    state = request.args.get("state", "")
    page = queries.services_of(actor, number=number, size=size, state=state)
    return render_template(
        "catalog/services.html", page=page, state=state, states=state_choices("service"),
        classes={record.id: reference.class_name(record.category) for record in page.items},
        may_manage=bool(actor.organisations(*policy.MANAGERS)),
    )  # fmt: skip


@bp.route("/my-services/new", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def new_service() -> Answer:
    """Enter a test service."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            with transaction():
                service.create_service(
                    form.organisation_id.data, form.values(), form.instrument_ids.data or [], by=current_actor(),
                    now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The test service is kept. Publish it to offer it."), "success")
            return redirect(url_for("catalog.services"), 303)
    page = render_template("catalog/new_service.html", form=form)
    return page if request.method == "GET" else (page, 422)


@bp.route("/my-services/<int:service_id>/edit", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def edit_service(service_id: int) -> Answer:
    """Change a test service."""
    found = queries.service(service_id)
    permit(policy.may_manage_service(current_actor(), found))
    form = _form(found)
    if form.validate_on_submit():
        try:
            with transaction():
                service.update_service(
                    service_id, form.values(), form.instrument_ids.data or [], revision_of(form), by=current_actor(),
                    now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The test service is changed."), "success")
            return redirect(url_for("catalog.services"), 303)
    page = render_template("catalog/edit_service.html", form=form, record=found)
    return page if request.method == "GET" else (page, 422)


@bp.post("/my-services/<int:service_id>/publish")
@only(*policy.MANAGERS)
def publish_service(service_id: int) -> Response:
    """Offer it."""
    with transaction():
        service.publish_service(service_id, by=current_actor(), now=clock.now())
    flash(_("Offered: everybody can find it now."), "success")
    return redirect(url_for("catalog.services"), 303)


@bp.post("/my-services/<int:service_id>/withdraw")
@only(*policy.MANAGERS)
def withdraw_service(service_id: int) -> Response:
    """No longer offer it."""
    with transaction():
        service.withdraw_service(service_id, by=current_actor(), now=clock.now())
    flash(_("No longer offered; orders under way go on."), "success")
    return redirect(url_for("catalog.services"), 303)


def _form(found: TestService | None) -> ServiceForm:
    """The form with the choices of the organisations where the actor is manager."""
    actor = current_actor()
    ids = actor.organisations(*policy.MANAGERS)
    own = [(record.id, record.name) for record in organisations.organisations_named(ids).values()]
    machines = queries.instrument_choices(ids)
    if found is None or request.method == "POST":
        return ServiceForm(organisations=own, instruments=machines)
    return ServiceForm(data=service_data(found), organisations=own, instruments=machines)
