"""What an organisation is: kind, name, credit code, standing."""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.identifiers import problems_with_credit_code


class Kind(StrEnum):
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    BUREAU = "bureau"
    UMBRELLA = "umbrella"


class Standing(StrEnum):
    """Whether the bureau has approved the organisation for vouchers."""

    NONE = "none"
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class CheckState(StrEnum):
    """What the check digit of a credit code said, or who overrode it."""

    PASSED = "passed"
    FAILED = "failed"
    OVERRIDDEN = "overridden"


STANDING_MOVES: dict[Standing, set[Standing]] = {
    Standing.NONE: {Standing.REQUESTED},
    Standing.REQUESTED: {Standing.APPROVED, Standing.REFUSED},
    Standing.APPROVED: {Standing.REFUSED},
    Standing.REFUSED: {Standing.REQUESTED},
}
"""An approval may be withdrawn (refused) with a reason; a refused organisation may ask again."""


def problems_with_identity(
    name: str, *, name_en: str | None, credit_code: str | None, town_is_known: bool, code_needed: bool
) -> list[Problem]:
    """All that is wrong with the identity an organisation gives.

    A failing check digit is among them as a warning. Who signs up needs a code; an import may know a name alone.
    """
    problems = _problems_with_name(name)
    if name_en and len(name_en) > 255:
        problems.append(Problem("name-en", N_("A name has at most 255 characters."), "name_en"))
    if credit_code:
        problems += problems_with_credit_code(credit_code)
    elif code_needed:
        problems.append(
            Problem(
                "credit-code-missing",
                N_("Give the unified social credit code."),
                "credit_code",
                remedy=N_("Copy it from the business licence."),
            )
        )
    if not town_is_known:
        problems.append(
            Problem(
                "town-unknown", N_("There is no such township."), "town_code", remedy=N_("Choose one from the list.")
            )
        )
    return problems


def check_state(problems: list[Problem]) -> CheckState:
    """What the problems with a credit code say of its check digits."""
    doubtful = {"check-digit", "organisation-code"}
    return CheckState.FAILED if any(problem.code in doubtful for problem in problems) else CheckState.PASSED


def problems_with_new_name(name: str, valid_from: date, *, last_change: date | None, today: date) -> list[Problem]:
    """A name is entered once it is registered, and later names follow earlier ones."""
    problems = _problems_with_name(name)
    if valid_from > today:
        problems.append(
            Problem(
                "future",
                N_("The change is not registered yet: its date lies in the future."),
                "valid_from",
                remedy=N_("Enter it on the day it takes effect."),
            )
        )
    if last_change is not None and valid_from <= last_change:
        problems.append(
            Problem(
                "out-of-order",
                N_("There is a later or equal entry of %(on)s already."),
                "valid_from",
                {"on": last_change.isoformat()},
                N_("Give a date after it."),
            )
        )
    return problems


def problems_with_standing(
    kind: Kind, *, is_user: bool, code_check: CheckState | None, town_code: str | None
) -> list[Problem]:
    """Why an organisation cannot be approved for vouchers."""
    problems: list[Problem] = []
    if kind == Kind.BUREAU or not is_user:
        problems.append(
            Problem(
                "no-user",
                N_("Only an organisation that uses instruments can be approved for vouchers."),
                remedy=N_("Ask the bureau to enter it as a user."),
            )
        )
    if code_check is None:
        problems.append(
            Problem(
                "credit-code-missing",
                N_("The organisation has no credit code on record."),
                "credit_code",
                remedy=N_("Have the bureau enter it from the licence."),
            )
        )
    if code_check == CheckState.FAILED:
        problems.append(
            Problem(
                "check-digit",
                N_("The check digit of the credit code does not fit."),
                "credit_code",
                remedy=N_("A reviewer compares it with the licence and accepts it with a reason."),
            )
        )
    if not town_code:
        problems.append(
            Problem(
                "town-missing",
                N_("The organisation has no township on record."),
                "town_code",
                remedy=N_("Add it on the organisation's page."),
            )
        )
    return problems


def _problems_with_name(name: str) -> list[Problem]:
    if not name.strip() or len(name) > 255 or any(unicodedata.category(letter) == "Cc" for letter in name):
        return [Problem("name", N_("Give the registered name, in at most 255 characters."), "name",
                        remedy=N_("Copy it from the business licence."))]  # fmt: skip
    return []
