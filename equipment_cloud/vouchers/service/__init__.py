"""Every write to vouchers: applications and decisions, pools, policy versions, holds, claims, expiry."""

from __future__ import annotations

from equipment_cloud.vouchers.ledger import AlreadyMoved, NotEnough
from equipment_cloud.vouchers.refusals import (
    AlreadyHeld,
    NoPool,
    PoolExhausted,
    PublishedVersion,
    VoucherExpired,
    VoucherRefused,
)
from equipment_cloud.vouchers.service.applications import apply, change, submit
from equipment_cloud.vouchers.service.claims import approve_claim, bounce_claim, pay_claims, restore_claim
from equipment_cloud.vouchers.service.decisions import approve, issue, refuse, review, send_back
from equipment_cloud.vouchers.service.expiry import expire_due, remind_expiring
from equipment_cloud.vouchers.service.holds import draw, hold, release
from equipment_cloud.vouchers.service.policies import add_version, publish_document, publish_version
from equipment_cloud.vouchers.service.pools import plan_pool, withdraw_from_pool
from equipment_cloud.vouchers.service.safekeeping import freeze, give_back, unfreeze

__all__ = [
    "AlreadyHeld",
    "AlreadyMoved",
    "NoPool",
    "NotEnough",
    "PoolExhausted",
    "PublishedVersion",
    "VoucherExpired",
    "VoucherRefused",
    "add_version",
    "apply",
    "approve",
    "approve_claim",
    "bounce_claim",
    "change",
    "draw",
    "expire_due",
    "freeze",
    "give_back",
    "hold",
    "issue",
    "pay_claims",
    "plan_pool",
    "publish_document",
    "publish_version",
    "refuse",
    "release",
    "remind_expiring",
    "restore_claim",
    "review",
    "send_back",
    "submit",
    "unfreeze",
    "withdraw_from_pool",
]
