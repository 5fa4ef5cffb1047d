"""Which way a message goes, and when a failed one is tried again."""

from __future__ import annotations

from datetime import timedelta

MOST_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
"""How long a sender has before another one may try the same row."""
FRESH_FOR = timedelta(hours=12)
"""News older than this is read in the inbox; nobody is called for it."""
BY_TELEPHONE = frozenset(
    {
        "booking.approved", "booking.declined", "booking.revoked", "booking.cancelled", "booking.rescheduled",
        "booking.offered", "settlement.returned", "vouchers.sent-back", "vouchers.expiring",
    }
)  # fmt: skip
"""Kinds worth a short message: somebody waits on the spot, or a deadline runs. All others are read in the inbox."""


def is_worth_a_call(kind: str, *, age: timedelta) -> bool:
    """Whether the person is told by short message or e-mail besides."""
    return kind in BY_TELEPHONE and age <= FRESH_FOR


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: 1, 2, 4, 8, 16 minutes."""
    return timedelta(minutes=2 ** max(0, attempts - 1))
