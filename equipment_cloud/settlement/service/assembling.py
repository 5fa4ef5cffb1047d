"""Assembling a batch: one transaction, a handful of statements, whatever the number of claims."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import changed, insert_one_missing, number_of
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid
from equipment_cloud.organisations.models import BankAccount, Organisation
from equipment_cloud.settlement import policy
from equipment_cloud.settlement.models import Batch, BatchLine, BatchStep, Claim
from equipment_cloud.settlement.rules import DEFAULT_STEPS, BatchState, ClaimState, LineState
from equipment_cloud.settlement.service.records import in_states
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers.models import Pool, Voucher

FIRST_ROUND = 1
_LINE_COLUMNS = (
    "batch_id",
    "position",
    "claim_id",
    "live_claim_id",
    "payee_name",
    "bank_account_id",
    "amount_fen",
    "state",
)


def assemble(
    pool_id: int,
    period_start: date,
    period_end: date,
    *,
    now: datetime,
    by: Actor = SYSTEM,
    is_supplement: bool = False,
) -> Batch | None:
    """List the approved claims of a pool filed by the end of a period; ``None`` when there is nothing to list.

    The clock's batch is the first round of its period: run again it finds it and changes nothing. ``is_supplement``
    asks for a further round (by hand) with what was approved since. Transfers the bank rejected join when the payee's
    account was corrected. Raises :class:`Conflict` when claims changed under it; the edge may simply try again.
    """
    if by is not SYSTEM:
        permit(policy.may_assemble(by))
    if period_end < period_start:
        raise Invalid.single("period", N_("The period ends before it begins."), field="period_end")
    _release_corrected(pool_id)
    if session().scalar(_eligible(pool_id, period_end, func.count())) == 0:
        return None
    batch = _head(pool_id, period_start, period_end, now=now, is_supplement=is_supplement)
    if batch is None:
        return None
    _list(batch, period_end)
    batch.lines_count, batch.total_fen = _sums(batch)
    session().flush()
    _add_steps(batch, by=by, now=now)
    detail = {"lines": batch.lines_count, "total_fen": batch.total_fen}
    audit.note("settlement.assemble", f"batch:{batch.id}", by=by, now=now, detail=detail)
    return batch


def _head(pool_id: int, start: date, end: date, *, now: datetime, is_supplement: bool) -> Batch | None:
    """The batch row, if nobody made it yet: its unique key lets one of two clocks through."""
    of_period = and_(Batch.pool_id == pool_id, Batch.period_start == start)
    last = session().scalar(select(func.max(Batch.round)).where(of_period)) or 0
    if last and not is_supplement:
        return None
    values = {
        "number": None,
        "pool_id": pool_id,
        "period_start": start,
        "period_end": end,
        "round": last + 1,
        "state": BatchState.ASSEMBLED,
        "assembled_at": now,
        "lines_count": 0,
        "total_fen": 0,
    }
    if not insert_one_missing(Batch, values):
        return None
    batch = session().scalars(select(Batch).where(of_period).where(Batch.round == last + 1)).one()
    batch.number = number_of("P", clock.today(now).year, batch.id, width=4)
    return batch


def _list(batch: Batch, period_end: date) -> None:
    """Lines in order of filing, then the claims' state; both sets must be the same."""
    order = (Claim.submitted_at, Claim.id)
    rows = (
        _eligible(
            batch.pool_id,
            period_end,
            literal(batch.id, Integer),
            func.row_number().over(order_by=order),
            Claim.id,
            Claim.id,
            Organisation.name,
            _account_of(Claim.payee_id, on=clock.today(batch.assembled_at)),
            Claim.approved_fen,
            literal(LineState.LISTED, BatchLine.__table__.c.state.type),
        )
        .join(Organisation, Organisation.id == Claim.payee_id)
        .order_by(*order)
    )
    listed = session().execute(
        insert(BatchLine).from_select(_LINE_COLUMNS, rows), execution_options={"preserve_rowcount": True}
    )
    moved = move_claims(batch.id, LineState.LISTED, {ClaimState.APPROVED}, ClaimState.BATCHED)
    if changed(listed) != moved:
        raise Conflict
    references = (
        select(literal("claim:").concat(BatchLine.claim_id))
        .where(BatchLine.batch_id == batch.id)
        .order_by(BatchLine.position)
    )
    detail = {"batch": batch.id}
    audit.note_each("settlement.batch", references, by=SYSTEM, now=batch.assembled_at, detail=detail)


def move_claims(batch_id: int, line_state: LineState, sources: set[ClaimState], target: ClaimState) -> int:
    """Move the claims behind the lines of a state from one of ``sources`` to ``target``, as a set; how many."""
    lines = select(BatchLine.claim_id).where(BatchLine.batch_id == batch_id).where(BatchLine.state == line_state)
    done = session().execute(
        update(Claim)
        .where(Claim.id.in_(lines))
        .where(in_states(sources))
        .values(state=target, revision=Claim.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()
    return changed(done)


def account_of(payee_id: Any, *, on: date) -> Any:
    """Id of the approved account of a payee on a day, as a scalar subquery."""
    return _account_of(payee_id, on=on)


def _account_of(payee_id: Any, *, on: date) -> Any:
    account = aliased(BankAccount)
    return (
        select(account.id)
        .where(account.organisation_id == payee_id)
        .where(account.approved_at.is_not(None))
        .where(account.valid_from <= on)
        .where(or_(account.valid_to.is_(None), account.valid_to > on))
        .order_by(account.valid_from.desc(), account.id.desc())
        .limit(1)
        .correlate(Claim, BatchLine)
        .scalar_subquery()
    )


def _eligible(pool_id: int, period_end: date, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Approved claims of the pool that were filed by 23:59:59 of the period's last day."""
    return (
        select(*columns)
        .select_from(Claim)
        .join(Voucher, Voucher.id == Claim.voucher_id)
        .where(Voucher.pool_id == pool_id)
        .where(Claim.state == ClaimState.APPROVED)
        .where(Claim.approved_fen > 0)
        .where(Claim.submitted_at < clock.end_of(period_end))
    )


def _release_corrected(pool_id: int) -> None:
    """Rejected transfers become approved claims again once the payee has an account approved since the rejection."""
    later = aliased(BatchLine)
    last = (
        select(BatchLine.claim_id)
        .join(BankAccount, BankAccount.organisation_id == Claim.payee_id)
        .where(BatchLine.claim_id == Claim.id)
        .where(BatchLine.state == LineState.BOUNCED)
        .where(BankAccount.approved_at.is_not(None))
        .where(BankAccount.id > BatchLine.bank_account_id)
        .where(~exists().where(later.claim_id == BatchLine.claim_id).where(later.id > BatchLine.id))
        .correlate(Claim)
    )
    in_pool = select(Voucher.id).where(Voucher.pool_id == pool_id)
    session().execute(
        update(Claim)
        .where(Claim.state == ClaimState.BOUNCED)
        .where(Claim.voucher_id.in_(in_pool))
        .where(last.exists())
        .values(state=ClaimState.APPROVED, revision=Claim.revision + 1)
        .execution_options(synchronize_session=False)
    )


def _sums(batch: Batch) -> tuple[int, int]:
    count, total = (
        session()
        .execute(select(func.count(), func.sum(BatchLine.amount_fen)).where(BatchLine.batch_id == batch.id))
        .one()
    )
    return int(count), int(total)


def _add_steps(batch: Batch, *, by: Actor, now: datetime) -> None:
    """The chain of the policy, else the default; assembling is done."""
    pool = session().get_one(Pool, batch.pool_id)
    version = vouchers.policy_version_on(pool.policy_id, clock.today(now))
    codes = version.document.get("batch_steps", DEFAULT_STEPS) if version else DEFAULT_STEPS
    for position, code in enumerate(codes, start=1):
        step = BatchStep(batch_id=batch.id, position=position, code=code)
        if code == "assemble":
            step.done_at, step.person_id, step.person_name = now, by.id or None, by.name
        session().add(step)
    session().flush()
