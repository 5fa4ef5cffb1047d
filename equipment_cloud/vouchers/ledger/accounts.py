"""Accounts: found or made by kind and owner. Whoever moves money holds the owner's lock already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount

POOL_KINDS = (AccountKind.APPROPRIATION, AccountKind.POOL_FREE, AccountKind.POOL_PAID, AccountKind.POOL_RECOVERED)
VOUCHER_KINDS = (AccountKind.VOUCHER_AVAILABLE, AccountKind.VOUCHER_HELD, AccountKind.VOUCHER_DRAWN)


def pool_owner(pool_id: int) -> str:
    return f"pool:{pool_id}"


def voucher_owner(voucher_id: int) -> str:
    return f"voucher:{voucher_id}"


def claim_owner(claim_id: int) -> str:
    return f"claim:{claim_id}"


def ensure(pool_id: int, kinds: Iterable[AccountKind], owner: str) -> None:
    """Make the accounts that do not stand yet, empty."""
    rows = [{"pool_id": pool_id, "kind": kind, "owner": owner, "balance_fen": 0} for kind in kinds]
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    session().execute(insert(LedgerAccount).values(rows).on_conflict_do_nothing(index_elements=["kind", "owner"]))


def account(kind: AccountKind, owner: str) -> int:
    """Id of an account. Raises ``LookupError`` when there is none: a slip of ours, not the reader's."""
    found = session().scalar(select(LedgerAccount.id).where(LedgerAccount.kind == kind, LedgerAccount.owner == owner))
    if found is None:
        raise LookupError(f"no account {kind.value} of {owner}")
    return found


def balances(owner: str) -> dict[AccountKind, int]:
    """Balance of each account of an owner, read anew."""
    statement = select(LedgerAccount.kind, LedgerAccount.balance_fen).where(LedgerAccount.owner == owner)
    return dict(session().execute(statement).all())


def balances_of(owners: Sequence[str]) -> dict[str, dict[AccountKind, int]]:
    """The same for many owners at once."""
    found: dict[str, dict[AccountKind, int]] = {owner: {} for owner in owners}
    statement = select(LedgerAccount.owner, LedgerAccount.kind, LedgerAccount.balance_fen)
    for owner, kind, fen in session().execute(statement.where(LedgerAccount.owner.in_(owners))):
        found[owner][kind] = fen
    return found


def account_id(kind: AccountKind, owner: Any) -> ScalarSelect[int]:
    """The id as a scalar subquery, for INSERT ... SELECT; ``owner`` is a column or a text."""
    text = literal(owner) if isinstance(owner, str) else owner
    statement = select(LedgerAccount.id).where(LedgerAccount.kind == kind, LedgerAccount.owner == text)
    return statement.scalar_subquery()
