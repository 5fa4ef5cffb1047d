"""Reads of the second look: samples, their lines, what they are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.settlement.models import Claim, Sample, SampleLine
from equipment_cloud.settlement.rules import ClaimState
from equipment_cloud.settlement.rules.sampling import PaidClaim, SampleState
from equipment_cloud.vouchers.models import Pool, Voucher


@dataclass(frozen=True, slots=True)
class SampleSums:
    """How much was drawn and how much of it still waits."""

    drawn: int
    drawn_fen: int
    open: int


def paid_claims(pool_id: int, start: date, end: date) -> list[PaidClaim]:
    """Claims a pool paid from one day to another, both included, by id."""
    rows = session().execute(
        select(Claim.id, Claim.number, func.coalesce(Claim.approved_fen, 0))
        .join(Voucher, Voucher.id == Claim.voucher_id)
        .where(Voucher.pool_id == pool_id)
        .where(Claim.state == ClaimState.PAID)
        .where(Claim.paid_on.between(start, end))
        .order_by(Claim.id)
    )
    return [PaidClaim(claim_id, number or "", fen) for claim_id, number, fen in rows]


def samples_page(*, number: int, size: int) -> Page[Sample]:
    """Samples, the last drawn first."""
    statement = select(Sample).options(joinedload(Sample.pool).joinedload(Pool.policy)).order_by(Sample.id.desc())
    return scalars_page(statement, number=number, size=size)


def sample(sample_id: int) -> Sample:
    """A sample with pool and policy. Raises :class:`NotFound`."""
    found = session().scalar(
        select(Sample).where(Sample.id == sample_id).options(joinedload(Sample.pool).joinedload(Pool.policy))
    )
    if found is None:
        raise NotFound
    return found


def sample_sums(sample_ids: Sequence[int]) -> dict[int, SampleSums]:
    """The sums of each sample, in one statement."""
    is_open = case((SampleLine.state == SampleState.OPEN, 1), else_=0)
    rows = session().execute(
        select(SampleLine.sample_id, func.count(), func.sum(SampleLine.amount_fen), func.sum(is_open))
        .where(SampleLine.sample_id.in_(sample_ids))
        .group_by(SampleLine.sample_id)
    )
    return {sample_id: SampleSums(count, int(fen), int(waiting)) for sample_id, count, fen, waiting in rows}


def sample_lines(sample_id: int, *, number: int, size: int) -> Page[SampleLine]:
    """Lines in order of the draw, with claim and parties."""
    statement = select(SampleLine).where(SampleLine.sample_id == sample_id).order_by(SampleLine.position)
    whole = joinedload(SampleLine.claim)
    parties = (whole.joinedload(Claim.organisation), whole.joinedload(Claim.provider))
    return scalars_page(statement.options(*parties), number=number, size=size)


def sample_line(sample_id: int, line_id: int) -> SampleLine:
    """One line of a sample. Raises :class:`NotFound`."""
    found = session().get(SampleLine, line_id)
    if found is None or found.sample_id != sample_id:
        raise NotFound
    return found


def samples_waiting(*, most: int) -> Sequence[Sample]:
    """The oldest samples with a line nobody judged yet."""
    waiting = select(SampleLine.sample_id).where(SampleLine.state == SampleState.OPEN)
    statement = select(Sample).where(Sample.id.in_(waiting)).order_by(Sample.id).limit(most)
    return session().scalars(statement).all()
