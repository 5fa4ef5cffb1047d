"""States of vouchers, holds, policy versions; kinds of ledger accounts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class VoucherState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    REVIEWED = "reviewed"
    ISSUED = "issued"
    FROZEN = "frozen"
    RETURNED = "returned"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    REFUSED = "refused"


class HoldState(StrEnum):
    HELD = "held"
    DRAWN = "drawn"
    RELEASED = "released"


class AccountKind(StrEnum):
    APPROPRIATION = "appropriation"
    POOL_FREE = "pool.free"
    POOL_PAID = "pool.paid"
    POOL_RECOVERED = "pool.recovered"
    VOUCHER_AVAILABLE = "voucher.available"
    VOUCHER_HELD = "voucher.held"
    VOUCHER_DRAWN = "voucher.drawn"
    CLAIM_PAYABLE = "claim.payable"


_S = VoucherState
MOVES: Mapping[VoucherState, frozenset[VoucherState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SENT_BACK: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.REVIEWED, _S.SENT_BACK, _S.REFUSED}),
    _S.REVIEWED: frozenset({_S.ISSUED, _S.SENT_BACK, _S.REFUSED}),
    _S.ISSUED: frozenset({_S.FROZEN, _S.RETURNED, _S.EXPIRED, _S.EXHAUSTED}),
    _S.EXHAUSTED: frozenset({_S.ISSUED, _S.EXPIRED}),
    _S.FROZEN: frozenset({_S.ISSUED, _S.EXPIRED}),
}
"""What may follow what. Decisions move a voucher by hand; ``expired`` and ``exhausted`` follow from
dates and balances."""

ISSUING: Mapping[VoucherState, frozenset[VoucherState]] = {_S.REVIEWED: frozenset({_S.ISSUED})}
THAWING: Mapping[VoucherState, frozenset[VoucherState]] = {_S.FROZEN: frozenset({_S.ISSUED})}
"""The two ways to ``issued`` that a person decides; the third, money coming back to an exhausted one, nobody does."""

WITH_MONEY = frozenset({_S.ISSUED, _S.FROZEN, _S.EXHAUSTED})
"""States in which a voucher may have money available or held."""


def is_spendable(state: VoucherState) -> bool:
    """Whether money that comes back to the voucher stays on it: it neither expired nor was given back."""
    return state in WITH_MONEY


def state_for_balances(state: VoucherState, *, available_fen: int, held_fen: int) -> VoucherState:
    """``exhausted`` once nothing is available or held, ``issued`` again when money comes back; other states stay."""
    empty = available_fen == 0 and held_fen == 0
    if state is VoucherState.ISSUED and empty:
        return VoucherState.EXHAUSTED
    if state is VoucherState.EXHAUSTED and not empty:
        return VoucherState.ISSUED
    return state
