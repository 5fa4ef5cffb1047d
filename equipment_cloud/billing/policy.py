"""Who may see bills and papers, and who may record them."""

from __future__ import annotations

from equipment_cloud.billing.models import Charge, Invoice, Payment
from equipment_cloud.foundation.access import Actor

BUYER_ROLES = ("researcher", "owner", "accountant", "manager", "finance")
"""Who acts for an organisation in papers, as buyer; an institution buys, too."""
PARTY_ROLES = ("researcher", "owner", "accountant", "manager", "finance")
READER_ROLES = ("reviewer", "approver", "leader", "treasurer", "auditor")


def may_see_all(actor: Actor) -> bool:
    """The bureau's reviewers and auditors."""
    return actor.has(*READER_ROLES)


def may_see_charge(actor: Actor, charge: Charge) -> bool:
    """Both sides and the bureau's reviewers."""
    sides = (charge.organisation_id, charge.provider_id)
    return may_see_all(actor) or any(actor.has_at(side, *PARTY_ROLES) for side in sides)


def may_record(actor: Actor, organisation_id: int) -> bool:
    """Invoices and payments are recorded by the buyer."""
    return actor.has_at(organisation_id, *BUYER_ROLES)


def may_see_invoice(actor: Actor, invoice: Invoice) -> bool:
    """The buyer who recorded it and the bureau's reviewers."""
    return may_see_all(actor) or may_record(actor, invoice.buyer_id)


def may_see_payment(actor: Actor, payment: Payment) -> bool:
    """The payer who recorded it and the bureau's reviewers."""
    return may_see_all(actor) or may_record(actor, payment.payer_id)


def may_void(actor: Actor, invoice: Invoice) -> bool:
    """The buyer reports a red-letter or voided invoice, and the bureau's reviewer may find one."""
    return may_record(actor, invoice.buyer_id) or actor.has("reviewer", "approver")
