"""The list of vouchers: an enterprise's own, or the bureau's queue."""

from __future__ import annotations

from flask import render_template, request

from equipment_cloud.foundation.access import Actor, current_actor, signed_in
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.vouchers import policy, queries
from equipment_cloud.vouchers.models import VoucherState
from equipment_cloud.vouchers.views.blueprint import bp

REVIEW, APPROVAL, ALL = "review", "approval", "all"
QUEUES = {REVIEW: VoucherState.SUBMITTED, APPROVAL: VoucherState.REVIEWED}


@bp.get("/vouchers")
@signed_in
def index() -> str:
    """Vouchers this person may see, with what is left of each and what ends when."""
    actor = current_actor()
    is_bureau = actor.has(*queries.READERS)
    view = _view(actor) if is_bureau else ALL
    states = {QUEUES[view]} if view in QUEUES else _states()
    number, size = asked_page()
    page = queries.vouchers_page(actor, states=states, oldest_first=view in QUEUES, number=number, size=size)
    return render_template(
        "vouchers/index.html",
        page=page,
        view=view,
        state=request.args.get("state", ""),
        is_bureau=is_bureau,
        waiting=queries.waiting_counts() if is_bureau else {},
        balances=queries.balances([voucher.id for voucher in page.items]),
        totals=None if is_bureau else queries.totals(actor.organisations(*policy.ENTERPRISE)),
        may_apply=bool(actor.organisations(*policy.APPLICANTS)),
        is_example=any(voucher.policy_version.policy.is_example for voucher in page.items),
    )


def _view(actor: Actor) -> str:
    """The queue asked for, else the one this role works on."""
    asked = request.args.get("view", "")
    if asked in (REVIEW, APPROVAL, ALL):
        return asked
    if policy.may_review(actor):
        return REVIEW
    return APPROVAL if policy.may_issue(actor) else ALL


def _states() -> set[VoucherState]:
    asked = request.args.get("state", "")
    return {VoucherState(asked)} if asked in set(VoucherState) else set()
