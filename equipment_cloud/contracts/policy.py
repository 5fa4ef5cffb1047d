"""Who may record and who may read a contract."""

from __future__ import annotations

from equipment_cloud.contracts.models import Contract
from equipment_cloud.foundation.access import Actor

PARTY_ROLES = ("researcher", "owner", "accountant", "manager", "finance")
READER_ROLES = ("reviewer", "approver", "leader", "treasurer", "auditor")
"""Bureau roles that look at the papers of claims."""


def may_record(actor: Actor, organisation_id: int) -> bool:
    """For a party: someone who acts for it in papers."""
    return actor.has_at(organisation_id, *PARTY_ROLES)


def may_see(actor: Actor, contract: Contract) -> bool:
    """The parties and the bureau's reviewers; a contract is a trade secret to everyone else."""
    return may_see_all(actor) or may_record(actor, contract.buyer_id) or may_record(actor, contract.provider_id)


def may_see_all(actor: Actor) -> bool:
    """The bureau's reviewers and auditors."""
    return actor.has(*READER_ROLES)
