"""What is still free: positions against taken time, in plain lists."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from equipment_cloud.kernel.period import Period, merged, without
from equipment_cloud.occupancy.rules.opening import Opening
from equipment_cloud.occupancy.rules.terms import Terms, aligned, possible_starts

MOST_ALTERNATIVES = 5
NEAR = timedelta(days=2)
"""Most instruments have something free this soon, and two weeks of opening hours need not be laid out."""


class Taken:
    """Taken time by position, quick to ask: on one position periods never overlap."""

    def __init__(self, positions: Iterable[int], taken: Iterable[tuple[int, Period]]) -> None:
        self.by_position: dict[int, list[Period]] = {position: [] for position in sorted(positions)}
        for position, period in sorted(taken):
            self.by_position.setdefault(position, []).append(period)

    def free_positions(self, period: Period) -> list[int]:
        """Positions free for the whole period, lowest first."""
        return [position for position, taken in self.by_position.items() if not self._overlaps(taken, period)]

    @staticmethod
    def _overlaps(taken: Sequence[Period], period: Period) -> bool:
        before_end = bisect_left(taken, period.ends_at, key=lambda item: item.starts_at)
        return before_end > 0 and taken[before_end - 1].ends_at > period.starts_at


def lowest_free(last_ends: Mapping[int, datetime | None], period: Period) -> int | None:
    """The lowest position whose last occupation to start before the period's end is over when the period starts."""
    return next((position for position in sorted(last_ends)
                 if (last := last_ends[position]) is None or last <= period.starts_at), None)  # fmt: skip


def free_time(terms: Terms, opening: Opening, taken: Taken, *, window: Period, now: datetime) -> list[Period]:
    """Time within opening hours in which at least one position is free, lead time honoured, cut to the step."""
    start = max(window.starts_at, terms.earliest(now))
    if start >= window.ends_at:
        return []
    open_time = opening.periods(Period(start, window.ends_at))
    by_position = ([terms.spread(period) for period in busy] for busy in taken.by_position.values())
    parts = merged(part for busy in by_position for part in without(open_time, busy))
    cut = ((aligned(part.starts_at, terms, opening), _floor(part.ends_at, terms, opening)) for part in parts)
    return [Period(begin, end) for begin, end in cut if begin < end]


def first_start(terms: Terms, opening: Opening, taken: Taken, *, window: Period, now: datetime) -> datetime | None:
    """The first start at which the shortest booking would find a position, within the window."""
    length = timedelta(minutes=terms.shortest_minutes)
    start = max(window.starts_at, terms.earliest(now))
    if start >= window.ends_at:
        return None
    for end in sorted({min(start + NEAR, window.ends_at), window.ends_at}):
        for begin in possible_starts(terms, opening, length=length, window=Period(start, end)):
            if taken.free_positions(terms.padded(Period(begin, begin + length))):
                return begin
    return None


def alternatives(
    terms: Terms,
    opening: Opening,
    taken: Taken,
    *,
    wanted: Period,
    window: Period,
    allowed: Callable[[Period], bool] = lambda _period: True,
    now: datetime,
) -> list[Period]:
    """Up to five free periods of the wanted length, the nearest to it, apart from one another, in order.

    ``allowed`` asks the rules that hang on who books.
    """
    start = max(window.starts_at, terms.earliest(now))
    if start >= window.ends_at:
        return []
    starts = possible_starts(terms, opening, length=wanted.length, window=Period(start, window.ends_at))
    chosen: list[Period] = []
    for begin in sorted(starts, key=lambda moment: (abs(moment - wanted.starts_at), moment)):
        period = Period(begin, begin + wanted.length)
        if any(period.overlaps(other) for other in chosen) or not taken.free_positions(terms.padded(period)):
            continue
        if not allowed(period):
            continue
        chosen.append(period)
        if len(chosen) == MOST_ALTERNATIVES:
            break
    return sorted(chosen)


def _floor(moment: datetime, terms: Terms, opening: Opening) -> datetime:
    up = aligned(moment, terms, opening)
    return up if up == moment else up - timedelta(minutes=terms.step_minutes)
