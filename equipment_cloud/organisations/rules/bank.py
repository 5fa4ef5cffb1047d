"""Bank accounts (收款账户): where public money goes, so every field is checked before a second person looks."""

from __future__ import annotations

import unicodedata

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.identifiers import is_bank_account, is_cnaps


def same_name(one: str, other: str) -> bool:
    """Equal but for full-width and half-width brackets and blanks."""
    return _plain(one) == _plain(other)


def problems_with_bank_account(
    account_name: str, account_number: str, bank_name: str, cnaps: str | None, *, organisation_name: str
) -> list[Problem]:
    """All that is wrong with a proposed account."""
    problems: list[Problem] = []
    if not same_name(account_name, organisation_name):
        problems.append(
            Problem(
                "account-name",
                N_("The account must be in the organisation's registered name (%(name)s)."),
                "account_name",
                {"name": organisation_name},
                N_("Give the corporate account; if the name changed, have the new name entered first."),
            )
        )
    if not is_bank_account(account_number):
        problems.append(Problem("account-number", N_("An account number has 8 to 30 digits."), "account_number"))
    if not bank_name.strip() or len(bank_name) > 255:
        problems.append(Problem("bank-name", N_("Give the bank and its branch."), "bank_name"))
    if cnaps and not is_cnaps(cnaps):
        problems.append(
            Problem("cnaps", N_("A bank code has 12 digits."), "cnaps", remedy=N_("Ask the bank, or leave it empty."))
        )
    return problems


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
