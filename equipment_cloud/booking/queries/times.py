"""Times: what was asked, what else is possible, and an instrument's week as a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from equipment_cloud.booking.models import Booking
from equipment_cloud.booking.queries.judging import asker_of
from equipment_cloud.booking.queries.places import place
from equipment_cloud.booking.rules import problems_with_offer, reference_of
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.occupancy import rules
from equipment_cloud.occupancy.queries import Busy, Setting
from equipment_cloud.occupancy.rules import PeriodTaken, Taken, problems_with_period

DAY = timedelta(days=1)


def asked_period(
    instrument_id: int, starts_at: datetime, ends_at: datetime, *, purpose: str | None = None, now: datetime
) -> Period:
    """What was typed, as a period. Raises :class:`Invalid` with all it breaks when it ends before it starts."""
    if starts_at < ends_at:
        return Period(starts_at, ends_at)
    found = occupancy.setting(instrument_id, Period(now, now + occupancy.SUGGEST_FOR))
    problems = [rules.broken("zero-length", "ends_at")]
    if found is not None:
        problems = problems_with_period(starts_at, ends_at, terms=found.terms, opening=found.opening, now=now)
    if purpose is not None:
        problems += problems_with_offer(place(instrument_id).offer, purpose, ends_on=clock.today(now))
    raise Invalid(problems=problems)


def alternatives(
    instrument_id: int,
    period: Period,
    now: datetime,
    *,
    organisation_id: int | None = None,
    person_id: int | None = None,
) -> list[Period]:
    """One to five free periods of the same length near the wanted one, from a week before to two weeks after it, that
    this customer could book.
    """
    start = max(now, period.starts_at - timedelta(days=7))
    window = Period(start, max(start, period.ends_at) + occupancy.SUGGEST_FOR)
    found = occupancy.setting(instrument_id, window, on=clock.today(period.starts_at))
    if found is None:
        return []
    asker = asker_of(place(instrument_id, organisation_id), found, period, person_id, now=now)
    latest = found.terms.latest(now) + period.length
    window = Period(start, max(start + DAY, min(window.ends_at, latest)))
    taken = occupancy.taken_of(occupancy.held([instrument_id], window))
    return rules.alternatives(
        found.terms,
        found.opening,
        taken,
        wanted=period,
        window=window,
        allowed=lambda other: rules.suits(other, setting=found, asker=asker, now=now),
        now=now,
    )


def offer_alternatives(
    refusal: PeriodTaken,
    instrument_id: int,
    period: Period,
    *,
    organisation_id: int | None = None,
    person_id: int | None = None,
    now: datetime,
) -> PeriodTaken:
    """The refusal with what else is possible for this customer, for pages and for programs."""
    refusal.alternatives = alternatives(
        instrument_id, period, now, organisation_id=organisation_id, person_id=person_id
    )  # fmt: skip
    refusal.members = {
        "alternatives": [
            {"starts_at": clock.local(each.starts_at).isoformat(), "ends_at": clock.local(each.ends_at).isoformat()}
            for each in refusal.alternatives
        ]
    }
    return refusal


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days, Monday first, in rows of equal length; every row has seven cells.

    ``previous`` and ``next`` are query strings for a page that shows weeks (``?week=2026-11-30``), where there is more.
    """

    days: list[date]
    rows: list[dict[str, Any]]
    cell_minutes: int
    today: date
    previous: str | None
    next: str | None


def week(instrument_id: int, monday: date, actor: Actor | None, now: datetime) -> Week:
    """An instrument's week as its calendar; bookings of the actor's organisations are ``mine``. Five statements."""
    window = Period(clock.at(monday), clock.at(monday + 7 * DAY))
    found = occupancy.setting(instrument_id, window)
    held = occupancy.held([instrument_id], window)
    busy = [item for row in held if (item := occupancy.stretch(row, window))]
    mine = _own(actor, busy)
    days = [monday + offset * DAY for offset in range(7)]
    today = clock.today(now)
    before = f"?week={monday - 7 * DAY}" if monday > today else None
    if found is None:
        return Week(days, [], 60, today, before, None)
    after = f"?week={monday + 7 * DAY}" if window.ends_at < found.terms.latest(now) else None
    minutes = 30 if found.terms.step_minutes <= 30 else 60
    grid = _Grid(found, occupancy.taken_of(held), busy, mine, now)
    first, last = _span(found, minutes)
    starts = [time(at // 60, at % 60) for at in range(first, last, minutes)]
    rows = [{"label": f"{start:%H:%M}", "cells": [grid.cell(day, start, minutes) for day in days]} for start in starts]
    return Week(days, rows, minutes, today, before, after)


class _Grid:
    """Decides what each cell shows, by one order: past, mine, closed, free, then whatever holds the time."""

    def __init__(
        self, setting: Setting, taken: Taken, busy: Sequence[Busy], mine: Iterable[str], now: datetime
    ) -> None:
        self.setting, self.taken, self.busy, self.now = setting, taken, busy, now
        self.mine = set(mine)
        self.open = setting.opening.periods(setting.opening.window)
        self.earliest = setting.terms.earliest(now)

    def cell(self, day: date, start: time, minutes: int) -> dict[str, Any]:
        begins = datetime.combine(day, start, self.setting.opening.zone).astimezone(UTC)
        period = Period(begins, begins + timedelta(minutes=minutes))
        kind, reason, free = self._seen(period)
        return {
            "starts_at": period.starts_at,
            "ends_at": period.ends_at,
            "kind": kind,
            "reason": reason,
            "free_positions": free,
            "now": period.holds(self.now),
        }

    def _seen(self, period: Period) -> tuple[str, str | None, int]:
        holding = [item for item in self.busy if item.period.overlaps(period)]
        if any(item.reference in self.mine for item in holding):
            return "mine", None, 0
        if period.starts_at < self.earliest:
            return "past", None, 0
        if not any(part.contains(period) for part in self.open):
            return "closed", self._why_closed(period), 0
        free = len(self.taken.free_positions(self.setting.terms.padded(period)))
        if free or not holding:
            return "free", None, free
        return holding[0].kind, holding[0].reason, 0

    def _why_closed(self, period: Period) -> str | None:
        closings = self.setting.opening.closings_in(period)
        return closings[0].reason if closings else None


def _span(found: Setting, minutes: int) -> tuple[int, int]:
    """First and last minute of the day at which any weekday is open, from a whole hour; office hours if none is."""
    ranges = list(found.opening.all_hours())
    first = min((opens.hour * 60 + opens.minute for opens, _closes in ranges), default=480)
    last = max((closes.hour * 60 + closes.minute or 1440 for _opens, closes in ranges), default=1080)
    return first // 60 * 60, -(-last // minutes) * minutes


def _own(actor: Actor | None, busy: Iterable[Busy]) -> set[str]:
    """References among the busy stretches that are bookings of the actor's organisations."""
    ids = [int(item.reference[8:]) for item in busy if (item.reference or "").startswith("booking:") and item.reference]
    if actor is None or not ids:
        return set()
    mine = select(Booking.id).where(Booking.id.in_(ids), Booking.organisation_id.in_(actor.organisations()))
    return {reference_of(found) for found in session().scalars(mine)}
