"""What a voucher would pay for a service: the same reading and the same rules as the hold itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from equipment_cloud.carriers import queries as carriers
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.models import Organisation, Standing
from equipment_cloud.vouchers.models import PolicyVersion, Voucher, VoucherState
from equipment_cloud.vouchers.queries.policies import default_version, version, versions_of
from equipment_cloud.vouchers.queries.vouchers import balances, year_of
from equipment_cloud.vouchers.rules import (
    Candidate,
    PolicyTerms,
    Subsidy,
    SubsidyCase,
    governing,
    plan_subsidy,
    terms_of,
)


@dataclass(frozen=True, slots=True)
class _Service:
    organisation_id: int | None
    provider_id: int
    category: str
    purpose: str
    price_fen: int
    on: date


def estimate(  # noqa: PLR0917 - the order in which one says it: whose voucher, from whom, what, for how much, when
    voucher: Voucher | None, organisation_id: int | None, provider_id: int, category: str, purpose: str, price_fen: int,
    on: date, *, ordered_on: date | None = None,
) -> Subsidy:  # fmt: skip
    """What a voucher pays for a service rendered on a day, with every limit and every reason against it.

    Without a voucher: what the policy in force would pay at most. Without an organisation (a visitor) only the service
    and its provider are looked at. ``ordered_on`` is the day of commitment, the day of the service unless told.
    """
    rules = version_for(voucher, ordered_on=ordered_on or on, service_on=on)
    if rules is None:
        return Subsidy(0, [], [_NO_POLICY])
    terms, service = terms_of(rules.document), _Service(organisation_id, provider_id, category, purpose, price_fen, on)
    case = _case(terms, voucher, service, policy_id=rules.policy_id)
    planned = plan_subsidy(terms, case)
    reasons = [
        *_about_voucher(voucher), *_about_standing(organisation_id, on), *_about_provider(provider_id, category, on),
        *_about_region(terms, case), *planned.reasons,
    ]  # fmt: skip
    amount = 0 if reasons else planned.amount_fen
    return replace(planned, amount_fen=amount, reasons=reasons, policy_version_id=rules.id)


def estimates(
    voucher: Voucher,
    organisation_id: int,
    asked: Mapping[int, tuple[int, int]],
    *,
    category: str,
    purpose: str,
    on: date,
) -> dict[int, Subsidy]:
    """As :func:`estimate` for many services of one day, by key: ``(provider id, price in fen)`` each.

    The statements are as many for one service as for a hundred.
    """
    rules = version_for(voucher, ordered_on=on, service_on=on)
    against = [*_about_voucher(voucher), *_about_standing(organisation_id, on)]
    if rules is None or against:
        return dict.fromkeys(asked, Subsidy(0, [], against or [_NO_POLICY]))
    terms, providers = terms_of(rules.document), sorted({provider for provider, _price in asked.values()})
    own = _Service(organisation_id, organisation_id, category, purpose, 0, on)
    base = _case(terms, voucher, own, policy_id=rules.policy_id)
    regions, registered = provider_regions(providers), carriers.carriers_among(providers, category, on)
    related = organisations.related_among(organisation_id, providers) if terms.related_parties_excluded else set()
    found: dict[int, Subsidy] = {}
    for key, (provider, price_fen) in asked.items():
        case = replace(
            base, price_fen=price_fen, provider_region=regions.get(provider),
            is_own_service=provider == organisation_id, is_related=provider in related,
        )  # fmt: skip
        planned = plan_subsidy(terms, case)
        reasons = [*([] if provider in registered else [_NO_CARRIER]), *_about_region(terms, case), *planned.reasons]
        amount = 0 if reasons else planned.amount_fen
        found[key] = replace(planned, amount_fen=amount, reasons=reasons, policy_version_id=rules.id)
    return found


def terms_for(voucher: Voucher | None, on: date) -> PolicyTerms | None:
    """The terms that govern a voucher, or those of the default policy on a day."""
    found = voucher.policy_version if voucher is not None else default_version(on)
    return None if found is None else terms_of(found.document)


def version_for(voucher: Voucher | None, *, ordered_on: date, service_on: date) -> PolicyVersion | None:
    """The version that governs a commitment: the voucher's own, or a newer one that reaches it."""
    if voucher is None:
        return default_version(service_on)
    own = version(voucher.policy_version_id)
    candidates = [
        Candidate(each.id, each.number, each.valid_from, each.document.get("transition", "issue"))
        for each in versions_of(own.policy_id)
    ]
    chosen = governing(candidates, own_id=own.id, ordered_on=ordered_on, service_on=service_on)
    return own if chosen == own.id else version(chosen)


def provider_region(organisation_id: int) -> str | None:
    """Region code of an organisation: its town, else the registering region in its credit code."""
    return provider_regions([organisation_id]).get(organisation_id)


def provider_regions(organisation_ids: Collection[int]) -> dict[int, str | None]:
    """The same of many, in one statement."""
    columns = (Organisation.id, Organisation.town_code, Organisation.credit_code)
    statement = select(*columns).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.id)
    return {row.id: row.town_code or (row.credit_code or "")[2:8] or None for row in session().execute(statement)}


def _case(terms: PolicyTerms, voucher: Voucher | None, service: _Service, *, policy_id: int) -> SubsidyCase:
    user_id, provider_id = service.organisation_id, service.provider_id
    committed = year_of(user_id, policy_id, service.on.year) if user_id is not None else None
    others = user_id is not None and user_id != provider_id
    related = others and terms.related_parties_excluded and organisations.are_related(user_id or 0, provider_id)
    return SubsidyCase(
        price_fen=service.price_fen,
        category=service.category,
        purpose=service.purpose,
        provider_region=provider_region(provider_id),
        is_own_service=user_id == provider_id,
        is_related=related,
        service_on=service.on,
        valid_from=clock.today(voucher.issued_at) if voucher is not None and voucher.issued_at else None,
        expires_on=voucher.expires_on if voucher is not None else None,
        available_fen=balances([voucher.id])[voucher.id].available_fen if voucher is not None else None,
        year_committed_fen=committed.committed_fen if committed is not None else 0,
    )


def _about_voucher(voucher: Voucher | None) -> list[Problem]:
    if voucher is None or voucher.state in (VoucherState.ISSUED, VoucherState.EXHAUSTED):
        return []
    words, remedy = _STATES.get(voucher.state, _NOT_ISSUED)
    return [Problem("voucher-state", words, "voucher_id", remedy=remedy)]


def _about_standing(organisation_id: int | None, on: date) -> list[Problem]:
    if organisation_id is None or organisations.standing(organisation_id, on) is Standing.APPROVED:
        return []
    words = N_("Your organisation is not approved for vouchers yet.")
    return [
        Problem("no-standing", words, "voucher_id", remedy=N_("Ask for approval on the page of your organisation."))
    ]


def _about_provider(provider_id: int, category: str, on: date) -> list[Problem]:
    if carriers.entry_on(provider_id, category, on) is not None:
        return []
    return [_NO_CARRIER]


def _about_region(terms: PolicyTerms, case: SubsidyCase) -> list[Problem]:
    if terms.provider_regions is None or case.provider_region is not None:
        return []
    words = N_("The provider's town is not recorded, so the rate cannot be told.")
    return [
        Problem("region-unknown", words, "voucher_id", remedy=N_("Ask the bureau to complete the provider's record."))
    ]


_NO_CARRIER = Problem(
    "not-a-carrier",
    N_("On that day the provider is not on the register of carriers for this kind of service."),
    "voucher_id",
    remedy=N_("Choose a provider of the register, or book without a voucher."),
)
_NO_POLICY = Problem(
    "no-policy",
    N_("No voucher policy is in force on that day."),
    "voucher_id",
    remedy=N_("Choose another day, or book without a voucher."),
)
_NOT_ISSUED = (N_("This voucher is not issued yet."), N_("Wait for the bureau's decision, or book without a voucher."))
_STATES = {
    VoucherState.FROZEN: (
        N_("This voucher is frozen."),
        N_("The decision on the voucher's page says why; call the bureau."),
    ),
    VoucherState.EXPIRED: (N_("This voucher has expired."), N_("Choose another voucher or apply for a new one.")),
    VoucherState.RETURNED: (N_("This voucher was given back."), N_("Choose another voucher or apply for a new one.")),
    VoucherState.REFUSED: (N_("This application was refused."), N_("Choose another voucher, or apply again.")),
}
