"""Stored values of a booking in the reader's words, for pages and programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale

from equipment_cloud.booking.models import Booking, BookingEvent, BookingState
from equipment_cloud.booking.queries import Estimate
from equipment_cloud.booking.queries.estimates import ENTERPRISE, INSTITUTION
from equipment_cloud.booking.rules import PURPOSE_WORDS, Purpose
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import N_
from equipment_cloud.vouchers.wording import worded_calculation

UNITS = {"hour": N_("h"), "time": N_("time")}
MODELS = {
    ENTERPRISE: N_("You pay first and are paid back"),
    INSTITUTION: N_("The voucher's share is settled with the institution"),
}
ACTS = {
    "requested": N_("Asked for"),
    "approved": N_("Confirmed"),
    "declined": N_("Declined"),
    "expired": N_("Expired unanswered"),
    "cancelled": N_("Cancelled"),
    "cancelled_late": N_("Cancelled late"),
    "revoked": N_("Cancelled by the provider"),
    "reschedule": N_("Moved to another time"),
    "waived": N_("Rules let pass by the institution's staff"),
    "remind": N_("Approvers reminded"),
    "escalate": N_("Managers told that nobody answered"),
    "in_use": N_("Use began"),
    "to_confirm": N_("Use ended"),
    "completed": N_("Hours confirmed by both sides"),
    "no_show": N_("Recorded as a no-show"),
}
STEPS = (N_("Request"), N_("Confirmation"), N_("Use"), N_("Hours agreed"))
NEXT = {
    BookingState.REQUESTED: N_("The provider confirms or declines"),
    BookingState.APPROVED: N_("Scan the code at the instrument to begin"),
    BookingState.IN_USE: N_("End the use at the instrument"),
    BookingState.TO_CONFIRM: N_("Both sides confirm the hours"),
}


def price_lines_words(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Price lines with label and unit in the reader's language."""
    return [
        {**line, "label": worded(str(line["label"])), "unit": worded(UNITS.get(line["unit"], line["unit"]))}
        for line in lines
    ]


def estimate_words(estimate: Estimate | Mapping[str, Any]) -> dict[str, Any]:
    """An estimate, fresh or as it was kept, ready to show."""
    kept = estimate.kept() if isinstance(estimate, Estimate) else dict(estimate)
    policy = kept.get("policy")
    model = kept.get("model")
    return {
        **kept,
        "lines": price_lines_words(kept.get("lines", ())),
        "calculation": worded_calculation(kept.get("calculation") or ()),
        "model_words": worded(MODELS[model]) if model in MODELS else None,
        "policy_name": _named(policy) if policy else None,
        "is_example": bool(policy and policy["is_example"]),
        "refund_fen": kept["voucher_fen"] if model == ENTERPRISE else 0,
        "reasons": list(estimate.reasons) if isinstance(estimate, Estimate) else [],
    }


def estimate_document(estimate: Estimate | Mapping[str, Any]) -> dict[str, Any]:
    """An estimate as programs get it."""
    shown = estimate_words(estimate)
    return {**shown, "reasons": [problem_values(reason) for reason in shown["reasons"]]}


def booking_document(booking: Booking) -> dict[str, Any]:
    """A booking as programs get it, wherever they act on it."""
    names = (
        "id", "number", "state", "instrument_id", "position_id", "organisation_id", "provider_id", "person_id",
        "requested_by", "starts_at", "ends_at", "purpose", "note", "voucher_id", "price_fen", "voucher_fen",
        "asked_at", "waived", "expires_at", "decided_at", "reason", "created_at", "uid", "sequence", "revision",
    )  # fmt: skip
    return {name: getattr(booking, name) for name in names} | {"estimate": estimate_document(booking.estimate)}


def purpose_word(purpose: str) -> str:
    """``研发试制``."""
    return worded(PURPOSE_WORDS[Purpose(purpose)]) if purpose in set(Purpose) else purpose


def history_of(booking: Booking, events: Iterable[BookingEvent], asked_by: str) -> list[dict[str, Any]]:
    """What happened, the newest first; the request itself stands on the booking."""
    lines = [
        {"at": event.at, "who": event.person_name, "what": worded(ACTS.get(event.act, event.act)), "note": _note(event)}
        for event in events
    ]
    return [*lines, {"at": booking.created_at, "who": asked_by, "what": worded(ACTS["requested"]), "note": None}]


def _note(event: BookingEvent) -> str | None:
    reason = event.detail.get("reason")
    return str(reason) if reason else None


def _named(policy: Mapping[str, Any]) -> str:
    locale = get_locale()
    english = locale is not None and locale.language == "en"
    return str(policy["name_en"] if english and policy.get("name_en") else policy["name"])
