"""The applicant's side of a claim: draft, change, submit, withdraw."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update

from equipment_cloud.billing import service as billing
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.bulk import number_of
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, NotFound, WrongState, raise_if
from equipment_cloud.kernel.workdays import CalendarUnknown
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.reference import queries as reference
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Claim, ClaimService
from equipment_cloud.settlement.rules import ClaimState, Level, Stage
from equipment_cloud.settlement.service.judging import recheck
from equipment_cloud.settlement.service.packs import Pack, put
from equipment_cloud.settlement.service.records import locked_claim, step_to, tell_bureau
from equipment_cloud.vouchers.models import Voucher
from equipment_cloud.vouchers.rules import terms_of


def draft(voucher_id: int, provider_id: int, pack: Pack, *, by: Actor, now: datetime) -> Claim:
    """Begin a claim on one voucher for the services of one provider.

    Raises :class:`NotFound` for a voucher of others, :class:`Invalid` when nothing there can be claimed.
    """
    voucher = session().get(Voucher, voucher_id)
    if voucher is None or not policy.may_claim(by, voucher.organisation_id):
        raise NotFound
    if session().get(Organisation, provider_id) is None:
        raise NotFound
    claim = Claim(
        voucher_id=voucher.id,
        policy_version_id=voucher.policy_version_id,
        organisation_id=voucher.organisation_id,
        provider_id=provider_id,
        payee_id=voucher.organisation_id,
        state=ClaimState.DRAFT,
        requested_fen=0,
        calculation=[],
        defects=[],
        declared_no_other_subsidy=False,
        created_by=by.id,
        created_at=now,
        revision=1,
    )
    session().add(claim)
    session().flush()
    claim.number = number_of("C", clock.today(now).year, claim.id, width=4)
    audit.note("settlement.draft", f"claim:{claim.id}", by=by, now=now)
    put(claim, pack, by=by, now=now)
    return claim


def change(claim_id: int, pack: Pack, *, by: Actor, now: datetime) -> Claim:
    """Change the pack of a draft or returned claim; amount and checklist follow."""
    claim = locked_claim(claim_id)
    permit(policy.may_claim(by, claim.organisation_id))
    if not policy.may_change(by, claim):
        raise WrongState(current=claim.state.value)
    put(claim, pack, by=by, now=now)
    audit.note("settlement.change", f"claim:{claim.id}", by=by, now=now)
    return claim


def submit(claim_id: int, *, by: Actor, now: datetime) -> Claim:
    """File the claim. Raises :class:`Invalid` listing everything that stops it."""
    claim = locked_claim(claim_id)
    permit(policy.may_claim(by, claim.organisation_id))
    step_to(claim, ClaimState.SUBMITTED)
    found = recheck(claim, now=now)
    raise_if(finding.as_problem() for finding in found if finding.level is Level.BLOCK)
    claim.stage, claim.reviewed_by, claim.approved_by = Stage.REVIEW, None, None
    claim.submitted_at = claim.submitted_at or now
    claim.decide_by = _promised(claim, now=now)
    claim.defects, claim.return_reason = [], None
    session().flush()
    detail = {"requested_fen": claim.requested_fen, "findings": [finding.code for finding in found]}
    audit.note("settlement.submit", f"claim:{claim.id}", by=by, now=now, detail=detail)
    tell_bureau(claim, "reviewer", "to-review", N_("Claim %(number)s awaits first review."), now=now)
    return claim


def withdraw(claim_id: int, *, by: Actor, now: datetime) -> Claim:
    """Take the claim back; services and papers are free again."""
    claim = locked_claim(claim_id)
    permit(policy.may_claim(by, claim.organisation_id))
    step_to(claim, ClaimState.WITHDRAWN)
    claim.stage = None
    session().execute(
        update(ClaimService)
        .where(ClaimService.claim_id == claim.id)
        .values(live_usage_id=None)
        .execution_options(synchronize_session=False)
    )
    session().flush()
    billing.release_allocations(f"claim:{claim_id}")
    audit.note("settlement.withdraw", f"claim:{claim_id}", by=by, now=now)
    return locked_claim(claim_id)


def _promised(claim: Claim, *, now: datetime) -> date | None:
    """The working day of the decision (承诺办理时限); none while the calendar of that year is not entered."""
    days = terms_of(queries.claim(claim.id).policy_version.document).review_days
    try:
        return reference.work_calendar().after(clock.today(now), days)
    except CalendarUnknown:
        return None
