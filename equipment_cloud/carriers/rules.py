"""Dates and states of register entries. What an entry is on a day follows from its dates, nobody stores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem

CATEGORIES: Mapping[str, str] = {
    "instrument_use": N_("Instrument use"),
    "testing": N_("Testing and analysis"),
    "rd_design": N_("R&D and design"),
}
"""Service categories of voucher rules: code -> words."""


class EntryState(StrEnum):
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    ENDED = "ended"


def state_on(on: date, *, is_confirmed: bool, valid_to: date | None, suspended_from: date | None) -> EntryState:
    """The state of an entry on a day."""
    if valid_to is not None and valid_to < on:
        return EntryState.ENDED
    if not is_confirmed:
        return EntryState.ENTERED
    if suspended_from is not None and suspended_from <= on:
        return EntryState.SUSPENDED
    return EntryState.CONFIRMED


def problems_with_entry(
    categories: Sequence[str], *, valid_from: date, valid_to: date | None, others: Sequence[tuple[date, date | None]]
) -> list[Problem]:
    """All that is wrong with a new entry. ``others``: first and last days of the organisation's other entries."""
    problems = []
    unknown = sorted(set(categories) - set(CATEGORIES))
    if not categories or unknown:
        words = N_("Choose at least one kind of service of the list.")
        problems.append(Problem("categories", words, "categories", remedy=N_("Tick what the carrier may be paid for.")))
    if valid_to is not None and valid_to < valid_from:
        words = N_("The last day lies before the first.")
        problems.append(Problem("dates", words, "valid_to", remedy=N_("Correct one of the two dates.")))
    elif any(_overlap(valid_from, valid_to, first, last) for first, last in others):
        words = N_("The carrier already has an entry for some of these days.")
        remedy = N_("End the other entry first, or let this one begin after it.")
        problems.append(Problem("overlap", words, "valid_from", remedy=remedy))
    return problems


def _overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    return (other_last is None or first <= other_last) and (last is None or other_first <= last)
