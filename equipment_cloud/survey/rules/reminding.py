"""On which days units are reminded of a campaign."""

from __future__ import annotations

from datetime import date

DAYS_BEFORE = frozenset({30, 14, 7, 3, 1, 0})
OVERDUE_EVERY, OVERDUE_FOR = 7, 56
"""After the due date once a week for eight weeks; then a call is worth more than another message."""


def is_reminder_day(on: date, due_on: date) -> bool:
    """Whether units that are behind are reminded on that day."""
    left = (due_on - on).days
    return left in DAYS_BEFORE or (-OVERDUE_FOR <= left < 0 and left % OVERDUE_EVERY == 0)
