"""Pure checks of a contract's particulars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from equipment_cloud.kernel.errors import N_, Problem


@dataclass(frozen=True, slots=True)
class Terms:
    """What is written on the paper. ``amount_fen`` is the contract's total."""

    number: str
    title: str
    buyer_id: int
    provider_id: int | None
    signed_on: date
    amount_fen: int


def problems_with_terms(terms: Terms, *, today: date) -> list[Problem]:
    """Everything wrong with what was typed."""
    problems = []
    if terms.provider_id is None:
        problems.append(
            Problem(
                "party-unknown",
                N_("No organisation here has this name or credit code."),
                "provider",
                remedy=N_("Copy the full registered name or the credit code from the contract."),
            )
        )
    if terms.provider_id == terms.buyer_id:
        problems.append(Problem("one-party", N_("A contract needs two different parties."), "provider"))
    if terms.signed_on > today:
        problems.append(
            Problem(
                "in-the-future",
                N_("The date lies in the future."),
                "signed_on",
                remedy=N_("Enter the date on the paper."),
            )
        )
    if terms.signed_on.year < 2000:
        problems.append(Problem("too-old", N_("The date is too long ago to be true."), "signed_on"))
    if terms.amount_fen <= 0:
        problems.append(Problem("not-positive", N_("The amount must be above zero."), "amount_fen"))
    return problems
