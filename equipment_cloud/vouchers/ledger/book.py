"""One transfer: two balances moved by conditional updates under their row locks, one row appended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Transfer
from equipment_cloud.vouchers.rules import Act


class NotEnough(Conflict):
    """The account does not hold that much (409). Another may just have taken it."""

    code = "not-enough"
    message = N_("There is not enough money left for this.")
    remedy = N_("Reload the page to see what is left, then choose a smaller amount or another source.")


class AlreadyMoved(Conflict):
    """A transfer of this cause stands in the ledger: nothing moves twice (409)."""

    code = "already-moved"
    message = N_("This was already booked.")
    remedy = N_("Reload the page: the first booking stands.")


def transfer(
    from_id: int, to_id: int, amount_fen: int, *, act: Act, cause: str, reference: str, by: Actor, now: datetime,
    note: str | None = None,
) -> None:  # fmt: skip
    """Move ``amount_fen`` (above 0) from one account to another.

    ``cause`` is unique for ever; ``reference`` is the record it came from. Raises :class:`NotEnough` or
    :class:`AlreadyMoved`; nothing is moved then.
    """
    current = session()
    for account_id, delta in sorted(((from_id, -amount_fen), (to_id, amount_fen))):
        _move(account_id, delta)
    if current.scalar(select(Transfer.id).where(Transfer.cause == cause)) is not None:
        raise AlreadyMoved
    row = {"from_account_id": from_id, "to_account_id": to_id, "amount_fen": amount_fen, "cause": cause}
    current.add(Transfer(at=now, act=act.value, reference=reference, person_id=by.id, note=note, **row))
    current.flush()


def _move(account_id: int, delta: int) -> None:
    """Add to a balance unless that would overdraw it; the update is the lock (SQLite knows no FOR UPDATE)."""
    statement = update(LedgerAccount).where(LedgerAccount.id == account_id)
    if delta < 0:
        statement = statement.where(
            or_(LedgerAccount.balance_fen >= -delta, LedgerAccount.kind == AccountKind.APPROPRIATION)
        )
    moved = session().execute(
        statement.values(balance_fen=LedgerAccount.balance_fen + delta).returning(LedgerAccount.id),
        execution_options={"synchronize_session": False},
    )
    if moved.scalar() is None:
        raise NotEnough
