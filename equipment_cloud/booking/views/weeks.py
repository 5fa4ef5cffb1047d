"""Which week a calendar shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import request

from equipment_cloud.foundation import clock

FARTHEST = timedelta(days=400)
"""Beyond, there is nothing to see."""


def monday_shown(chosen: datetime | None, *, now: datetime) -> date:
    """The Monday of the week asked for (``?week=2026-11-25``), else of the time chosen, else of today."""
    today = clock.today(now)
    day = clock.today(chosen) if chosen is not None and abs(chosen - now) < FARTHEST else today
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = day
    day = asked if abs(asked - today) < FARTHEST else day
    return day - timedelta(days=day.weekday())
