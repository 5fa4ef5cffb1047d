"""Stored values of this room in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale

from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import N_

CALCULATION_NAMES = ("code", "label", "amount_fen", "limit_fen", "binding", "clause")

ACTS: Mapping[str, str] = {
    "submit": N_("Submitted"),
    "review": N_("Passed the first review"),
    "issue": N_("Approved and issued"),
    "send-back": N_("Sent back for completion"),
    "refuse": N_("Refused"),
    "freeze": N_("Frozen"),
    "unfreeze": N_("Let go again"),
    "return": N_("Given back"),
    "expire": N_("Expired"),
}
MODELS: Mapping[str, str] = {
    "enterprise": N_("通用: the enterprise pays the whole price and is refunded after settlement"),
    "institution": N_("通兑: the enterprise pays its own share, the rest is settled with the institution"),
}
PURPOSES: Mapping[str, str] = {
    "rd": N_("Research and development"),
    "trial": N_("Trial production"),
    "failure_analysis": N_("Failure analysis"),
    "teaching": N_("Teaching"),
    "incoming_inspection": N_("Incoming inspection"),
    "outgoing_inspection": N_("Outgoing inspection"),
    "certification": N_("Certification or customer's demand"),
    "arbitration": N_("Arbitration"),
    "other": N_("Other"),
}
TRANSITIONS: Mapping[str, str] = {
    "issue": N_("Vouchers issued before keep their version"),
    "order": N_("Services ordered from the first day on follow this version"),
    "service": N_("Services rendered from the first day on follow this version"),
    "filing": N_("Claims filed from the first day on follow this version"),
}
PERIODS: Mapping[str, str] = {
    "month": N_("monthly"),
    "quarter": N_("quarterly"),
    "half_year": N_("half-yearly"),
    "year": N_("yearly"),
}
REFERENCES: Mapping[str, tuple[str, str | None, str]] = {
    "booking": (N_("Booking %(id)s"), "booking.show", "booking_id"),
    "usage": (N_("Usage %(id)s"), "usage.show", "usage_id"),
    "claim": (N_("Claim %(id)s"), "settlement.claim", "claim_id"),
    "voucher": (N_("This voucher"), None, ""),
    "pool": (N_("Pool"), None, ""),
}
"""Kind of a reference -> words, endpoint of its page, name of the endpoint's argument."""


def worded_calculation(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines as pages and JSON show them: ``label`` translated and filled, ``note`` naming the clause."""
    return [_worded(line) for line in lines]


def is_english() -> bool:
    """Whether the reader's language is English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def reference_words(reference: str) -> str:
    """``Booking 12`` for ``booking:12``; an unknown kind as it is."""
    kind, _colon, number = reference.partition(":")
    return worded(REFERENCES[kind][0], {"id": number}) if kind in REFERENCES else reference


def reference_page(reference: str) -> tuple[str, dict[str, int]] | None:
    """Endpoint and values of the record's page, if it has one."""
    kind, _colon, number = reference.partition(":")
    known = REFERENCES.get(kind)
    if known is None or known[1] is None or not number.isdigit():
        return None
    return known[1], {known[2]: int(number)}


def _worded(line: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: line.get(name) for name in CALCULATION_NAMES}
    shown["label"] = worded(str(line["label"]), dict(line.get("values") or {}))
    shown["note"] = line.get("clause")
    return shown
