"""What is wrong with a test service (检测项目)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from equipment_cloud.catalog.rules.checks import has_control_characters, is_known_class
from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.money import MAX_FEN

MOST_STANDARDS = 20
MOST_SCOPE_LINES = 500
LONGEST_TURNAROUND = 365


def problems_with_scope(
    certificate: str, standards: Collection[str], valid_from: date, valid_to: date
) -> list[Problem]:
    """All that is wrong with lines of an accredited scope."""
    found: list[Problem] = []
    if not certificate or len(certificate) > 64 or has_control_characters(certificate):
        words = N_("This needs a text of at most %(most)s characters.")
        found.append(Problem("text", words, "certificate", {"most": 64}))
    wrong = any(not text or len(text) > 100 or has_control_characters(text) for text in standards)
    if wrong or not 0 < len(standards) <= MOST_SCOPE_LINES:
        words = N_("Between 1 and %(most)s methods of at most 100 characters each.")
        found.append(Problem("standards", words, "standards", {"most": MOST_SCOPE_LINES}))
    if valid_to < valid_from:
        found.append(Problem("not-in-order", N_("The last day lies before the first day."), "valid_to"))
    return found


def problems_with_service(values: Mapping[str, Any], *, classes: Collection[str]) -> list[Problem]:
    """All impossible values of a test service: ``name, name_en, category, method_standards, minimum_quantity, unit,
    price_fen, turnaround_days``.
    """
    found: list[Problem] = []
    for name, most in (("name", 255), ("unit", 64)):
        text = values.get(name) or ""
        if not text or len(text) > most or has_control_characters(text):
            found.append(Problem("text", N_("This needs a text of at most %(most)s characters."), name, {"most": most}))
    too_long = N_("At most %(most)s characters can be kept here.")
    long = [name for name in ("name_en", "minimum_quantity") if len(values.get(name) or "") > 255]
    found.extend(Problem("too-long", too_long, name, {"most": 255}) for name in long)
    if not is_known_class(values.get("category") or "", classes):
        found.append(Problem("unknown-class", N_("There is no such class of instruments."), "category"))
    standards = values.get("method_standards") or []
    if len(standards) > MOST_STANDARDS or any(len(text) > 100 or has_control_characters(text) for text in standards):
        found.append(
            Problem(
                "standards",
                N_("At most %(most)s standards of at most 100 characters each."),
                "method_standards",
                {"most": MOST_STANDARDS},
            )
        )
    price, days = values.get("price_fen"), values.get("turnaround_days")
    if not isinstance(price, int) or not 0 <= price <= MAX_FEN:
        found.append(Problem("impossible-amount", N_("This amount is negative or too large to be true."), "price_fen"))
    if not isinstance(days, int) or not 0 < days <= LONGEST_TURNAROUND:
        found.append(
            Problem(
                "turnaround",
                N_("Between 1 and %(most)s working days."),
                "turnaround_days",
                {"most": LONGEST_TURNAROUND},
            )
        )
    return found
