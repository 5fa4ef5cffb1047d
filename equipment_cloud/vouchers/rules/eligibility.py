"""Whether a service may be subsidised at all: every reason against it, each with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.vouchers.rules.terms import PolicyTerms

if TYPE_CHECKING:
    from equipment_cloud.vouchers.rules.subsidy import SubsidyCase


def problems_with_case(terms: PolicyTerms, case: SubsidyCase) -> list[Problem]:
    """All reasons at once: price, purpose, category, parties, region, dates."""
    return [*_about_service(terms, case), *_about_parties(terms, case), *_about_dates(case)]


def _about_service(terms: PolicyTerms, case: SubsidyCase) -> list[Problem]:
    problems = []
    if case.price_fen <= 0:
        problems.append(
            Problem(
                "no-price",
                N_("There is nothing to pay, so there is nothing to subsidise."),
                "price_fen",
                remedy=N_("Book without a voucher."),
            )
        )
    if case.purpose in terms.purposes_excluded:
        problems.append(
            Problem(
                "purpose-excluded",
                N_("The policy does not support this purpose."),
                "purpose",
                remedy=N_("Book without a voucher, or correct the purpose if it was chosen by mistake."),
            )
        )
    allowed = terms.categories_allowed is None or case.category in terms.categories_allowed
    if case.category in terms.categories_excluded or not allowed:
        problems.append(
            Problem(
                "category-excluded",
                N_("The policy does not support this kind of service."),
                "category",
                remedy=N_("Book without a voucher."),
            )
        )
    return problems


def _about_parties(terms: PolicyTerms, case: SubsidyCase) -> list[Problem]:
    problems = []
    if case.is_own_service:
        problems.append(
            Problem(
                "own-service",
                N_("An enterprise cannot use its voucher for its own services."),
                "voucher_id",
                remedy=N_("Book without a voucher."),
            )
        )
    if case.is_related and terms.related_parties_excluded:
        problems.append(
            Problem(
                "related-party",
                N_("Services between related companies are not supported."),
                "voucher_id",
                remedy=N_("Book without a voucher, or choose a provider that is not related."),
            )
        )
    if case.provider_region is not None and not terms.takes_region(case.provider_region):
        problems.append(
            Problem(
                "provider-region",
                N_("The provider's region is outside this policy."),
                "voucher_id",
                remedy=N_("Choose a provider within the region of the policy."),
            )
        )
    return problems


def _about_dates(case: SubsidyCase) -> list[Problem]:
    day = case.service_on
    if day is None:
        return []
    if case.expires_on is not None and day > case.expires_on:
        return [
            Problem(
                "voucher-expired",
                N_("The voucher is valid until %(last)s, the service would be on %(day)s."),
                "voucher_id",
                {"last": case.expires_on.isoformat(), "day": day.isoformat()},
                N_("Choose an earlier date or another voucher."),
            )
        ]
    if case.valid_from is not None and day < case.valid_from:
        return [
            Problem(
                "before-issue",
                N_("The voucher was issued on %(first)s; earlier services are not supported."),
                "voucher_id",
                {"first": case.valid_from.isoformat()},
                N_("Use it for a service from that day on."),
            )
        ]
    return []
