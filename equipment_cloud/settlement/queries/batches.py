"""Reads of batches, their lines, steps and payment files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.notices.models import LineState as PostedState
from equipment_cloud.notices.models import NoticeLine
from equipment_cloud.organisations.models import BankAccount
from equipment_cloud.settlement.models import Batch, BatchLine, BatchStep, Claim, PaymentFile
from equipment_cloud.settlement.rules import BatchState, ClaimState, LineState
from equipment_cloud.vouchers.models import Pool, Voucher


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines of a batch by state, ``(count, fen)``; ``agrees`` when together they are what was assembled."""

    by_state: dict[LineState, tuple[int, int]]
    count: int
    total_fen: int
    agrees: bool

    def of(self, *states: str) -> tuple[int, int]:
        """Count and fen of some states together."""
        found = [self.by_state.get(LineState(state), (0, 0)) for state in states]
        return sum(count for count, _fen in found), sum(fen for _count, fen in found)


def batch(batch_id: int) -> Batch:
    """A batch with pool and policy. Raises :class:`NotFound`."""
    found = session().scalar(
        select(Batch).where(Batch.id == batch_id).options(joinedload(Batch.pool).joinedload(Pool.policy))
    )
    if found is None:
        raise NotFound
    return found


def batches_page(*, number: int, size: int) -> Page[Batch]:
    """Batches, newest first."""
    statement = select(Batch).options(joinedload(Batch.pool).joinedload(Pool.policy)).order_by(Batch.id.desc())
    return scalars_page(statement, number=number, size=size)


def batches_in(state: BatchState, *, most: int) -> Sequence[Batch]:
    """The oldest batches in a state."""
    return session().scalars(select(Batch).where(Batch.state == state).order_by(Batch.id).limit(most)).all()


def batches_with_frozen_lines() -> Sequence[int]:
    """Batches in which a line waits for the decision of an objection, by id; the notice is over."""
    waiting = select(BatchLine.batch_id).where(BatchLine.state == LineState.FROZEN)
    return session().scalars(select(Batch.id).where(Batch.id.in_(waiting)).order_by(Batch.id)).all()


def steps_of(batch_id: int) -> Sequence[BatchStep]:
    """The chain of a batch in order."""
    return session().scalars(select(BatchStep).where(BatchStep.batch_id == batch_id).order_by(BatchStep.position)).all()


def sums(found: Batch) -> Sums:
    """The lines by state, and whether they add up to what was assembled."""
    rows = session().execute(
        select(BatchLine.state, func.count(), func.coalesce(func.sum(BatchLine.amount_fen), 0))
        .where(BatchLine.batch_id == found.id)
        .group_by(BatchLine.state)
        .order_by(BatchLine.state)
    )
    by_state = {state: (int(count), int(fen)) for state, count, fen in rows}
    count = sum(number for number, _fen in by_state.values())
    total = sum(fen for _number, fen in by_state.values())
    return Sums(by_state, count, total, agrees=(count, total) == (found.lines_count, found.total_fen))


def line_page(
    found: Batch, *, state: LineState | None, number: int, size: int
) -> Page[Row[BatchLine, Claim, PostedState | None, BankAccount | None]]:
    """Lines in order with claim, what became of the posted row, and the payee's account."""
    statement = (
        select(BatchLine, Claim, NoticeLine.state, BankAccount)
        .join(Claim, Claim.id == BatchLine.claim_id)
        .outerjoin(NoticeLine, (NoticeLine.notice_id == found.notice_id) & (NoticeLine.position == BatchLine.position))
        .outerjoin(BankAccount, BankAccount.id == BatchLine.bank_account_id)
        .where(BatchLine.batch_id == found.id)
        .options(joinedload(Claim.organisation), joinedload(Claim.provider))
        .order_by(BatchLine.position)
    )
    if state is not None:
        statement = statement.where(BatchLine.state == state)
    return rows_page(statement, number=number, size=size)


def files_of(batch_id: int) -> Sequence[PaymentFile]:
    """Imports of results, newest first, at most 50."""
    return (
        session()
        .scalars(select(PaymentFile).where(PaymentFile.batch_id == batch_id).order_by(PaymentFile.id.desc()).limit(50))
        .all()
    )


def file_of(batch_id: int, file_id: int) -> PaymentFile:
    """One import. Raises :class:`NotFound`."""
    found = session().scalar(
        select(PaymentFile).where(PaymentFile.id == file_id).where(PaymentFile.batch_id == batch_id)
    )
    if found is None:
        raise NotFound
    return found


def pools() -> Sequence[Pool]:
    """All pools with their policies, the latest years first."""
    return session().scalars(select(Pool).options(joinedload(Pool.policy)).order_by(Pool.year.desc(), Pool.id)).all()


def amount_awaiting(pool_id: int, period_end: date) -> tuple[int, int]:
    """How many approved claims, over how much, a batch up to ``period_end`` would list."""
    count, fen = (
        session()
        .execute(
            select(func.count(), func.coalesce(func.sum(Claim.approved_fen), 0))
            .join(Voucher, Voucher.id == Claim.voucher_id)
            .where(Voucher.pool_id == pool_id)
            .where(Claim.state == ClaimState.APPROVED)
            .where(Claim.submitted_at < clock.end_of(period_end))
        )
        .one()
    )
    return int(count or 0), int(fen or 0)
