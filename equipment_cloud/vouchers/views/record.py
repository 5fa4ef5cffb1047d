"""One voucher: what is left, every entry with the record it came from, every decision with its opinion."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from equipment_cloud.foundation.access import current_actor, signed_in
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.vouchers import policy, queries
from equipment_cloud.vouchers.forms import DecisionForm, IssueForm, ReasonForm
from equipment_cloud.vouchers.models import HoldState, Voucher, VoucherState, VoucherStep
from equipment_cloud.vouchers.rules.states import MOVES, WITH_MONEY
from equipment_cloud.vouchers.views.blueprint import bp
from equipment_cloud.vouchers.views.summaries import summary
from equipment_cloud.vouchers.wording import ACTS, reference_page, reference_words


@bp.get("/vouchers/<int:voucher_id>")
@signed_in
def show(voucher_id: int) -> str:
    """The voucher's page."""
    voucher = queries.voucher_for(current_actor(), voucher_id)
    return page_of(voucher)


def page_of(
    voucher: Voucher, *, decision: DecisionForm | None = None, reason: ReasonForm | None = None, **fields: Any
) -> str:
    """The page, with the form that was refused as it was sent."""
    number, size = asked_page(default_size=50)
    holds = [hold for hold in queries.holds_of(voucher.id) if hold.state is HoldState.HELD]
    return render_template(
        "vouchers/show.html",
        voucher=voucher,
        policy=summary(voucher.policy_version),
        left=queries.balances([voucher.id])[voucher.id],
        entries=queries.entries(voucher.id, number=number, size=size),
        holds=holds,
        providers=organisations.organisations_named([hold.provider_id for hold in holds]),
        history=[_event(step) for step in queries.steps_of(voucher.id)],
        defects=_defects(voucher),
        has_money=voucher.state in WITH_MONEY,
        steps_done=_steps_done(voucher),
        record_words=reference_words,
        record_url=_url if policy.may_follow(current_actor(), voucher) else _no_url,
        decision=decision or decision_form(voucher, None),
        reason=reason or ReasonForm(None),
        **_allowed(voucher),
        **fields,
    )


def decision_form(voucher: Voucher, formdata: Any) -> DecisionForm:
    """The form of the stage the application is at."""
    if voucher.state is VoucherState.REVIEWED:
        return IssueForm(formdata, amount_fen=voucher.requested_fen)
    return DecisionForm(formdata)


def _allowed(voucher: Voucher) -> dict[str, bool]:
    actor, state = current_actor(), voucher.state
    acted = actor.id in (voucher.applied_by, voucher.reviewed_by)
    at_review = state is VoucherState.SUBMITTED and policy.may_review(actor)
    at_approval = state is VoucherState.REVIEWED and policy.may_issue(actor)
    is_own, next_states = policy.may_change(actor, voucher), MOVES.get(state, frozenset())
    return {
        "may_decide": (at_review or at_approval) and not acted,
        "is_approval": at_approval,
        "waits_for_another": (at_review or at_approval) and acted,
        "may_edit": is_own and VoucherState.SUBMITTED in next_states,
        "may_give_back": is_own and VoucherState.RETURNED in next_states,
        "may_freeze": policy.may_freeze(actor) and VoucherState.FROZEN in next_states,
        "may_unfreeze": policy.may_freeze(actor) and state is VoucherState.FROZEN,
    }


def _event(step: VoucherStep) -> dict[str, Any]:
    notes = [step.opinion or "", *step.defects]
    who = _("the platform") if step.person_id == 0 else step.person_name
    return {
        "at": step.at, "who": who, "what": worded(ACTS.get(step.act, step.act)),
        "note": str(_("; ")).join(note for note in notes if note) or None,
    }  # fmt: skip


def _defects(voucher: Voucher) -> VoucherStep | None:
    """What is to be mended, while it is."""
    if voucher.state is not VoucherState.SENT_BACK:
        return None
    return next((step for step in reversed(queries.steps_of(voucher.id)) if step.act == "send-back"), None)


def _steps_done(voucher: Voucher) -> int:
    order = {VoucherState.DRAFT: 0, VoucherState.SENT_BACK: 0, VoucherState.SUBMITTED: 1, VoucherState.REVIEWED: 2}
    return order.get(voucher.state, 3 if voucher.issued_at else 1)


def _no_url(_reference: str) -> None:
    """For who may not open the records behind the entries."""


def _url(reference: str) -> str | None:
    """The page of the record an entry came from, if there is one."""
    page = reference_page(reference)
    values: dict[str, Any] = dict(page[1]) if page else {}
    if page is None:
        return None
    try:
        return url_for(page[0], **values)
    except BuildError:
        return None
