"""The acts of the ledger and the accounts between which each may move money. Any other transfer is a breach."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from equipment_cloud.kernel.errors import N_
from equipment_cloud.vouchers.rules.states import AccountKind

_K = AccountKind

Pair = tuple[_K, _K]


class Act(StrEnum):
    PLAN = "plan"
    CARRY_OVER = "carry-over"
    WITHDRAW = "withdraw"
    ISSUE = "issue"
    EXPIRE = "expire"
    GIVE_BACK = "give-back"
    HOLD = "hold"
    RELEASE = "release"
    DRAW = "draw"
    APPROVE = "approve"
    CUT = "cut"
    RESTORE = "restore"
    PAY = "pay"
    BOUNCE = "bounce"
    AWARD = "award"
    UNDO_AWARD = "undo-award"
    CLAW_BACK = "claw-back"


_PAIRS: Mapping[Act, tuple[Pair, ...]] = {
    Act.PLAN: ((_K.APPROPRIATION, _K.POOL_FREE),),
    Act.CARRY_OVER: ((_K.APPROPRIATION, _K.POOL_FREE),),
    Act.WITHDRAW: ((_K.POOL_FREE, _K.APPROPRIATION),),
    Act.ISSUE: ((_K.POOL_FREE, _K.VOUCHER_AVAILABLE),),
    Act.EXPIRE: ((_K.VOUCHER_AVAILABLE, _K.POOL_FREE),),
    Act.GIVE_BACK: ((_K.VOUCHER_AVAILABLE, _K.POOL_FREE),),
    Act.HOLD: ((_K.VOUCHER_AVAILABLE, _K.VOUCHER_HELD),),
    Act.RELEASE: ((_K.VOUCHER_HELD, _K.VOUCHER_AVAILABLE), (_K.VOUCHER_HELD, _K.POOL_FREE)),
    Act.DRAW: ((_K.VOUCHER_HELD, _K.VOUCHER_DRAWN),),
    Act.APPROVE: ((_K.VOUCHER_DRAWN, _K.CLAIM_PAYABLE),),
    Act.CUT: ((_K.VOUCHER_DRAWN, _K.VOUCHER_AVAILABLE), (_K.VOUCHER_DRAWN, _K.POOL_FREE)),
    Act.RESTORE: ((_K.CLAIM_PAYABLE, _K.VOUCHER_AVAILABLE), (_K.CLAIM_PAYABLE, _K.POOL_FREE)),
    Act.PAY: ((_K.CLAIM_PAYABLE, _K.POOL_PAID),),
    Act.BOUNCE: ((_K.POOL_PAID, _K.CLAIM_PAYABLE),),
    Act.AWARD: ((_K.POOL_FREE, _K.CLAIM_PAYABLE),),
    Act.UNDO_AWARD: ((_K.CLAIM_PAYABLE, _K.POOL_FREE),),
    Act.CLAW_BACK: ((_K.POOL_PAID, _K.POOL_RECOVERED),),
}
"""Architecture of money: act -> the pairs of accounts (from, to) it may touch."""

WORDS: Mapping[Act, str] = {
    Act.PLAN: N_("Planned"),
    Act.CARRY_OVER: N_("Carried over"),
    Act.WITHDRAW: N_("Withdrawn by the treasury"),
    Act.ISSUE: N_("Issued"),
    Act.EXPIRE: N_("Expired, back to the pool"),
    Act.GIVE_BACK: N_("Given back to the pool"),
    Act.HOLD: N_("Set aside"),
    Act.RELEASE: N_("Hold released"),
    Act.DRAW: N_("Drawn for a confirmed service"),
    Act.APPROVE: N_("Approved for payment"),
    Act.CUT: N_("Cut by review"),
    Act.RESTORE: N_("Taken out of payment"),
    Act.PAY: N_("Paid"),
    Act.BOUNCE: N_("Bank transfer rejected"),
    Act.AWARD: N_("Award to a provider"),
    Act.UNDO_AWARD: N_("Award undone"),
    Act.CLAW_BACK: N_("Clawed back"),
}

ACCOUNT_WORDS: Mapping[_K, str] = {
    _K.APPROPRIATION: N_("Appropriation"),
    _K.POOL_FREE: N_("Pool, free"),
    _K.POOL_PAID: N_("Pool, paid"),
    _K.POOL_RECOVERED: N_("Pool, recovered"),
    _K.VOUCHER_AVAILABLE: N_("Available"),
    _K.VOUCHER_HELD: N_("Held for orders"),
    _K.VOUCHER_DRAWN: N_("Drawn, to be claimed"),
    _K.CLAIM_PAYABLE: N_("Approved claim"),
}


def accounts_of(act: Act) -> tuple[Pair, ...]:
    """The pairs (from kind, to kind) an act may move money between."""
    return _PAIRS[act]
