"""The public notice of a batch, and what becomes of its lines: they stand, wait for a decision, or are struck."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from equipment_cloud.billing import service as billing
from equipment_cloud.billing.models import Allocation
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, WrongState
from equipment_cloud.notices import service as notices
from equipment_cloud.notices.models import LineState as PostedState
from equipment_cloud.notices.models import NoticeLine
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Batch, BatchLine, Claim
from equipment_cloud.settlement.queries.exports import NOTICE_COLUMNS
from equipment_cloud.settlement.rules import BatchState, ClaimState, LineState
from equipment_cloud.settlement.service.assembling import move_claims
from equipment_cloud.settlement.service.checking import do_step
from equipment_cloud.settlement.service.records import in_states, locked_batch, tell_applicant
from equipment_cloud.settlement.service.reviewing import references_of
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers import service as voucher_service
from equipment_cloud.vouchers.models import Pool

WAITING = (ClaimState.OBJECTED, ClaimState.NOTICED)


def post_notice(
    batch_id: int,
    title: str,
    body: str,
    *,
    by: Actor,
    now: datetime,
    posted_on: date | None = None,
    address: str | None = None,
) -> Batch:
    """Post the list for the policy's working days. The clock starts on the recorded posting date."""
    permit(policy.may_post(by))
    batch = locked_batch(batch_id)
    if batch.state is not BatchState.CHECKED:
        raise WrongState(current=batch.state.value)
    pool = session().get_one(Pool, batch.pool_id)
    version = vouchers.policy_version_on(pool.policy_id, posted_on or clock.today(now))
    days = vouchers.terms_of_version(version).notice_working_days if version else 7
    notice = notices.post(
        f"batch:{batch.id}",
        title,
        body,
        NOTICE_COLUMNS,
        queries.notice_rows(batch),
        working_days=days,
        by=by,
        now=now,
        posted_on=posted_on,
        address=address,
    )
    batch = locked_batch(batch_id)
    do_step(batch, "notice", by=by, now=now, note=notice.number)
    batch.state, batch.notice_id = BatchState.NOTICED, notice.id
    session().flush()
    move_claims(batch_id, LineState.LISTED, {ClaimState.BATCHED}, ClaimState.NOTICED)
    audit.note("settlement.post-notice", f"batch:{batch_id}", by=by, now=now, detail={"notice": notice.id})
    return locked_batch(batch_id)


def close_notice(notice_id: int, batch_id: int, *, now: datetime) -> int:
    """End a batch's notice: standing lines become payable, disputed ones wait, struck ones give their money back.

    Returns how many lines are payable. Raises :class:`WrongState` when the notice was closed before.
    """
    notices.close(notice_id, now=now)
    locked_batch(batch_id)
    _follow(batch_id, PostedState.STANDING, LineState.LISTED, LineState.PAYABLE)
    _follow(batch_id, PostedState.FROZEN, LineState.LISTED, LineState.FROZEN)
    payable = move_claims(batch_id, LineState.PAYABLE, {ClaimState.NOTICED}, ClaimState.PAYABLE)
    move_claims(batch_id, LineState.FROZEN, {ClaimState.NOTICED}, ClaimState.OBJECTED)
    _strike(batch_id, LineState.LISTED, now=now)
    detail = {"payable": payable}
    audit.note("settlement.close-notice", f"batch:{batch_id}", by=SYSTEM, now=now, detail=detail)
    return payable


def settle_objections(batch_id: int, *, now: datetime) -> int:
    """Let frozen lines go whose objections were decided since; how many.

    A dismissed one is payable, or goes into a later batch when this one was sent already.
    """
    batch = locked_batch(batch_id)
    is_sent = batch.state in {BatchState.SENT, BatchState.CLOSED}
    target = LineState.CARRIED if is_sent else LineState.PAYABLE
    freed = _follow(batch_id, PostedState.STANDING, LineState.FROZEN, target)
    if freed:
        state = ClaimState.APPROVED if is_sent else ClaimState.PAYABLE
        move_claims(batch_id, target, {ClaimState.OBJECTED}, state)
        if is_sent:
            end_lines(batch_id, LineState.CARRIED)
    return freed + _strike(batch_id, LineState.FROZEN, now=now)


def end_lines(batch_id: int, state: LineState) -> None:
    """Lines of a state let go of their claims, so that another batch may list them."""
    session().execute(
        update(BatchLine)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == state)
        .where(BatchLine.live_claim_id.is_not(None))
        .values(live_claim_id=None)
        .execution_options(synchronize_session=False)
    )


def _follow(batch_id: int, posted: PostedState, source: LineState, target: LineState) -> int:
    """Move lines as their posted rows stand, as a set. Rows and lines have the same positions."""
    done = session().execute(
        update(BatchLine)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == source)
        .where(Batch.id == BatchLine.batch_id)
        .where(NoticeLine.notice_id == Batch.notice_id)
        .where(NoticeLine.position == BatchLine.position)
        .where(NoticeLine.state == posted)
        .values(state=target)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _strike(batch_id: int, source: LineState, *, now: datetime) -> int:
    """Struck lines leave the batch and their money goes back. They are the few; each is its own case."""
    if not _follow(batch_id, PostedState.STRUCK, source, LineState.STRUCK):
        return 0
    struck = (
        session()
        .scalars(
            select(Claim)
            .join(BatchLine, BatchLine.claim_id == Claim.id)
            .where(BatchLine.batch_id == batch_id)
            .where(BatchLine.state == LineState.STRUCK)
            .where(in_states(WAITING))
            .order_by(Claim.id)
            .with_for_update(of=Claim)
        )
        .all()
    )
    for claim in struck:
        claim.state, claim.revision = ClaimState.REJECTED, claim.revision + 1
        references = references_of(claim.id)
        amount = claim.approved_fen or 0
        voucher_service.restore_claim(claim.id, claim.voucher_id, amount, references=references, by=SYSTEM, now=now)
        audit.note("settlement.strike", f"claim:{claim.id}", by=SYSTEM, now=now, detail={"batch": batch_id})
        tell_applicant(claim, "struck", N_("An objection to claim %(number)s was upheld; it is not paid."), now=now)
    session().flush()
    end_lines(batch_id, LineState.STRUCK)
    references_struck = [f"claim:{claim.id}" for claim in struck]
    billing.release_allocations_of(select(Allocation.id).where(Allocation.reference.in_(references_struck)))
    return len(struck)
