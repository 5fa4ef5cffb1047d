"""Half-open periods ``[start, end)`` of aware instants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``starts_at`` included, ``ends_at`` excluded; both aware. Zero or negative length raises ``ValueError``."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period needs aware instants")
        if self.ends_at <= self.starts_at:
            raise ValueError("a period ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> int:
        return int(self.length.total_seconds() // 60)

    @property
    def hours(self) -> Decimal:
        """Length in hours, exact to the second."""
        return Decimal(int(self.length.total_seconds())) / Decimal(3600)

    def overlaps(self, other: Period) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: Period) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def holds(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def common(self, other: Period) -> Period | None:
        """The part both cover, if any."""
        start, end = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Period(start, end) if start < end else None


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time as few, ordered, disjoint periods; touching ones are joined."""
    result: list[Period] = []
    for period in sorted(periods):
        if result and period.starts_at <= result[-1].ends_at:
            last = result[-1]
            result[-1] = Period(last.starts_at, max(last.ends_at, period.ends_at))
        else:
            result.append(period)
    return result


def without(whole: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """What is left of ``whole`` after ``taken`` is cut out; ordered and disjoint."""
    left: list[Period] = []
    busy = merged(taken)
    for period in merged(whole):
        start = period.starts_at
        for cut in busy:
            if cut.ends_at <= start or cut.starts_at >= period.ends_at:
                continue
            if cut.starts_at > start:
                left.append(Period(start, cut.starts_at))
            start = max(start, cut.ends_at)
        if start < period.ends_at:
            left.append(Period(start, period.ends_at))
    return left
