"""Reads of policies, pools, vouchers, their entries, and what a voucher would pay."""

from __future__ import annotations

from equipment_cloud.vouchers.policy import READERS
from equipment_cloud.vouchers.queries.entries import LedgerEntry, entries, pool_entries
from equipment_cloud.vouchers.queries.estimates import estimate, estimates, provider_region, terms_for, version_for
from equipment_cloud.vouchers.queries.policies import (
    default_version,
    policies_on,
    policy_named,
    policy_version_on,
    terms_of_version,
    version,
    versions_of,
)
from equipment_cloud.vouchers.queries.pools import PoolFigures, pool, pool_figures, pool_for, pools_page
from equipment_cloud.vouchers.queries.vouchers import (
    Balances,
    UsableVoucher,
    balances,
    hold_of,
    holds_of,
    numbers_of,
    outstanding_fen,
    steps_of,
    totals,
    usable_vouchers,
    voucher,
    voucher_for,
    vouchers_page,
    waiting,
    waiting_counts,
    year_of,
)

__all__ = [
    "READERS",
    "Balances",
    "LedgerEntry",
    "PoolFigures",
    "UsableVoucher",
    "balances",
    "default_version",
    "entries",
    "estimate",
    "estimates",
    "hold_of",
    "holds_of",
    "numbers_of",
    "outstanding_fen",
    "policies_on",
    "policy_named",
    "policy_version_on",
    "pool",
    "pool_entries",
    "pool_figures",
    "pool_for",
    "pools_page",
    "provider_region",
    "steps_of",
    "terms_for",
    "terms_of_version",
    "totals",
    "usable_vouchers",
    "version",
    "version_for",
    "versions_of",
    "voucher",
    "voucher_for",
    "vouchers_page",
    "waiting",
    "waiting_counts",
    "year_of",
]
