"""The room's blueprint, its menu entries and what it adds to desks."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.kernel.errors import N_
from equipment_cloud.vouchers import policy, queries
from equipment_cloud.vouchers.models import Voucher, VoucherState

bp = Blueprint("vouchers", __name__)

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Vouchers"), endpoint="vouchers.index", roles=policy.ENTERPRISE, order=40, phone=True),
    NavItem(label=N_("Vouchers"), endpoint="vouchers.index", roles=queries.READERS, order=40),
    NavItem(label=N_("Pools"), endpoint="vouchers.pools", roles=policy.POOL_READERS, order=45),
    NavItem(label=N_("Voucher policies"), endpoint="vouchers.policies", place="public", order=40),
)


def to_decide(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Applications that wait for this person's review or approval, the oldest first."""
    states = [state for state, role in _DESKS.items() if actor.has(role)]
    found = queries.waiting(states, not_by=actor.id, limit=5)
    return [
        _row(each, N_("Decide on voucher application %(number)s of %(organisation)s"), N_("Decide")) for each in found
    ]


def to_mend(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Own applications that were sent back or never handed in."""
    states = (VoucherState.SENT_BACK, VoucherState.DRAFT)
    page = queries.vouchers_page(actor, states=states, number=1, size=5)
    return [_row(each, N_("Complete voucher application %(number)s"), N_("Complete")) for each in page.items]


PANELS: tuple[Panel, ...] = (
    Panel(roles=policy.DECIDERS, rows=to_decide, order=20),
    Panel(roles=policy.APPLICANTS, rows=to_mend, order=20),
)
_DESKS = {VoucherState.SUBMITTED: "reviewer", VoucherState.REVIEWED: "approver"}


def _row(voucher: Voucher, label: str, act: str) -> TodoRow:
    return TodoRow(
        label=label,
        values={"number": voucher.number, "organisation": voucher.organisation.name},
        url=url_for("vouchers.show", voucher_id=voucher.id),
        kind="voucher",
        state=voucher.state,
        act=act,
    )
