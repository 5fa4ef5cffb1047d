"""What is wrong with an application for a voucher."""

from __future__ import annotations

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.money import MAX_FEN, yuan_from_fen
from equipment_cloud.vouchers.rules.terms import PolicyTerms


def problems_with_application(terms: PolicyTerms, *, requested_fen: int, outstanding_fen: int) -> list[Problem]:
    """All broken rules. ``outstanding_fen``: what the enterprise already holds in vouchers (available and held)."""
    problems = []
    if not 0 < requested_fen <= MAX_FEN:
        words, remedy = N_("The amount must be above zero."), N_("Enter the amount in yuan.")
        problems.append(Problem("amount", words, "requested_fen", remedy=remedy))
    if requested_fen % terms.unit_fen:
        problems.append(
            Problem(
                "unit",
                N_("Vouchers are issued in steps of %(unit)s."),
                "requested_fen",
                {"unit": _yuan(terms.unit_fen)},
                N_("Round the amount down."),
            )
        )
    cap = terms.per_enterprise_year_cap_fen
    if cap is not None and requested_fen > cap:
        problems.append(
            Problem(
                "year-cap",
                N_("An enterprise may use at most %(cap)s a year."),
                "requested_fen",
                {"cap": _yuan(cap)},
                N_("Ask for no more than that."),
            )
        )
    most = terms.max_held_fen
    if most is not None and requested_fen + outstanding_fen > most:
        problems.append(
            Problem(
                "max-held",
                N_("At most %(most)s may be held at once; you hold %(held)s."),
                "requested_fen",
                {"most": _yuan(most), "held": _yuan(outstanding_fen)},
                N_("Use or give back what you hold first, or ask for less."),
            )
        )
    return problems


def _yuan(fen: int) -> str:
    return f"¥{yuan_from_fen(fen):,}"
