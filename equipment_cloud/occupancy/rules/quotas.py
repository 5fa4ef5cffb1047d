"""Quotas (限额): how much one person or one organisation may hold in a day, a week, a month, a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from equipment_cloud.kernel.period import Period

_MOMENT = timedelta(microseconds=1)


class QuotaOf(StrEnum):
    """Whose bookings are counted together."""

    PERSON = "person"
    ORGANISATION = "organisation"


class QuotaPer(StrEnum):
    """Over which stretch of local days they are counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """At most so many minutes; with ``only_peak``, of peak hours."""

    of: QuotaOf
    per: QuotaPer
    most_minutes: int
    only_peak: bool = False


class Used(NamedTuple):
    """A booking that counts already; ``is_own`` says that it is the asking person's, not only the organisation's."""

    period: Period
    is_own: bool


class Overdrawn(NamedTuple):
    """A quota that would be exceeded: by how much there is room, and when the next stretch begins."""

    rule: QuotaRule
    left_minutes: int
    next_at: datetime


def first_day(day: date, per: QuotaPer) -> date:
    """The first day of the stretch a date lies in; weeks begin on Monday."""
    if per is QuotaPer.WEEK:
        return day - timedelta(days=day.weekday())
    if per is QuotaPer.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if per is QuotaPer.YEAR else day


def day_after(day: date, per: QuotaPer) -> date:
    """The first day of the next stretch."""
    first = first_day(day, per)
    if per is QuotaPer.DAY:
        return first + timedelta(days=1)
    if per is QuotaPer.WEEK:
        return first + timedelta(days=7)
    return first_day(first + timedelta(days=32 if per is QuotaPer.MONTH else 366), per)


def stretches(period: Period, per: QuotaPer, zone: ZoneInfo) -> Iterator[Period]:
    """The days, weeks, months or years the period touches, whole."""
    day = first_day(period.starts_at.astimezone(zone).date(), per)
    last = (period.ends_at - _MOMENT).astimezone(zone).date()
    while day <= last:
        following = day_after(day, per)
        yield Period(_midnight(day, zone), _midnight(following, zone))
        day = following


def reach(quotas: Iterable[QuotaRule], period: Period, zone: ZoneInfo) -> Period | None:
    """All the time whose bookings must be known to judge the period; ``None`` without quotas."""
    whole = [stretch for quota in quotas for stretch in stretches(period, quota.per, zone)]
    if not whole:
        return None
    return Period(min(item.starts_at for item in whole), max(item.ends_at for item in whole))


def overdrawn(
    quotas: Sequence[QuotaRule],
    used: Sequence[Used],
    period: Period,
    *,
    zone: ZoneInfo,
    peak: Callable[[Period], Sequence[Period]],
) -> list[Overdrawn]:
    """Every quota the period would exceed in one of the stretches it touches.

    A booking that runs over midnight, or over New Year, counts in each stretch with what lies in it.
    """
    found = []
    for quota in quotas:
        counted = [item.period for item in used if quota.of is QuotaOf.ORGANISATION or item.is_own]
        for stretch in stretches(period, quota.per, zone):
            within = peak(stretch) if quota.only_peak else [stretch]
            before = sum(_minutes(item, within) for item in counted)
            wanted = _minutes(period, within)
            if wanted and before + wanted > quota.most_minutes:
                left = max(0, quota.most_minutes - before)
                found.append(Overdrawn(quota, left, stretch.ends_at))
                break
    return found


def _minutes(period: Period, within: Sequence[Period]) -> int:
    return sum(part.minutes for each in within if (part := period.common(each)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
