"""The bureau's acts on a claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import Form
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.forms import DecisionForm, NoteForm, ReasonForm, ReturnForm
from equipment_cloud.settlement.views.blueprint import bp
from equipment_cloud.settlement.views.claims import claim_page

Answer = Response | tuple[str, int]


@bp.post("/claims/<int:claim_id>/approve")
@only("reviewer", "approver")
def approve(claim_id: int) -> Answer:
    """Pass the stage now open."""
    form = DecisionForm()

    def act() -> None:
        amount = form.amount_fen.data
        service.approve(
            claim_id, opinion=form.opinion.data or "", amount_fen=int(amount) if amount is not None else None,
            by=current_actor(), now=clock.now(),
        )  # fmt: skip

    return _decide(claim_id, form, "decision_form", act, _("Your opinion is recorded."))


@bp.post("/claims/<int:claim_id>/return")
@only("reviewer", "approver")
def send_back(claim_id: int) -> Answer:
    """Return with every defect at once."""
    form = ReturnForm()

    def act() -> None:
        service.return_(
            claim_id,
            reason=form.reason.data or "",
            defects=form.defects.data or (),
            by=current_actor(),
            now=clock.now(),
        )

    return _decide(claim_id, form, "return_form", act, _("The claim is returned; the applicant sees every defect."))


@bp.post("/claims/<int:claim_id>/reject")
@only("reviewer", "approver")
def reject(claim_id: int) -> Answer:
    """Reject for good."""
    form = ReasonForm()

    def act() -> None:
        service.reject(claim_id, reason=form.reason.data or "", by=current_actor(), now=clock.now())

    return _decide(claim_id, form, "reject_form", act, _("The claim is rejected; the voucher money went back."))


@bp.post("/claims/<int:claim_id>/repay")
@only("treasurer")
def repay(claim_id: int) -> Answer:
    """A rejected transfer once more."""
    form = ReasonForm()

    def act() -> None:
        service.repay(claim_id, reason=form.reason.data or "", by=current_actor(), now=clock.now())

    return _decide(claim_id, form, "repay_form", act, _("The claim goes into the next batch."))


@bp.post("/claims/<int:claim_id>/findings/<int:finding_id>/note")
@only("reviewer", "approver")
def note(claim_id: int, finding_id: int) -> Response:
    """What was found out about a finding."""
    queries.claim_for(current_actor(), claim_id)
    form = NoteForm()
    if not form.validate_on_submit():
        raise Invalid(_("Write what was found out."))
    with transaction():
        service.note_finding(finding_id, note=form.note.data or "", by=current_actor(), now=clock.now())
    flash(_("The note is kept."), "success")
    return redirect(url_for("settlement.claim", claim_id=claim_id, _anchor="findings"), 303)


def _decide(claim_id: int, form: Form, name: str, act: Callable[[], Any], done: str) -> Answer:
    """Validate, act in one transaction, and bring a refusal back beside its fields."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    if form.validate_on_submit():
        try:
            with transaction():
                act()
        except Invalid as refusal:
            form.show(refusal)
        else:
            flash(done, "success")
            return redirect(url_for("settlement.claim", claim_id=claim_id), 303)
    return claim_page(queries.claim_for(actor, claim_id), **{name: form, "open_form": request.endpoint}), 422
