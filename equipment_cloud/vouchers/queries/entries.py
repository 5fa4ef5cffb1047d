"""The ledger entries of a voucher or pool, line by line, each leading to the record it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from equipment_cloud.foundation.page import Page, rows_page
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Transfer
from equipment_cloud.vouchers.rules import Act
from equipment_cloud.vouchers.rules.acts import ACCOUNT_WORDS, WORDS


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One transfer. ``words``, ``source`` and ``target`` are message ids; ``effect_fen`` is the change of what is free
    to use (voucher: available; pool: free)."""

    id: int
    at: datetime
    act: str
    words: str
    source: str
    target: str
    amount_fen: int
    effect_fen: int
    reference: str
    note: str | None


def entries(voucher_id: int, *, number: int = 1, size: int = 50) -> Page[LedgerEntry]:
    """Transfers that touched a voucher's accounts, newest first."""
    return _page(ledger.voucher_owner(voucher_id), AccountKind.VOUCHER_AVAILABLE, number=number, size=size)


def pool_entries(pool_id: int, *, number: int = 1, size: int = 50) -> Page[LedgerEntry]:
    """Transfers that touched a pool's own accounts, newest first."""
    return _page(ledger.pool_owner(pool_id), AccountKind.POOL_FREE, number=number, size=size)


def _page(owner: str, main: AccountKind, *, number: int, size: int) -> Page[LedgerEntry]:
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    own = select(LedgerAccount.id).where(LedgerAccount.owner == owner)
    statement = (
        select(Transfer, source.kind, source.owner, target.kind, target.owner)
        .join(source, source.id == Transfer.from_account_id)
        .join(target, target.id == Transfer.to_account_id)
        .where(or_(Transfer.from_account_id.in_(own), Transfer.to_account_id.in_(own)))
        .order_by(Transfer.at.desc(), Transfer.id.desc())
    )
    page = rows_page(statement, number=number, size=size)
    return Page(list(_entries(page.items, owner, main)), page.number, page.size, page.total)


def _entries(rows: Iterable[Any], owner: str, main: AccountKind) -> Iterable[LedgerEntry]:
    for transfer, source, source_owner, target, target_owner in rows:
        gained = transfer.amount_fen if (target, target_owner) == (main, owner) else 0
        lost = transfer.amount_fen if (source, source_owner) == (main, owner) else 0
        yield LedgerEntry(
            id=transfer.id, at=transfer.at, act=transfer.act, words=WORDS[Act(transfer.act)],
            source=ACCOUNT_WORDS[source], target=ACCOUNT_WORDS[target], amount_fen=transfer.amount_fen,
            effect_fen=gained - lost,
            reference=transfer.reference, note=transfer.note,
        )  # fmt: skip
