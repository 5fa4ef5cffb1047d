"""Applications for vouchers, from draft to submission."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.models import Organisation, Standing
from equipment_cloud.vouchers import queries
from equipment_cloud.vouchers.models import Policy, PolicyVersion, Voucher, VoucherState
from equipment_cloud.vouchers.refusals import NoPool
from equipment_cloud.vouchers.rules import MOVES, problems_with_application
from equipment_cloud.vouchers.service import locks
from equipment_cloud.vouchers.service.steps import step


def apply(
    organisation_id: int, policy_id: int, requested_fen: int, purpose: str, *, by: Actor, now: datetime
) -> Voucher:  # fmt: skip
    """Write an application as a draft. Raises :class:`Invalid` with all problems, or :class:`NoPool`."""
    if session().get(Organisation, organisation_id) is None or session().get(Policy, policy_id) is None:
        raise NotFound
    today = clock.today(now)
    version = queries.policy_version_on(policy_id, today)
    if version is None:
        words, remedy = N_("This policy is not in force today."), N_("Choose a policy that is in force.")
        raise Invalid.single("no-policy", words, field="policy_id", remedy=remedy)
    _check(version, organisation_id, requested_fen)
    pool = queries.pool_for(policy_id, today.year)
    if pool is None:
        raise NoPool(year=today.year)
    voucher = Voucher(
        number=None, organisation_id=organisation_id, policy_version_id=version.id, pool_id=pool.id,
        state=VoucherState.DRAFT, requested_fen=requested_fen, issued_fen=None, purpose=purpose, applied_by=by.id,
        submitted_at=None, reviewed_by=None, approved_by=None, issued_at=None, expires_on=None, redeem_by=None,
        created_at=now, revision=1,
    )  # fmt: skip
    session().add(voucher)
    session().flush()
    voucher.number = f"YY{today.year}-{voucher.id:04d}"
    session().flush()
    audit.note("vouchers.apply", f"voucher:{voucher.id}", by=by, now=now, detail={"requested_fen": requested_fen})
    return voucher


def change(voucher_id: int, *, requested_fen: int, purpose: str, by: Actor, now: datetime) -> Voucher:
    """Mend an application that is a draft or was sent back."""
    voucher = locks.voucher(voucher_id)
    move(MOVES, voucher.state, VoucherState.SUBMITTED)
    _check(queries.version(voucher.policy_version_id), voucher.organisation_id, requested_fen)
    voucher.requested_fen, voucher.purpose = requested_fen, purpose
    session().flush()
    audit.note("vouchers.change", f"voucher:{voucher.id}", by=by, now=now, detail={"requested_fen": requested_fen})
    return voucher


def submit(voucher_id: int, *, by: Actor, now: datetime) -> Voucher:
    """Hand an application in; two people of the bureau decide from here on. Raises :class:`Invalid`."""
    voucher = locks.voucher(voucher_id)
    target = move(MOVES, voucher.state, VoucherState.SUBMITTED)
    _check(queries.version(voucher.policy_version_id), voucher.organisation_id, voucher.requested_fen)
    _check_standing(voucher, now=now)
    voucher.state, voucher.submitted_at = target, now
    voucher.reviewed_by = voucher.approved_by = None
    step(voucher, "submit", by=by, now=now)
    outbox.post(
        "vouchers.submitted", organisations.bureau_people("reviewer", on=clock.today(now)),
        N_("Voucher application %(number)s awaits your review."), now=now, link=f"/vouchers/{voucher.id}",
        values={"number": voucher.number},
    )  # fmt: skip
    return voucher


def _check(version: PolicyVersion, organisation_id: int, requested_fen: int) -> None:
    terms, outstanding = queries.terms_of_version(version), queries.outstanding_fen(organisation_id, version.policy_id)
    raise_if(problems_with_application(terms, requested_fen=requested_fen, outstanding_fen=outstanding))


def _check_standing(voucher: Voucher, *, now: datetime) -> None:
    is_user = session().scalar(select(Organisation.is_user).where(Organisation.id == voucher.organisation_id))
    approved = organisations.standing(voucher.organisation_id, clock.today(now)) is Standing.APPROVED
    if not (is_user and approved):
        words = N_("Your organisation is not approved for vouchers yet.")
        remedy = N_("Ask for approval on the page of your organisation; this draft is kept.")
        raise Invalid.single("no-standing", words, remedy=remedy)
