"""Who may do what with vouchers, pools and policies. Whether the state allows it, the service says."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor
from equipment_cloud.vouchers.models import Voucher

APPLICANTS = ("researcher", "owner")
ENTERPRISE = ("researcher", "owner", "accountant")
DECIDERS = ("reviewer", "approver")
KEEPERS = ("policy", "treasurer")
READERS = ("reviewer", "approver", "leader", "treasurer", "auditor", "policy")
RECORD_READERS = ("reviewer", "approver", "leader", "treasurer", "auditor")
POOL_READERS = READERS


def may_follow(actor: Actor, voucher: Voucher) -> bool:
    """From an entry to the booking or claim behind it: the enterprise, and who reviews or audits."""
    return actor.has_at(voucher.organisation_id) or actor.has(*RECORD_READERS)


def may_apply(actor: Actor, organisation_id: int) -> bool:
    return actor.has_at(organisation_id, *APPLICANTS)


def may_change(actor: Actor, voucher: Voucher) -> bool:
    return may_apply(actor, voucher.organisation_id)


def may_review(actor: Actor) -> bool:
    return actor.has("reviewer")


def may_issue(actor: Actor) -> bool:
    return actor.has("approver")


def may_decide(actor: Actor) -> bool:
    """Send back or refuse, at either stage."""
    return actor.has(*DECIDERS)


def may_freeze(actor: Actor) -> bool:
    return actor.has("approver", "leader")


def may_plan(actor: Actor) -> bool:
    return actor.has(*KEEPERS)
