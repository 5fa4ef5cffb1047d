"""The pack of a claim: its services, contracts, papers, reports; what governs it follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import delete, insert, literal, select

from equipment_cloud.billing import service as billing
from equipment_cloud.billing.rules import Part
from equipment_cloud.contracts import queries as contracts
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.kernel.errors import N_, Invalid, Problem, raise_if
from equipment_cloud.settlement import queries
from equipment_cloud.settlement.models import Claim, ClaimPaper, ClaimService
from equipment_cloud.settlement.rules import PaperKind
from equipment_cloud.settlement.service.judging import recheck
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers.models import Hold, PolicyVersion, Voucher
from equipment_cloud.vouchers.rules import terms_of

Upload = tuple[BinaryIO, str]


@dataclass(frozen=True)
class Pack:
    """The papers of a claim as the applicant puts them together. ``None`` leaves that part as it is."""

    usage_ids: Sequence[int] | None = None
    contract_ids: Sequence[int] | None = None
    parts: Sequence[Part] | None = None
    report: Upload | None = None
    """A new report file (PDF or picture)."""
    file_ids: Sequence[int] = field(default_factory=tuple)
    """Report files the same person uploaded before."""
    report_number: str | None = None
    drop_paper_ids: Sequence[int] = field(default_factory=tuple)
    declared_no_other_subsidy: bool | None = None


def put(claim: Claim, pack: Pack, *, by: Actor, now: datetime) -> None:
    """Put the given parts of the pack into the claim, then judge it. Raises :class:`Invalid` or ``OverAllocated``."""
    if pack.usage_ids is not None:
        _put_services(claim, pack.usage_ids)
    if pack.contract_ids is not None:
        _put_contracts(claim, pack.contract_ids)
    _put_reports(claim, pack, by=by, now=now)
    if pack.declared_no_other_subsidy is not None:
        claim.declared_no_other_subsidy = pack.declared_no_other_subsidy
    claim.revision += 1
    session().flush()
    _govern(claim, now=now)
    if pack.parts is not None:
        billing.allocate(f"claim:{claim.id}", pack.parts, by=by, now=now)
    recheck(claim, now=now)


def _put_services(claim: Claim, usage_ids: Sequence[int]) -> None:
    """Set the services: only confirmed usage of this voucher and provider that no living claim holds."""
    wanted = set(usage_ids)
    free = {
        usage.id: usage
        for usage in queries.claimable(claim.voucher_id, claim.provider_id, besides_claim=claim.id, most=1000)
    }
    raise_if(_not_claimable(usage_id) for usage_id in sorted(wanted - free.keys()))
    session().execute(delete(ClaimService).where(ClaimService.claim_id == claim.id))
    if wanted:
        session().execute(insert(ClaimService), [_service_row(claim, free[usage_id]) for usage_id in sorted(wanted)])


def _not_claimable(usage_id: int) -> Problem:
    return Problem(
        "not-claimable",
        N_("Usage %(id)s cannot be claimed here: not confirmed, without voucher, of another provider, or claimed."),
        "usage_ids",
        {"id": usage_id},
        N_("Choose from the confirmed usage offered for this voucher."),
    )


def _service_row(claim: Claim, usage: UsageRecord) -> dict[str, object]:
    return {
        "claim_id": claim.id,
        "usage_id": usage.id,
        "live_usage_id": usage.id,
        "price_fen": usage.price_fen or 0,
        "drawn_fen": usage.voucher_fen or 0,
    }


def _put_contracts(claim: Claim, contract_ids: Sequence[int]) -> None:
    """Set the contracts: only those between applicant and provider."""
    known = {found.id for found in contracts.of_pair(contract_ids, claim.organisation_id, claim.provider_id)}
    raise_if(
        Problem(
            "contract-other", N_("Contract %(id)s is not between these two parties."), "contract_ids", {"id": wrong}
        )
        for wrong in sorted(set(contract_ids) - known)
    )
    session().execute(
        delete(ClaimPaper).where(ClaimPaper.claim_id == claim.id).where(ClaimPaper.kind == PaperKind.CONTRACT)
    )
    session().add_all(
        ClaimPaper(claim_id=claim.id, kind=PaperKind.CONTRACT, contract_id=contract_id) for contract_id in sorted(known)
    )


def _put_reports(claim: Claim, pack: Pack, *, by: Actor, now: datetime) -> None:
    if pack.drop_paper_ids:
        session().execute(
            delete(ClaimPaper)
            .where(ClaimPaper.id.in_(pack.drop_paper_ids))
            .where(ClaimPaper.claim_id == claim.id)
            .where(ClaimPaper.kind == PaperKind.REPORT)
        )
    files = [_own_file(file_id, by) for file_id in pack.file_ids]
    if pack.report is not None:
        files.append(stored_file.store(pack.report[0], pack.report[1], by=by, now=now).id)
    session().add_all(
        ClaimPaper(claim_id=claim.id, kind=PaperKind.REPORT, file_id=file_id, number=pack.report_number)
        for file_id in files
    )


def _own_file(file_id: int, by: Actor) -> int:
    found = session().get(StoredFile, file_id)
    if found is None or found.person_id != by.id or found.mime not in stored_file.EVIDENCE:
        raise Invalid.single("file-unknown", N_("There is no such file among those you uploaded."), field="file_ids")
    return found.id


def _govern(claim: Claim, *, now: datetime) -> None:
    """Set version and payee: by filing date where a newer version says so, else as the first service was committed."""
    voucher = session().get_one(Voucher, claim.voucher_id)
    own = session().get_one(PolicyVersion, _version_of_holds(claim) or voucher.policy_version_id)
    filed_on = clock.today(claim.submitted_at or now)
    newer = (
        version
        for version in vouchers.versions_of(own.policy_id)
        if version.number > own.number
        and version.valid_from <= filed_on
        and terms_of(version.document).transition == "filing"
    )
    version = next(newer, own)
    by_institution = terms_of(version.document).settlement_model == "institution"
    claim.policy_version_id = version.id
    claim.payee_id = claim.provider_id if by_institution else claim.organisation_id


def _version_of_holds(claim: Claim) -> int | None:
    return session().scalar(
        select(Hold.policy_version_id)
        .join(UsageRecord, Hold.live_reference == literal("booking:").concat(UsageRecord.booking_id))
        .join(ClaimService, ClaimService.usage_id == UsageRecord.id)
        .where(ClaimService.claim_id == claim.id)
        .order_by(Hold.service_on, Hold.id)
        .limit(1)
    )
