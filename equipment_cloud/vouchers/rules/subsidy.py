"""The arithmetic of a subsidy: floor(min(share by rate, every cap, what is left)), with each limit on show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.money import floor_to, share, yuan_from_fen
from equipment_cloud.vouchers.rules import eligibility
from equipment_cloud.vouchers.rules.terms import PolicyTerms, Tier

Line = dict[str, Any]
"""``{"code", "label", "values", "amount_fen", "limit_fen", "binding", "clause"}``: ``label`` is a message id
filled with ``values``; ``amount_fen`` is what is left after this line; the last limit to bite is ``binding``."""


@dataclass(frozen=True, slots=True)
class SubsidyCase:
    """One service to be subsidised. ``None`` means: not known or not to be checked."""

    price_fen: int
    """On the policy's tax base, net of what is out of scope."""
    category: str
    purpose: str
    provider_region: str | None = None
    is_own_service: bool = False
    is_related: bool = False
    service_on: date | None = None
    valid_from: date | None = None
    expires_on: date | None = None
    available_fen: int | None = None
    year_committed_fen: int = 0
    held_fen: int | None = None
    """What the enterprise holds in vouchers besides; only asked when a voucher is applied for."""


@dataclass(frozen=True, slots=True)
class Subsidy:
    """``amount_fen`` is 0 whenever there are ``reasons``; the calculation shows what it would have been."""

    amount_fen: int
    calculation: list[Line]
    reasons: list[Problem] = field(default_factory=list)
    settlement_model: str | None = None
    policy_version_id: int | None = None

    @property
    def is_eligible(self) -> bool:
        return not self.reasons


def plan_subsidy(terms: PolicyTerms, case: SubsidyCase) -> Subsidy:
    """The subsidy of one service with every limit, the one that bound, and every reason against it."""
    by_rate = sum(amount for _tier, _low, amount in _parts(terms, case))
    limits = [("share", N_("Share by rate"), by_rate), *_limits(terms, case)]
    bound = min(range(len(limits)), key=lambda index: (limits[index][2], index))
    least = max(0, limits[bound][2])
    amount = floor_to(least, terms.unit_fen)
    lines = [_line(terms, "price", N_("Price of the service"), case.price_fen), *_tier_lines(terms, case)]
    running = by_rate
    for index, (code, label, limit) in enumerate(limits):
        running = max(0, min(running, limit))
        lines.append(_line(terms, code, label, running, limit=limit, binding=index == bound))
    if terms.unit_fen > 1:
        lines.append(_line(terms, "unit", N_("Cut down to a multiple of %(unit)s"), amount, unit=_yuan(terms.unit_fen)))
    reasons = [*eligibility.problems_with_case(terms, case), *_nothing_left(terms, case, limits)]
    return Subsidy(0 if reasons else amount, lines, reasons, settlement_model=terms.settlement_model)


def plan_draw(terms: PolicyTerms, case: SubsidyCase, *, held_fen: int) -> int:
    """The share of the price in the end, never above what was held for it. Eligibility was settled by the hold."""
    by_rate = sum(amount for _tier, _low, amount in _parts(terms, case))
    caps = [by_rate, held_fen, *([] if terms.per_claim_cap_fen is None else [terms.per_claim_cap_fen])]
    return floor_to(min(caps), terms.unit_fen) if case.price_fen > 0 else 0


def _parts(terms: PolicyTerms, case: SubsidyCase) -> Iterator[tuple[Tier, int, int]]:
    """Each tier reached by the price: tier, its lower bound, its amount."""
    low = 0
    for tier in terms.tiers_for(case.provider_region):
        high = case.price_fen if tier.up_to_fen is None else min(case.price_fen, tier.up_to_fen)
        if high > low or low == 0:
            yield tier, low, share(max(0, high - low), tier.rate_bp)
        low = high if tier.up_to_fen is None else tier.up_to_fen


def _tier_lines(terms: PolicyTerms, case: SubsidyCase) -> Iterator[Line]:
    for number, (tier, low, amount) in enumerate(_parts(terms, case), start=1):
        words = N_("%(rate)s of the price")
        if low and tier.up_to_fen is None:
            words = N_("%(rate)s of what is above %(low)s")
        elif low:
            words = N_("%(rate)s of what is between %(low)s and %(high)s")
        elif tier.up_to_fen is not None:
            words = N_("%(rate)s of what is up to %(high)s")
        yield _line(
            terms,
            f"tier-{number}",
            words,
            amount,
            rate=_percent(tier.rate_bp),
            low=_yuan(low),
            high=_yuan(tier.up_to_fen or 0),
        )


def _limits(terms: PolicyTerms, case: SubsidyCase) -> Iterator[tuple[str, str, int]]:
    if terms.per_claim_cap_fen is not None:
        yield "claim-cap", N_("Most for one service"), terms.per_claim_cap_fen
    if terms.per_enterprise_year_cap_fen is not None:
        left = max(0, terms.per_enterprise_year_cap_fen - case.year_committed_fen)
        yield "year-cap", N_("Left of the enterprise's yearly limit"), left
    if terms.max_held_fen is not None and case.held_fen is not None:
        yield "max-held", N_("Left of what may be held at once"), max(0, terms.max_held_fen - case.held_fen)
    if case.available_fen is not None:
        yield "available", N_("Available on the voucher"), case.available_fen


def _nothing_left(terms: PolicyTerms, case: SubsidyCase, limits: list[tuple[str, str, int]]) -> list[Problem]:
    """Every limit that leaves nothing; else, when the share itself comes to nothing, that."""
    if case.price_fen <= 0:
        return []
    spent = [_EMPTY[code] for code, _label, limit in limits if code in _EMPTY and floor_to(limit, terms.unit_fen) <= 0]
    if spent:
        return [Problem(code, words, "voucher_id", remedy=remedy) for code, words, remedy in spent]
    if floor_to(min(limit for _code, _label, limit in limits), terms.unit_fen) > 0:
        return []
    words = N_("The share is below the smallest amount that is paid.")
    return [Problem("too-small", words, "price_fen", remedy=N_("Pay this service without a voucher."))]


_EMPTY = {
    "available": (
        "not-enough",
        N_("Nothing is left on this voucher."),
        N_("Choose another voucher, cancel a booking that holds it, or pay in full."),
    ),
    "year-cap": (
        "year-cap-reached",
        N_("Your enterprise has used its yearly limit of this policy."),
        N_("Book for next year's service or pay in full."),
    ),
    "max-held": (
        "max-held",
        N_("Your enterprise already holds as much as it may hold at once."),
        N_("Use or give back what you hold first."),
    ),
}


def _line(
    terms: PolicyTerms,
    code: str,
    label: str,
    amount: int,
    *,
    limit: int | None = None,
    binding: bool = False,
    **values: str,
) -> Line:
    clause = terms.clauses.get(code.split("-", maxsplit=1)[0] if code.startswith("tier-") else code)
    return {
        "code": code,
        "label": label,
        "values": values,
        "amount_fen": amount,
        "limit_fen": limit,
        "binding": binding,
        "clause": clause,
    }


def _yuan(fen: int) -> str:
    return f"¥{yuan_from_fen(fen):,}"


def _percent(rate_bp: int) -> str:
    return f"{(Decimal(rate_bp) / 100).normalize():f} %"
