"""Where money that comes back goes, and the state that follows from what is left."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind, Voucher
from equipment_cloud.vouchers.rules import Act, is_spendable, state_for_balances


def money_back(
    voucher: Voucher,
    kind: AccountKind,
    owner: str,
    amount_fen: int,
    *,
    act: Act,
    cause: str,
    reference: str,
    by: Actor,
    now: datetime,
) -> None:
    """Move money from an account back to the voucher, or to the pool once the voucher expired or was given back."""
    lives = is_spendable(voucher.state) and voucher.expires_on is not None and clock.today(now) <= voucher.expires_on
    if lives:
        target = ledger.account(AccountKind.VOUCHER_AVAILABLE, ledger.voucher_owner(voucher.id))
    else:
        target = ledger.account(AccountKind.POOL_FREE, ledger.pool_owner(voucher.pool_id))
    ledger.transfer(
        ledger.account(kind, owner), target, amount_fen, act=act, cause=cause, reference=reference, by=by, now=now
    )


def refresh_state(voucher: Voucher) -> None:
    """``exhausted`` when nothing is available or held, ``issued`` again when money came back."""
    left = ledger.balances(ledger.voucher_owner(voucher.id))
    voucher.state = state_for_balances(
        voucher.state,
        available_fen=left.get(AccountKind.VOUCHER_AVAILABLE, 0),
        held_fen=left.get(AccountKind.VOUCHER_HELD, 0),
    )
    session().flush()
