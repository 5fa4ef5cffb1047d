"""Who may do what with claims and batches."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import Stage
from equipment_cloud.settlement.rules.states import EDITABLE, UNDER_REVIEW, ClaimState

APPLICANT_ROLES = ("researcher", "owner", "accountant")
PROVIDER_ROLES = ("manager", "operator", "finance")
READER_ROLES = ("reviewer", "approver", "leader", "treasurer", "auditor")
"""Of the bureau: those who look at claims and batches."""
SAMPLE_ROLES = ("auditor", "leader")
"""Of those: who takes the second look at what was paid."""
PAYMENT_LIST_ROLES = ("treasurer", "leader", "auditor")
"""Of those: who may take out the payment list, which carries bank accounts."""
ASSEMBLERS = ("approver", "treasurer")
POSTERS = ("approver", "leader", "treasurer")
STAGE_ROLES = {Stage.REVIEW: "reviewer", Stage.APPROVAL: "approver"}


def may_claim(actor: Actor, organisation_id: int) -> bool:
    """Those who act for an enterprise in money."""
    return actor.has_at(organisation_id, *APPLICANT_ROLES)


def may_see(actor: Actor, claim: Claim) -> bool:
    """The applicant, the provider once it is filed, the bureau's reviewers."""
    if may_see_all(actor) or may_claim(actor, claim.organisation_id):
        return True
    return claim.state is not ClaimState.DRAFT and actor.has_at(claim.provider_id, *PROVIDER_ROLES)


def may_see_all(actor: Actor) -> bool:
    """The bureau's reviewers and auditors."""
    return actor.has(*READER_ROLES)


def may_open_papers(actor: Actor, claim: Claim) -> bool:
    """Reports and slips are the applicant's secrets: for it and for the bureau, not for the provider."""
    return may_see_all(actor) or may_claim(actor, claim.organisation_id)


def may_change(actor: Actor, claim: Claim) -> bool:
    """The applicant, while nobody reviews it."""
    return claim.state in EDITABLE and may_claim(actor, claim.organisation_id)


def may_withdraw(actor: Actor, claim: Claim) -> bool:
    """The applicant, until an amount is approved."""
    return claim.state in EDITABLE | UNDER_REVIEW and may_claim(actor, claim.organisation_id)


def has_interest(actor: Actor, claim: Claim) -> bool:
    """Belongs to one of the parties: may not decide (回避)."""
    return any(actor.has_at(party) for party in (claim.organisation_id, claim.provider_id, claim.payee_id))


def may_decide(actor: Actor, claim: Claim) -> bool:
    """Holds the role of the stage now open and has no interest in it."""
    return claim.stage is not None and actor.has(STAGE_ROLES[claim.stage]) and not has_interest(actor, claim)


def may_note(actor: Actor, claim: Claim) -> bool:
    """Reviewers and approvers without interest note findings while the claim is under review."""
    return claim.state in UNDER_REVIEW and actor.has("reviewer", "approver") and not has_interest(actor, claim)


def may_repay(actor: Actor, claim: Claim) -> bool:
    """The treasurer says that a rejected transfer is tried again."""
    return claim.state is ClaimState.BOUNCED and actor.has("treasurer")


def may_assemble(actor: Actor) -> bool:
    """By hand, besides the clock."""
    return actor.has(*ASSEMBLERS)


def may_check(actor: Actor) -> bool:
    """The leader gives a batch its second check."""
    return actor.has("leader")


def may_post(actor: Actor) -> bool:
    """Posts the public notice."""
    return actor.has(*POSTERS)


def may_pay(actor: Actor) -> bool:
    """Sends the payment list, imports the results, closes the batch."""
    return actor.has("treasurer")


def may_tick(actor: Actor) -> bool:
    """Ticks off steps of an office's own chain."""
    return actor.has(*POSTERS)


def may_judge_sample(actor: Actor) -> bool:
    """Takes the second look (抽查); that they did not decide the claim, the service checks."""
    return actor.has(*SAMPLE_ROLES)
