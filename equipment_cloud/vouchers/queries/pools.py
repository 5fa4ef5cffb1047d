"""Pools and where their money stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Pool


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """A pool's money in fen: planned = free + available + held + drawn + payable + paid + recovered."""

    planned_fen: int = 0
    free_fen: int = 0
    available_fen: int = 0
    held_fen: int = 0
    drawn_fen: int = 0
    payable_fen: int = 0
    paid_fen: int = 0
    recovered_fen: int = 0


_NAMES = {
    AccountKind.POOL_FREE: "free_fen",
    AccountKind.VOUCHER_AVAILABLE: "available_fen",
    AccountKind.VOUCHER_HELD: "held_fen",
    AccountKind.VOUCHER_DRAWN: "drawn_fen",
    AccountKind.CLAIM_PAYABLE: "payable_fen",
    AccountKind.POOL_PAID: "paid_fen",
    AccountKind.POOL_RECOVERED: "recovered_fen",
}


def pool_for(policy_id: int, year: int) -> Pool | None:
    """The pool of a policy and year."""
    return session().scalar(select(Pool).where(Pool.policy_id == policy_id, Pool.year == year))


def pool(pool_id: int) -> Pool:
    """One pool with its policy. Raises :class:`NotFound`."""
    found = session().scalar(select(Pool).options(joinedload(Pool.policy)).where(Pool.id == pool_id))
    if found is None:
        raise NotFound
    return found


def pools_page(*, number: int, size: int) -> Page[Pool]:
    """Pools with their policies, the latest year first."""
    statement = select(Pool).options(joinedload(Pool.policy)).order_by(Pool.year.desc(), Pool.id)
    return scalars_page(statement, number=number, size=size)


def pool_figures(pool_ids: Iterable[int]) -> dict[int, PoolFigures]:
    """Where the money of each pool stands, in one statement."""
    ids = list(pool_ids)
    rows = session().execute(
        select(LedgerAccount.pool_id, LedgerAccount.kind, func.sum(LedgerAccount.balance_fen))
        .where(LedgerAccount.pool_id.in_(ids))
        .group_by(LedgerAccount.pool_id, LedgerAccount.kind)
    )
    found: dict[int, dict[str, int]] = {pool_id: {} for pool_id in ids}
    for pool_id, kind, fen in rows:
        name, sign = (_NAMES[kind], 1) if kind in _NAMES else ("planned_fen", -1)
        found[pool_id][name] = sign * int(fen)
    return {pool_id: PoolFigures(**values) for pool_id, values in found.items()}
