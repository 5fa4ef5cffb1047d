"""What a claim needs, what is missing today, and the list of defects a return is told from (一次性告知)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from equipment_cloud.kernel.errors import N_
from equipment_cloud.settlement.rules.findings import KINDS

ITEMS: Mapping[str, str] = {
    "service": N_("Confirmed usage"),
    "contract": N_("Contract"),
    "invoice": N_("Invoice"),
    "payment": N_("Proof of payment"),
    "report": N_("Report or result"),
    "account": N_("Payee's bank account"),
    "voucher": N_("Within the dates of the voucher"),
    "party": N_("Parties and declarations"),
}
_MISSING = frozenset(
    {"no-service", "no-contract", "no-invoice", "payment-short", "no-report", "account-missing", "other-subsidy"}
)

DEFECTS: Mapping[str, str] = {
    "contract-pages": N_("The contract lacks pages, signatures or stamps."),
    "contract-unreadable": N_("The contract cannot be read."),
    "contract-other": N_("The contract does not cover the services claimed."),
    "invoice-unreadable": N_("An invoice cannot be read."),
    "invoice-item": N_("The item on an invoice does not describe the service."),
    "invoice-parties": N_("Buyer or seller on an invoice is not right."),
    "payment-missing": N_("Proof of payment is missing or incomplete."),
    "payment-private": N_("A payment did not go from company account to company account."),
    "report-missing": N_("The report or result is missing."),
    "report-conclusion": N_("The report shows neither number nor conclusion."),
    "usage-doubt": N_("The hours need the machine's record or the operator's log."),
    "account": N_("The payee's bank account is missing or not right."),
    "other": N_("Something else, as the reason says."),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: ``state`` is ``present``, ``missing`` or ``doubtful``."""

    kind: str
    label: str
    state: str


def checklist(codes: Iterable[str]) -> list[Item]:
    """The items of a pack, judged by the codes of its findings."""
    found = [code for code in codes if code in KINDS]
    states: dict[str, str] = {}
    for code in found:
        kind = KINDS[code][0]
        if code in _MISSING:
            states[kind] = "missing"
        else:
            states.setdefault(kind, "doubtful")
    return [Item(kind, label, states.get(kind, "present")) for kind, label in ITEMS.items()]


def defects_from(codes: Sequence[str]) -> list[dict[str, str]]:
    """Chosen defects as they are kept with the claim: known codes with their words, anything else as it was written."""
    return [{"code": code if code in DEFECTS else "other", "message": DEFECTS.get(code, code)} for code in codes]
