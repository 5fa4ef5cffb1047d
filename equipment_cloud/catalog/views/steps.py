"""What the owner does to a record: submit, agree, publish, pause, resume, retire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, service
from equipment_cloud.catalog.forms import ConsentForm, ReasonForm
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import ALWAYS, BY_NAME, OPTIONAL_PUBLIC, PROPOSED_PUBLIC
from equipment_cloud.catalog.views import wording
from equipment_cloud.catalog.views.blueprint import STAFF, bp
from equipment_cloud.catalog.views.desk import own
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Refused

Answer = str | Response | tuple[str, int]


@bp.post("/my-instruments/<int:instrument_id>/submit")
@only(*policy.MANAGERS)
def submit(instrument_id: int) -> Response:
    """Hand it to the bureau."""
    return _act(service.submit, instrument_id, _("Submitted. The bureau will verify it."))


@bp.post("/my-instruments/<int:instrument_id>/publish")
@only(*policy.MANAGERS)
def publish(instrument_id: int) -> Response:
    """Into the catalogue."""
    return _act(service.publish, instrument_id, _("Published: everybody can find it now."))


@bp.post("/my-instruments/<int:instrument_id>/resume")
@only(*STAFF)
def resume(instrument_id: int) -> Response:
    """Back into service."""
    return _act(service.resume, instrument_id, _("Back in service."))


@bp.route("/my-instruments/<int:instrument_id>/consent", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def consent(instrument_id: int) -> Answer:
    """Terms and public fields; from a verified record straight into the catalogue, if wished."""
    actor = current_actor()
    found = own(instrument_id)
    permit(policy.may_consent(actor, found))
    if request.method == "GET":
        agreed = found.consented_at is not None
        chosen = found.public_fields if agreed else PROPOSED_PUBLIC
        return _consent_page(ConsentForm(data={"public_fields": chosen, "accepts_terms": agreed}), found)
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            with transaction():
                _agree(instrument_id, form)
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("Your agreement is recorded."), "success")
            return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)
    return _consent_page(form, found), 422


@bp.route("/my-instruments/<int:instrument_id>/pause", methods=["GET", "POST"])
@only(*STAFF)
def pause(instrument_id: int) -> Answer:
    """Out of service for a while, for a reason."""
    return _with_reason(service.pause, instrument_id, "catalog/pause.html", _("Paused; people see the reason."))


@bp.route("/my-instruments/<int:instrument_id>/retire", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def retire(instrument_id: int) -> Answer:
    """Out of the catalogue for good."""
    return _with_reason(service.retire, instrument_id, "catalog/retire.html", _("Retired; number and history stay."))


def _agree(instrument_id: int, form: ConsentForm) -> None:
    actor, now = current_actor(), clock.now()
    record = service.consent(
        instrument_id, form.public_fields.data or [], by=actor, now=now, accepts_terms=form.accepts_terms.data
    )
    if "publish" in request.form and record.state is InstrumentState.VERIFIED:
        service.publish(instrument_id, by=actor, now=now)


def _act(deed: Callable[..., Any], instrument_id: int, words: str) -> Response:
    own(instrument_id)
    with transaction():
        deed(instrument_id, by=current_actor(), now=clock.now())
    flash(words, "success")
    return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)


def _with_reason(deed: Callable[..., Any], instrument_id: int, template: str, words: str) -> Answer:
    found = own(instrument_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                deed(instrument_id, form.reason.data or "", by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(words, "success")
            return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)
    page = render_template(template, form=form, record=found)
    return page if request.method == "GET" else (page, 422)


def _consent_page(form: ConsentForm, found: Instrument) -> str:
    values = {name: wording.value_words(found, name) for name in OPTIONAL_PUBLIC}
    always = wording.facts_of(found, [name for name, item in BY_NAME.items() if item.public == ALWAYS])
    return render_template(
        "catalog/consent.html", form=form, record=found, values=values, always=always,
        may_publish=found.state is InstrumentState.VERIFIED,
    )  # fmt: skip
