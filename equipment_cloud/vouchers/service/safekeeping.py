"""What may happen to an issued voucher besides being used: frozen, let go again, given back."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import N_, Conflict, Invalid
from equipment_cloud.kernel.states import move
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind, Voucher, VoucherState
from equipment_cloud.vouchers.rules import MOVES, Act
from equipment_cloud.vouchers.rules.states import THAWING
from equipment_cloud.vouchers.service import locks
from equipment_cloud.vouchers.service.balances import refresh_state
from equipment_cloud.vouchers.service.steps import step, tell_applicant


class StillHeld(Conflict):
    """Orders still hold money of the voucher (409)."""

    code = "still-held"
    message = N_("Bookings or orders still hold money of this voucher.")
    remedy = N_("Cancel them, or wait until they are confirmed.")


def freeze(voucher_id: int, reason: str, *, by: Actor, now: datetime) -> Voucher:
    """No new holds; what is held may still be drawn or released, and its last day stays."""
    reason, voucher = _reasoned(reason), locks.voucher(voucher_id)
    voucher.state = move(MOVES, voucher.state, VoucherState.FROZEN)
    step(voucher, "freeze", by=by, now=now, opinion=reason)
    tell_applicant(voucher, "frozen", N_("Voucher %(number)s was frozen: %(reason)s"), now=now, reason=reason)
    return voucher


def unfreeze(voucher_id: int, opinion: str, *, by: Actor, now: datetime) -> Voucher:
    """Let a frozen voucher be used again."""
    voucher = locks.voucher(voucher_id)
    voucher.state = move(THAWING, voucher.state, VoucherState.ISSUED)
    step(voucher, "unfreeze", by=by, now=now, opinion=opinion or None)
    tell_applicant(voucher, "unfrozen", N_("Voucher %(number)s may be used again."), now=now)
    refresh_state(voucher)
    return voucher


def give_back(voucher_id: int, reason: str = "", *, by: Actor, now: datetime) -> Voucher:
    """The enterprise gives back what it will not use (退券). Raises :class:`StillHeld` while orders hold some."""
    voucher = locks.voucher(voucher_id)
    target = move(MOVES, voucher.state, VoucherState.RETURNED)
    owner = ledger.voucher_owner(voucher_id)
    left = ledger.balances(owner)
    if left.get(AccountKind.VOUCHER_HELD):
        raise StillHeld
    available = left.get(AccountKind.VOUCHER_AVAILABLE, 0)
    if available:
        ledger.transfer(
            ledger.account(AccountKind.VOUCHER_AVAILABLE, owner),
            ledger.account(AccountKind.POOL_FREE, ledger.pool_owner(voucher.pool_id)),
            available, act=Act.GIVE_BACK, cause=f"give-back:{owner}", reference=owner, by=by, now=now,
        )  # fmt: skip
    voucher.state = target
    step(voucher, "return", by=by, now=now, opinion=reason or None)
    return voucher


def _reasoned(reason: str) -> str:
    if not reason.strip():
        words, remedy = N_("A reason is needed."), N_("Write why, so that the enterprise can answer.")
        raise Invalid.single("reason", words, field="reason", remedy=remedy)
    return reason.strip()
