"""What a check found, and the words for each kind of finding: reason, remedy, the piece of evidence it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.settlement.rules.states import Level

BLOCK, WARN = Level.BLOCK, Level.WARN


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. ``subject`` names the record (``invoice:7``) so that a note on it survives the next check."""

    code: str
    level: Level
    subject: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return KINDS[self.code][1]

    @property
    def evidence(self) -> str:
        """Which piece of the pack it is about: ``service contract invoice payment report account voucher party``."""
        return KINDS[self.code][0]

    def as_problem(self) -> Problem:
        """For the list of everything that stops a submission."""
        return Problem(self.code, self.message, self.evidence, self.values, remedy_of(self.code))


def remedy_of(code: str) -> str | None:
    """What can be done about a finding."""
    kind = KINDS.get(code)
    return kind[2] if kind else None


KINDS: Mapping[str, tuple[str, str, str | None]] = {
    "no-service": (
        "service",
        N_("There is no proof of service."),
        N_("Add usage whose hours both sides have confirmed."),
    ),
    "not-confirmed": (
        "service",
        N_("Usage %(number)s is not confirmed by both sides."),
        N_("Confirm the hours, or ask the provider to; then check again."),
    ),
    "usage-twice": (
        "service",
        N_("Usage %(number)s is in claim %(claim)s already."),
        N_("Take it out of one of the two claims."),
    ),
    "before-issue": (
        "service",
        N_("Usage %(number)s of %(day)s was before the voucher was issued (%(first)s)."),
        N_("Take it out: earlier services are not supported."),
    ),
    "after-expiry": (
        "service",
        N_("Usage %(number)s of %(day)s was after the voucher expired (%(last)s)."),
        N_("Take it out: later services are not supported."),
    ),
    "purpose-excluded": (
        "service",
        N_("The policy does not support the purpose of usage %(number)s."),
        N_("Take it out of the claim."),
    ),
    "category-excluded": (
        "service",
        N_("The policy does not support the kind of service of usage %(number)s."),
        N_("Take it out of the claim."),
    ),
    "not-listed": (
        "service",
        N_("The provider was not on the register of carriers for usage %(number)s on %(day)s."),
        N_("Take it out, or ask the bureau to correct the register."),
    ),
    "round-hours": (
        "service",
        N_("Usage %(number)s has exactly %(hours)s hours that were typed in, not scanned."),
        N_("Ask for the machine's own record or the operator's log."),
    ),
    "no-contract": (
        "contract",
        N_("There is no contract between the two parties."),
        N_("Record the contract or order form and add it."),
    ),
    "contract-late": (
        "contract",
        N_("Contract %(number)s was signed on %(day)s, after the service began on %(began)s."),
        N_("Ask for the order or framework the service rested on."),
    ),
    "no-invoice": ("invoice", N_("There is no invoice."), N_("Record the provider's invoice and add it.")),
    "invoice-status": ("invoice", N_("Invoice %(number)s was voided or reversed."), N_("Take another invoice.")),
    "buyer": (
        "invoice",
        N_("The buyer on invoice %(number)s (%(found)s) is not the applicant (%(expected)s)."),
        N_("Ask the provider for an invoice to the applicant's registered name and code."),
    ),
    "seller": (
        "invoice",
        N_("The seller on invoice %(number)s (%(found)s) is not the provider (%(expected)s)."),
        N_("Use the invoice of the provider who served you."),
    ),
    "over-allocated": (
        "invoice",
        N_("More of invoice %(number)s is used than it says."),
        N_("Lower the amount used here."),
    ),
    "invoice-early": (
        "invoice",
        N_("Invoice %(number)s of %(day)s is older than the service of %(began)s."),
        N_("Ask whether it was paid in advance."),
    ),
    "invoice-late": (
        "invoice",
        N_("Invoice %(number)s of %(day)s is later than the last day of claims (%(last)s)."),
        N_("Use an invoice dated within the period."),
    ),
    "price-differs": (
        "invoice",
        N_("Invoices used (%(invoiced)s) differ from the price of the services (%(price)s)."),
        N_("Ask the provider what else the invoice covers."),
    ),
    "above-contract": (
        "invoice",
        N_("Invoices used (%(invoiced)s) are above the contract total (%(contract)s)."),
        N_("Only the contract total counts; ask for an amendment if there is one."),
    ),
    "payment-short": (
        "payment",
        N_("Proof of payment shows %(paid)s of the %(needed)s needed."),
        N_("Record the bank slips of the transfers and add them."),
    ),
    "payer": (
        "payment",
        N_("Payment %(number)s came from the account of %(found)s, not of %(expected)s."),
        N_("Payments must go from company account to company account (对公转账)."),
    ),
    "payee": (
        "payment",
        N_("Payment %(number)s went to %(found)s, not to %(expected)s."),
        N_("Use the slip of the transfer to the provider."),
    ),
    "no-report": (
        "report",
        N_("There is no report or other result."),
        N_("Add the cover page with number and conclusion, or the record of results."),
    ),
    "report-twice": (
        "report",
        N_("The same report is in claim %(claim)s already."),
        N_("Each service has its own report: add the right one."),
    ),
    "account-missing": (
        "account",
        N_("The payee %(payee)s has no approved bank account."),
        N_("Enter the account and have it approved; without one nothing can be paid."),
    ),
    "account-new": (
        "account",
        N_("The payee's account was approved only on %(day)s."),
        N_("Call the payee on the number on record before paying."),
    ),
    "account-name": (
        "account",
        N_("The account is in the name of %(found)s, not of %(expected)s."),
        N_("Have the account corrected, or note why the names differ."),
    ),
    "too-late": ("voucher", N_("Claims on this voucher could be filed until %(last)s."), N_("Call the platform desk.")),
    "voucher-frozen": ("voucher", N_("The voucher is frozen or was given back."), N_("Call the platform desk.")),
    "nothing": (
        "voucher",
        N_("Nothing would be paid: the amount comes to zero."),
        N_("See below which limit decides."),
    ),
    "other-subsidy": (
        "party",
        N_("It is not declared that the same invoices were used for no other subsidy."),
        N_("Tick the declaration if it is true."),
    ),
    "own-service": ("party", N_("The applicant is the provider: one's own services are not supported."), None),
    "related": (
        "party",
        N_("Applicant and provider are related parties."),
        N_("Note what the relation is and why the price is one between strangers."),
    ),
    "related-excluded": ("party", N_("Applicant and provider are related parties, which the policy excludes."), None),
    "same-phone": (
        "party",
        N_("Applicant and provider have the same telephone number (%(phone)s)."),
        N_("Find out why, and note it."),
    ),
    "same-address": ("party", N_("Applicant and provider have the same address."), N_("Find out why, and note it.")),
}
"""Code -> (evidence, message id, remedy id)."""
