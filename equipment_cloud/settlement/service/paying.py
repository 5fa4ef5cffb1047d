"""The payment list to the treasury, and the end of a batch. The platform itself moves no money."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select, update

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, WrongState
from equipment_cloud.notices import queries as notices
from equipment_cloud.notices.models import NoticeState
from equipment_cloud.organisations.models import BankAccount
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Batch, BatchLine, Claim
from equipment_cloud.settlement.rules import BatchState, ClaimState, LineState
from equipment_cloud.settlement.service.assembling import account_of, move_claims
from equipment_cloud.settlement.service.checking import SumsDiffer, do_step
from equipment_cloud.settlement.service.noticing import end_lines, settle_objections
from equipment_cloud.settlement.service.records import locked_batch, locked_claim, step_to


class NoticeOpen(Conflict):
    """The public notice is not over (409)."""

    code: ClassVar[str] = "notice-open"
    message = N_("The public notice runs until %(last)s; nothing is paid before it is over.")
    remedy = N_("It is closed by the clock on the day after.")


class LinesOpen(Conflict):
    """Lines without a result, or with an open objection (409)."""

    code: ClassVar[str] = "lines-open"
    message = N_("%(count)s lines have no result yet or an objection is open.")
    remedy = N_("Import the treasury's result, and decide the objections.")


class NothingPayable(Conflict):
    """No line can be paid (409)."""

    code: ClassVar[str] = "nothing-payable"
    message = N_("No line of this batch can be paid now.")
    remedy = N_("Objections must be decided, and payees need an approved bank account.")


def send_batch(batch_id: int, *, document_number: str | None = None, by: Actor, now: datetime) -> Batch:
    """Hand the payment list to the treasury, to the accounts approved by now.

    Lines whose payee has no approved account are carried into a later batch; lines under objection stay behind.
    """
    permit(policy.may_pay(by))
    batch = locked_batch(batch_id)
    if batch.state is not BatchState.NOTICED or batch.notice_id is None:
        raise WrongState(current=batch.state.value)
    notice = notices.notice(batch.notice_id)
    if notice.state is not NoticeState.CLOSED:
        raise NoticeOpen(last=notice.closes_on.isoformat())
    settle_objections(batch_id, now=now)
    carried = _set_accounts(batch_id, now=now)
    batch = locked_batch(batch_id)
    sums = queries.sums(batch)
    if not sums.agrees:
        raise SumsDiffer
    count, fen = sums.of("payable")
    if count == 0:
        raise NothingPayable
    do_step(batch, "send", document_number=document_number, by=by, now=now)
    batch.state = BatchState.SENT
    session().flush()
    detail = {"lines": count, "total_fen": fen, "carried": carried, "document": document_number}
    audit.note("settlement.send-batch", f"batch:{batch_id}", by=by, now=now, detail=detail)
    return batch


def note_payment_list(batch_id: int, *, by: Actor, now: datetime) -> None:
    """Keep who took the payment list out, and how much stood on it: it carries bank accounts."""
    count, fen = queries.sums(queries.batch(batch_id)).of("payable", "paid", "bounced")
    detail = {"lines": count, "total_fen": fen}
    audit.note("settlement.export-payment-list", f"batch:{batch_id}", by=by, now=now, detail=detail)


def close_batch(batch_id: int, *, by: Actor, now: datetime) -> Batch:
    """Close the books on a batch: every line is paid, rejected by the bank, struck, or carried into a later one."""
    permit(policy.may_pay(by))
    settle_objections(batch_id, now=now)
    batch = locked_batch(batch_id)
    if batch.state is not BatchState.SENT:
        raise WrongState(current=batch.state.value)
    sums = queries.sums(batch)
    if not sums.agrees:
        raise SumsDiffer
    still_open, _fen = sums.of("listed", "payable", "frozen")
    if still_open:
        raise LinesOpen(count=still_open)
    do_step(batch, "close", by=by, now=now)
    batch.state, batch.closed_at = BatchState.CLOSED, now
    session().flush()
    audit.note("settlement.close-batch", f"batch:{batch_id}", by=by, now=now, detail={"total_fen": batch.total_fen})
    return batch


def repay(claim_id: int, *, reason: str, by: Actor, now: datetime) -> Claim:
    """Try a rejected transfer again to the account on record: the claim goes into the next batch."""
    claim = locked_claim(claim_id)
    permit(policy.may_repay(by, claim))
    if not reason.strip():
        raise Invalid.single(
            "reason-missing", N_("Give the reason."), field="reason", remedy=N_("Say why the same account will do now.")
        )
    step_to(claim, ClaimState.APPROVED)
    session().flush()
    audit.note("settlement.repay", f"claim:{claim.id}", by=by, now=now, detail={"reason": reason.strip()})
    return claim


def _set_accounts(batch_id: int, *, now: datetime) -> int:
    """Accounts as approved by now on every payable line; those without one are carried. How many were carried."""
    payable = (BatchLine.batch_id == batch_id, BatchLine.state == LineState.PAYABLE)
    payee = select(Claim.payee_id).where(Claim.id == BatchLine.claim_id).correlate(BatchLine).scalar_subquery()
    values = {"bank_account_id": account_of(payee, on=clock.today(now))}
    session().execute(update(BatchLine).where(*payable).values(values).execution_options(synchronize_session=False))
    holder = select(BankAccount.account_name).where(BankAccount.id == BatchLine.bank_account_id)
    session().execute(
        update(BatchLine)
        .where(*payable)
        .where(BatchLine.bank_account_id.is_not(None))
        .values(payee_name=holder.correlate(BatchLine).scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    session().execute(
        update(BatchLine)
        .where(*payable)
        .where(BatchLine.bank_account_id.is_(None))
        .values(state=LineState.CARRIED)
        .execution_options(synchronize_session=False)
    )
    carried = select(func.count()).where(BatchLine.batch_id == batch_id).where(BatchLine.state == LineState.CARRIED)
    count = session().scalar(carried.where(BatchLine.live_claim_id.is_not(None))) or 0
    if count:
        move_claims(batch_id, LineState.CARRIED, {ClaimState.PAYABLE}, ClaimState.APPROVED)
        end_lines(batch_id, LineState.CARRIED)
    session().expire_all()
    return count
