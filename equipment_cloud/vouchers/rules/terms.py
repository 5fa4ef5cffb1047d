"""The terms of a policy version, read from its document (``docs/policies/policy.schema.json``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from equipment_cloud.kernel.errors import N_, Problem

SettlementModel = Literal["enterprise", "institution"]


@dataclass(frozen=True, slots=True)
class Tier:
    """``rate_bp`` basis points of the part of the price up to ``up_to_fen`` (``None``: of all above)."""

    up_to_fen: int | None
    rate_bp: int


@dataclass(frozen=True, slots=True)
class RegionRate:
    """A flat rate, in place of the tiers, for providers whose region code begins with ``scope``."""

    scope: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a policy version says about money and dates. ``None`` as a cap means: no such cap."""

    settlement_model: SettlementModel
    tiers: tuple[Tier, ...]
    unit_fen: int = 1
    per_claim_cap_fen: int | None = None
    per_enterprise_year_cap_fen: int | None = None
    max_held_fen: int | None = None
    validity_months: int | None = None
    """``None``: valid to 31 December of the year of issue."""
    redemption_days: int = 0
    region_rates: tuple[RegionRate, ...] = ()
    provider_regions: tuple[str, ...] | None = None
    purposes_excluded: frozenset[str] = frozenset()
    categories_excluded: frozenset[str] = frozenset()
    categories_allowed: frozenset[str] | None = None
    related_parties_excluded: bool = False
    tax_base: str = "inclusive"
    notice_working_days: int = 7
    review_days: int = 10
    sample_rate_bp: int = 500
    transition: str = "issue"
    settlement_period: str = "half_year"
    is_example: bool = False
    clauses: Mapping[str, str] = field(default_factory=dict)
    """Calculation code -> the clause of the rule text it rests on."""

    def tiers_for(self, region: str | None) -> tuple[Tier, ...]:
        """The tiers that price a service of a provider in ``region`` (longest matching scope wins)."""
        matching = [rate for rate in self.region_rates if region and region.startswith(rate.scope)]
        if not matching:
            return self.tiers
        return (Tier(None, max(matching, key=lambda rate: len(rate.scope)).rate_bp),)

    def takes_region(self, region: str) -> bool:
        """Whether providers of that region may be paid with vouchers."""
        return self.provider_regions is None or region.startswith(self.provider_regions)


def terms_of(document: Mapping[str, Any]) -> PolicyTerms:
    """Terms of a document that passed its schema."""
    allowed, regions = document.get("categories_allowed"), document.get("provider_regions")
    return PolicyTerms(
        settlement_model=document["settlement_model"],
        tiers=tuple(Tier(tier["up_to_fen"], tier["rate_bp"]) for tier in document["tiers"]),
        unit_fen=document["unit_fen"],
        per_claim_cap_fen=document["per_claim_cap_fen"],
        per_enterprise_year_cap_fen=document["per_enterprise_year_cap_fen"],
        max_held_fen=document["max_held_fen"],
        validity_months=document["validity"].get("months"),
        redemption_days=document["redemption_days"],
        region_rates=tuple(RegionRate(rate["scope"], rate["rate_bp"]) for rate in document.get("region_rates", ())),
        provider_regions=None if regions is None else tuple(regions),
        purposes_excluded=frozenset(document.get("purposes_excluded", ())),
        categories_excluded=frozenset(document.get("categories_excluded", ())),
        categories_allowed=None if allowed is None else frozenset(allowed),
        related_parties_excluded=document.get("related_parties_excluded", False),
        tax_base=document.get("tax_base", "inclusive"),
        notice_working_days=document.get("notice_working_days", 7),
        review_days=document.get("review_days", 10),
        sample_rate_bp=document.get("sample_rate_bp", 500),
        transition=document.get("transition", "issue"),
        settlement_period=document.get("settlement_period", "half_year"),
        is_example=document.get("example", False),
        clauses={code: text["clause"] for text in document.get("rule_text", ()) for code in text.get("about", ())},
    )


def problems_with_terms(terms: PolicyTerms) -> list[Problem]:
    """What a schema cannot say: tiers rise and the last is open; a region's rate stands once."""
    problems = []
    bounds = [tier.up_to_fen for tier in terms.tiers]
    if bounds[-1] is not None or None in bounds[:-1]:
        problems.append(
            Problem(
                "tiers-open",
                N_("The last tier, and only the last, has no upper bound."),
                "tiers",
                remedy=N_("Set up_to_fen of the last tier to null."),
            )
        )
    elif not _rising([bound for bound in bounds if bound is not None]):
        problems.append(
            Problem(
                "tiers-order",
                N_("The upper bounds of the tiers must rise."),
                "tiers",
                remedy=N_("List the tiers from the lowest amount to the highest."),
            )
        )
    scopes = [rate.scope for rate in terms.region_rates]
    if len(set(scopes)) != len(scopes):
        problems.append(
            Problem(
                "region-twice",
                N_("A region has two rates."),
                "region_rates",
                remedy=N_("Keep one rate for each region."),
            )
        )
    return problems


def _rising(bounds: Sequence[int]) -> bool:
    return all(low < high for low, high in zip([0, *bounds], bounds, strict=False))
