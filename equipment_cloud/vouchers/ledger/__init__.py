"""The ledger of public money: accounts, transfers that are only ever appended, and the proof that both agree."""

from __future__ import annotations

from equipment_cloud.vouchers.ledger.accounts import (
    POOL_KINDS,
    VOUCHER_KINDS,
    account,
    balances,
    claim_owner,
    ensure,
    pool_owner,
    voucher_owner,
)
from equipment_cloud.vouchers.ledger.book import AlreadyMoved, NotEnough, transfer
from equipment_cloud.vouchers.ledger.bulk import transfer_from, transfer_many
from equipment_cloud.vouchers.ledger.verification import verify

__all__ = [
    "POOL_KINDS",
    "VOUCHER_KINDS",
    "AlreadyMoved",
    "NotEnough",
    "account",
    "balances",
    "claim_owner",
    "ensure",
    "pool_owner",
    "transfer",
    "transfer_from",
    "transfer_many",
    "verify",
    "voucher_owner",
]
