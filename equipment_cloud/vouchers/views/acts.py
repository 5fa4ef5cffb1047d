"""What is decided about a voucher, and what its owner does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import fen_of
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.vouchers import policy, queries, service
from equipment_cloud.vouchers.forms import DecisionForm, IssueForm, ReasonForm
from equipment_cloud.vouchers.models import Voucher, VoucherState
from equipment_cloud.vouchers.views.blueprint import bp
from equipment_cloud.vouchers.views.record import decision_form, page_of

Answer = Response | tuple[str, int]


@bp.post("/vouchers/<int:voucher_id>/decide")
@only(*policy.DECIDERS)
def decide(voucher_id: int) -> Answer:
    """Pass, send back with everything to be mended, or refuse, with an opinion."""
    actor, now = current_actor(), clock.now()
    voucher = queries.voucher_for(actor, voucher_id)
    at_approval = voucher.state is VoucherState.REVIEWED
    permit(policy.may_issue(actor) if at_approval else policy.may_review(actor))
    form = decision_form(voucher, request.form)
    if not form.validate_on_submit():
        return page_of(voucher, decision=form), 422
    try:
        with transaction():
            words = _decide(voucher_id, form, by=actor, now=now)
    except Refused as refusal:
        form.show(refusal)
        return page_of(queries.voucher_for(actor, voucher_id), decision=form), refusal.status
    flash(words, "success")
    return redirect(url_for("vouchers.show", voucher_id=voucher_id), 303)


def _decide(voucher_id: int, form: DecisionForm, *, by: Actor, now: datetime) -> str:
    opinion, decision = form.opinion.data or "", request.form.get("decision")
    if decision == "send-back":
        service.send_back(voucher_id, opinion, defects=form.listed_defects(), by=by, now=now)
        return str(_("The application is sent back; the applicant is told what to mend."))
    if decision == "refuse":
        service.refuse(voucher_id, opinion, by=by, now=now)
        return str(_("The application is refused; the applicant is told why."))
    if isinstance(form, IssueForm):
        service.issue(voucher_id, opinion=opinion, amount_fen=fen_of(form.amount_fen), by=by, now=now)
        return str(_("The voucher is issued."))
    service.review(voucher_id, opinion, by=by, now=now)
    return str(_("The application is passed on to the approver."))


@bp.post("/vouchers/<int:voucher_id>/freeze")
@only("approver", "leader")
def freeze(voucher_id: int) -> Answer:
    """No new holds until it is let go again."""
    words = _("The voucher is frozen; its owner is told.")
    return _reasoned(voucher_id, lambda reason, by, now: service.freeze(voucher_id, reason, by=by, now=now), words)


@bp.post("/vouchers/<int:voucher_id>/unfreeze")
@only("approver", "leader")
def unfreeze(voucher_id: int) -> Answer:
    """Let it be used again."""
    words = _("The voucher may be used again.")
    return _reasoned(voucher_id, lambda reason, by, now: service.unfreeze(voucher_id, reason, by=by, now=now), words)


@bp.post("/vouchers/<int:voucher_id>/return")
@only(*policy.APPLICANTS)
def give_back(voucher_id: int) -> Answer:
    """The enterprise gives back what it will not use."""
    permit(policy.may_change(current_actor(), queries.voucher_for(current_actor(), voucher_id)))
    words = _("The voucher is given back; its money is free for others.")
    return _reasoned(voucher_id, lambda reason, by, now: service.give_back(voucher_id, reason, by=by, now=now), words)


def _reasoned(voucher_id: int, act: Callable[[str, Actor, datetime], Voucher], words: str) -> Answer:
    actor, now, form = current_actor(), clock.now(), ReasonForm()
    voucher = queries.voucher_for(actor, voucher_id)
    if not form.validate_on_submit():
        return page_of(voucher, reason=form), 422
    try:
        with transaction():
            act(form.reason.data or "", actor, now)
    except Refused as refusal:
        form.show(refusal)
        return page_of(queries.voucher_for(actor, voucher_id), reason=form), refusal.status
    flash(words, "success")
    return redirect(url_for("vouchers.show", voucher_id=voucher_id), 303)
