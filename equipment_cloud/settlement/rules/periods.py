"""Settlement periods: which month, quarter, half or year ended last before a day."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half": 6, "half_year": 6, "year": 12}


def last_period(on: date, length: str) -> tuple[date, date]:
    """First and last day of the last period that is over on ``on``. Raises ``KeyError`` for a length nobody knows."""
    months = MONTHS[length]
    first_month = (on.month - 1) // months * months + 1
    end = date(on.year, first_month, 1) - timedelta(days=1)
    start_month = (end.month - 1) // months * months + 1
    return date(end.year, start_month, 1), end
