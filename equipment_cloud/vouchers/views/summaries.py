"""A policy version in a few facts, for every page that shows one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from equipment_cloud.carriers.rules import CATEGORIES
from equipment_cloud.foundation.filters import money, percent, worded
from equipment_cloud.vouchers.models import PolicyVersion
from equipment_cloud.vouchers.rules import PolicyTerms, terms_of
from equipment_cloud.vouchers.wording import MODELS, PERIODS, PURPOSES, TRANSITIONS, is_english


@dataclass(frozen=True)
class Summary:
    """``facts`` are ``(label, value)`` in the reader's language."""

    version: PolicyVersion
    code: str
    name: str
    number: int
    is_example: bool
    rate: str
    model: str
    settlement_model: str
    facts: list[tuple[str, Any]]


def summary(version: PolicyVersion) -> Summary:
    """Name, rate, caps, dates, exclusions, who is paid."""
    terms, policy = terms_of(version.document), version.policy
    return Summary(
        version=version,
        code=policy.code,
        name=policy.name_en if is_english() else policy.name,
        number=version.number,
        is_example=policy.is_example,
        rate=rate_words(terms),
        model=worded(MODELS[terms.settlement_model]),
        settlement_model=terms.settlement_model,
        facts=[*_money_facts(terms), *_scope_facts(terms), *_date_facts(terms)],
    )


def rate_words(terms: PolicyTerms) -> str:
    """``50 %``, or the span from the lowest to the highest rate of tiers and regions."""
    rates = sorted({tier.rate_bp for tier in terms.tiers} | {rate.rate_bp for rate in terms.region_rates})
    return percent(rates[0]) if len(rates) == 1 else f"{percent(rates[0])} – {percent(rates[-1])}"


def _money_facts(terms: PolicyTerms) -> list[tuple[str, Any]]:
    return [
        (_("Share of the price"), rate_words(terms)),
        (_("Most for one service"), _cap(terms.per_claim_cap_fen)),
        (_("Most for an enterprise a year"), _cap(terms.per_enterprise_year_cap_fen)),
        (_("Most held at once"), _cap(terms.max_held_fen)),
        (_("Who is paid"), worded(MODELS[terms.settlement_model])),
        (_("Price counts"), _("with tax") if terms.tax_base == "inclusive" else _("without tax")),
    ]


def _scope_facts(terms: PolicyTerms) -> list[tuple[str, Any]]:
    allowed = [code for code in CATEGORIES if terms.categories_allowed is None or code in terms.categories_allowed]
    services = [worded(CATEGORIES[code]) for code in allowed if code not in terms.categories_excluded]
    excluded = [worded(words) for code, words in PURPOSES.items() if code in terms.purposes_excluded]
    comma = str(_(", "))
    return [
        (_("Services supported"), comma.join(services)),
        (_("Purposes not supported"), comma.join(excluded) or _("none")),
        (_("Related parties"), _("not supported") if terms.related_parties_excluded else _("supported")),
    ]


def _date_facts(terms: PolicyTerms) -> list[tuple[str, Any]]:
    months = terms.validity_months
    valid = _("%(months)s months from issue", months=months) if months else _("until 31 December of the year of issue")
    return [
        (_("Valid"), valid),
        (_("Claims"), _("up to %(days)s days after the last day", days=terms.redemption_days)),
        (_("Settlement"), worded(PERIODS[terms.settlement_period])),
        (_("Public notice"), _("%(days)s working days", days=terms.notice_working_days)),
        (_("Decision within"), _("%(days)s working days", days=terms.review_days)),
        (_("Older vouchers"), worded(TRANSITIONS[terms.transition])),
    ]


def _cap(fen: int | None) -> str:
    return str(_("no limit")) if fen is None else money(fen)
