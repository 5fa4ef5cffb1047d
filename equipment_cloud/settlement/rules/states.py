"""States of claims, batches and their lines, and the steps of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from equipment_cloud.kernel.errors import N_


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    BATCHED = "batched"
    NOTICED = "noticed"
    OBJECTED = "objected"
    PAYABLE = "payable"
    PAID = "paid"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RECOVERING = "recovering"
    RECOVERED = "recovered"


class Stage(StrEnum):
    """Who decides next: 初审 review by the reviewer, 复审 approval by the approver."""

    REVIEW = "review"
    APPROVAL = "approval"


class PaperKind(StrEnum):
    CONTRACT = "contract"
    REPORT = "report"
    INVOICE = "invoice"
    PAYMENT = "payment"
    OTHER = "other"


class Level(StrEnum):
    BLOCK = "block"
    WARN = "warn"


class BatchState(StrEnum):
    ASSEMBLED = "assembled"
    CHECKED = "checked"
    NOTICED = "noticed"
    SENT = "sent"
    CLOSED = "closed"


class LineState(StrEnum):
    LISTED = "listed"
    FROZEN = "frozen"
    STRUCK = "struck"
    PAYABLE = "payable"
    CARRIED = "carried"
    """Taken out of this batch without harm (no account, objection decided too late): goes into a later one."""
    PAID = "paid"
    BOUNCED = "bounced"


_S = ClaimState
CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.IN_REVIEW, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.IN_REVIEW: frozenset({_S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.BATCHED}),
    _S.BATCHED: frozenset({_S.NOTICED, _S.APPROVED}),
    _S.NOTICED: frozenset({_S.PAYABLE, _S.OBJECTED, _S.REJECTED}),
    _S.OBJECTED: frozenset({_S.PAYABLE, _S.APPROVED, _S.REJECTED}),
    _S.PAYABLE: frozenset({_S.PAID, _S.BOUNCED, _S.APPROVED}),
    _S.PAID: frozenset({_S.BOUNCED, _S.RECOVERING}),
    _S.BOUNCED: frozenset({_S.APPROVED}),
    _S.RECOVERING: frozenset({_S.RECOVERED}),
}
"""What leads where. Acts on whole batches move sets of claims along the same arrows."""

EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
UNDER_REVIEW = frozenset({_S.SUBMITTED, _S.IN_REVIEW})
LIVE = frozenset(set(_S) - {_S.WITHDRAWN})
"""Claims that keep their services: only a withdrawn one gives them free. A rejected one is decided for good."""

DEFAULT_STEPS = ("assemble", "check", "notice", "send", "pay", "close")
STEP_WORDS: Mapping[str, str] = {
    "assemble": N_("Assemble"),
    "cross_check": N_("Cross-check by departments"),
    "check": N_("Second check"),
    "meeting": N_("Collective decision"),
    "notice": N_("Public notice"),
    "document": N_("Joint document"),
    "send": N_("Send to the treasury"),
    "pay": N_("Pay"),
    "close": N_("Close"),
}
"""Steps a policy may name (``batch_steps``); those without an act of their own are ticked off by hand."""
ACTED_STEPS = frozenset(DEFAULT_STEPS)
