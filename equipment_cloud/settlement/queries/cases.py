"""Gathers everything a claim is judged by: a dozen statements, whatever the size of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from equipment_cloud.billing import queries as billing
from equipment_cloud.billing.models import Allocation
from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.models import BankAccount, Organisation
from equipment_cloud.settlement.models import Claim, ClaimPaper, ClaimService
from equipment_cloud.settlement.queries.claims import papers_of, services_of
from equipment_cloud.settlement.rules import (
    AccountFact,
    ClaimCase,
    ClaimState,
    ContractFact,
    InvoiceFact,
    PaperKind,
    PartyFact,
    PaymentFact,
    ReportFact,
    ServiceFact,
    VoucherFact,
)
from equipment_cloud.usage.models import UsageState
from equipment_cloud.vouchers.models import EnterpriseYear, Voucher, VoucherState
from equipment_cloud.vouchers.rules import terms_of

MACHINE_TIME = "instrument_use"
"""Service category of booked machine time."""
MEASURED = frozenset({"scan", "sensor"})
"""Sources of hours that nobody typed."""


def case_of(claim: Claim, *, now: datetime) -> ClaimCase:
    """The claim as the checks see it on the business date of ``now``."""
    today = clock.today(now)
    parties = _parties(claim)
    services = services_of(claim.id)
    papers = papers_of(claim.id)
    used = billing.allocations(f"claim:{claim.id}")
    service_facts = _services(claim, services)
    return ClaimCase(
        today=today,
        filed_on=clock.today(claim.submitted_at) if claim.submitted_at else today,
        terms=terms_of(claim.policy_version.document),
        applicant=_party(parties[claim.organisation_id]),
        provider=_party(parties[claim.provider_id]),
        payee_name=parties[claim.payee_id].name,
        voucher=_voucher(claim.voucher),
        services=service_facts,
        contracts=tuple(
            ContractFact(paper.contract.number, paper.contract.signed_on, paper.contract.amount_fen)
            for paper in papers
            if paper.contract is not None
        ),
        invoices=_invoices(used, parties, claim),
        payments=_payments(used, parties, claim),
        reports=_reports(claim, papers),
        account=_account(organisations.bank_account_on(claim.payee_id, today)),
        is_related=organisations.are_related(claim.organisation_id, claim.provider_id),
        declared_no_other_subsidy=claim.declared_no_other_subsidy,
        other_committed_fen=_other_committed(claim, service_facts),
    )


def _parties(claim: Claim) -> dict[int, Organisation]:
    ids = {claim.organisation_id, claim.provider_id, claim.payee_id}
    found = session().scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids))
        .options(selectinload(Organisation.names), selectinload(Organisation.credit_codes))
    )
    return {organisation.id: organisation for organisation in found}


def _account(account: BankAccount | None) -> AccountFact | None:
    if account is None or account.approved_at is None:
        return None
    return AccountFact(account.account_name, clock.today(account.approved_at))


def _party(organisation: Organisation) -> PartyFact:
    region = organisation.town_code or (organisation.credit_code or "")[2:8] or None
    return PartyFact(organisation.id, organisation.name, organisation.phone, organisation.address, region)


def _voucher(voucher: Voucher) -> VoucherFact:
    issued = clock.today(voucher.issued_at) if voucher.issued_at else date.max
    return VoucherFact(
        issued_on=issued,
        expires_on=voucher.expires_on or date.min,
        redeem_by=voucher.redeem_by or voucher.expires_on or date.min,
        is_frozen=voucher.state in {VoucherState.FROZEN, VoucherState.RETURNED, VoucherState.REFUSED},
    )


def _services(claim: Claim, services: Sequence[ClaimService]) -> tuple[ServiceFact, ...]:
    others = _other_claims(claim.id, [service.usage_id for service in services])
    entries = session().scalars(
        select(CarrierEntry).where(CarrierEntry.organisation_id == claim.provider_id).order_by(CarrierEntry.id)
    )
    listed = list(entries)
    return tuple(_service(service, others.get(service.usage_id), listed) for service in services)


def _service(service: ClaimService, other: str | None, entries: Iterable[CarrierEntry]) -> ServiceFact:
    usage = service.usage
    began = clock.today(usage.started_at)
    length = usage.ended_at - usage.started_at if usage.ended_at else None
    return ServiceFact(
        usage_id=usage.id,
        number=usage.number or str(usage.id),
        is_confirmed=usage.state is UsageState.CONFIRMED,
        began_on=began,
        ended_on=clock.today(usage.ended_at) if usage.ended_at else began,
        minutes=int(length.total_seconds() // 60) if length else 0,
        is_typed=usage.source not in MEASURED,
        category=MACHINE_TIME,
        purpose=usage.booking.purpose if usage.booking else "other",
        price_fen=usage.price_fen or 0,
        drawn_fen=usage.voucher_fen or 0,
        other_claim=other,
        is_listed=any(_lists(entry, MACHINE_TIME, began) for entry in entries),
    )


def _lists(entry: CarrierEntry, category: str, day: date) -> bool:
    """Whether an entry of the register was in force for a category on a day."""
    in_time = entry.valid_from <= day and (entry.valid_to is None or day <= entry.valid_to)
    suspended = entry.suspended_from is not None and entry.suspended_from <= day
    return entry.confirmed_at is not None and in_time and not suspended and category in entry.categories


def _other_claims(claim_id: int, usage_ids: Sequence[int]) -> dict[int, str]:
    rows = session().execute(
        select(ClaimService.live_usage_id, Claim.number)
        .join(Claim, Claim.id == ClaimService.claim_id)
        .where(ClaimService.live_usage_id.in_(usage_ids))
        .where(Claim.id != claim_id)
    )
    return {int(usage_id or 0): number or "—" for usage_id, number in rows}


def _invoices(used: Sequence[Allocation], parties: dict[int, Organisation], claim: Claim) -> tuple[InvoiceFact, ...]:
    return tuple(
        InvoiceFact(
            id=paper.id,
            number=paper.number,
            status=paper.status.value,
            issued_on=paper.issued_on,
            buyer_code=paper.buyer_code,
            seller_code=paper.seller_code,
            expected_buyer=_code_on(parties[claim.organisation_id], paper.issued_on),
            expected_seller=_code_on(parties[claim.provider_id], paper.issued_on),
            total_fen=paper.total_fen,
            net_fen=paper.net_fen,
            allocated_fen=paper.allocated_fen,
            used_fen=part.amount_fen,
        )
        for part in used
        if (paper := part.invoice) is not None
    )


def _payments(used: Sequence[Allocation], parties: dict[int, Organisation], claim: Claim) -> tuple[PaymentFact, ...]:
    return tuple(
        PaymentFact(
            id=paper.id,
            slip_number=paper.slip_number,
            paid_on=paper.paid_on,
            payer_name=paper.payer_name,
            payee_name=paper.payee_name,
            expected_payer=_name_on(parties[claim.organisation_id], paper.paid_on),
            expected_payee=_name_on(parties[claim.provider_id], paper.paid_on),
            used_fen=part.amount_fen,
        )
        for part in used
        if (paper := part.payment) is not None
    )


def _reports(claim: Claim, papers: Sequence[ClaimPaper]) -> tuple[ReportFact, ...]:
    own = [paper for paper in papers if paper.kind is PaperKind.REPORT and paper.file is not None]
    hashes = [paper.file.sha256 for paper in own if paper.file]
    rows = session().execute(
        select(StoredFile.sha256, Claim.number)
        .join(ClaimPaper, ClaimPaper.file_id == StoredFile.id)
        .join(Claim, Claim.id == ClaimPaper.claim_id)
        .where(StoredFile.sha256.in_(hashes))
        .where(ClaimPaper.kind == PaperKind.REPORT)
        .where(Claim.id != claim.id)
        .where(Claim.state != ClaimState.WITHDRAWN)
        .order_by(Claim.id)
    )
    others = {sha256: number or "—" for sha256, number in rows}
    return tuple(
        ReportFact(paper.file.sha256, paper.number, others.get(paper.file.sha256)) for paper in own if paper.file
    )


def _other_committed(claim: Claim, services: Sequence[ServiceFact]) -> int:
    """What the enterprise committed besides, in the one year the services fall into; 0 when they span two."""
    years = {service.began_on.year for service in services}
    if len(years) != 1:
        return 0
    committed = session().scalar(
        select(EnterpriseYear.committed_fen)
        .where(EnterpriseYear.organisation_id == claim.organisation_id)
        .where(EnterpriseYear.policy_id == claim.policy_version.policy_id)
        .where(EnterpriseYear.year == years.pop())
    )
    return max(0, int(committed or 0) - sum(service.drawn_fen for service in services))


def _name_on(organisation: Organisation, day: date) -> str | None:
    found = _in_force(organisation.names, day)
    return found.name if found else organisation.name


def _code_on(organisation: Organisation, day: date) -> str | None:
    found = _in_force(organisation.credit_codes, day)
    return found.code if found else organisation.credit_code


def _in_force(facts: Iterable[Any], day: date) -> Any:
    """The dated fact of a day; for days before the first one, the first."""
    ordered = sorted(facts, key=lambda fact: fact.valid_from)
    reached = [fact for fact in ordered if fact.valid_from <= day]
    return (reached or ordered or [None])[-1 if reached else 0]
