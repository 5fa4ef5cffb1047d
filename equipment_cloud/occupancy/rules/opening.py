"""When an instrument is open: weekly hours on local clocks, the working-day calendar, closures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from equipment_cloud.kernel.period import Period, merged, without

Hours = tuple[time, time]
"""Opens and closes on local clocks; closing at 00:00 means midnight, the end of the day."""
Week = Mapping[int, Sequence[Hours]]
"""Hours by weekday; 0 is Monday."""
FRIDAY = 4


class DayKind(StrEnum):
    """What the city's calendar says of a day: 工作日 (also a make-up Saturday), 休息日, 节假日."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"


def day_kind(day: date, *, is_workday: bool, is_named: bool) -> DayKind:
    """A day off that falls on a weekday, or that bears a holiday's name, is a holiday; other days off are weekends."""
    if is_workday:
        return DayKind.WORKDAY
    return DayKind.HOLIDAY if is_named or day.weekday() <= FRIDAY else DayKind.REST


def weekday_of(day: date, days: Mapping[date, DayKind] | None) -> int | None:
    """Whose hours a date has: its weekday's; a Friday's on a make-up weekend day; nobody's when off or unknown.

    ``days`` is ``None`` for an instrument that does not follow working days.
    """
    if days is None:
        return day.weekday()
    kind = days.get(day)
    if kind is None or kind is DayKind.HOLIDAY:
        return None
    return FRIDAY if kind is DayKind.WORKDAY and day.weekday() > FRIDAY else day.weekday()


@dataclass(frozen=True, slots=True)
class Closing:
    """A closure and the reason people see."""

    period: Period
    reason: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Weekly hours (weekday 0 is Monday), what is closed, and the kinds of days as far as ``window`` reaches.

    ``days`` is ``None`` for an instrument that does not follow working days; else a day missing from it is unknown, and
    nothing is guessed: it counts as closed, and :meth:`unknown_years` says why. ``changes`` are the weeks that replace
    ``hours`` from a date on, in order; ``special`` are single days with hours of their own, whatever the week and the
    working-day calendar say.
    """

    hours: Week
    zone: ZoneInfo
    window: Period
    closures: Sequence[Closing] = ()
    days: Mapping[date, DayKind] | None = field(default=None)
    changes: Sequence[tuple[date, Week]] = ()
    special: Mapping[date, Sequence[Hours]] = field(default_factory=dict)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def dates(self, window: Period) -> Iterator[date]:
        """Every local date the window touches."""
        day = self.local(window.starts_at).date()
        last = self.local(window.ends_at - timedelta(microseconds=1)).date()
        while day <= last:
            yield day
            day += timedelta(days=1)

    def hours_on(self, day: date) -> Sequence[Hours]:
        """The hours of a date: its own, else those of the week then in force, by :func:`weekday_of`."""
        if day in self.special:
            return self.special[day]
        weekday = weekday_of(day, self.days)
        return () if weekday is None else self.week_on(day).get(weekday, ())

    def week_on(self, day: date) -> Week:
        """The week in force on a date."""
        return next((week for begins, week in reversed(self.changes) if begins <= day), self.hours)

    def all_hours(self) -> Iterator[Hours]:
        """Every stretch of hours of any day in sight: what a calendar must have room for."""
        for week in (self.hours, *(week for _begins, week in self.changes)):
            for ranges in week.values():
                yield from ranges
        for ranges in self.special.values():
            yield from ranges

    def unknown_years(self, window: Period) -> list[int]:
        """Years the window runs into whose working days nobody entered."""
        if self.days is None:
            return []
        return sorted({day.year for day in self.dates(window) if day not in self.days and day not in self.special})

    def _whole_hours(self, window: Period) -> Iterator[Period]:
        for day in self.dates(window):
            yield from self._instants(day, self.hours_on(day))

    def _instants(self, day: date, hours: Sequence[Hours]) -> Iterator[Period]:
        for opens, closes in hours:
            last = day + timedelta(days=1) if closes == time.min else day
            start = datetime.combine(day, opens, self.zone).astimezone(UTC)
            end = datetime.combine(last, closes, self.zone).astimezone(UTC)
            if start < end:
                yield Period(start, end)

    def pattern(self, week: Week, window: Period) -> list[Period]:
        """When another week (peak hours, say) falls within the window: on a make-up Saturday like on a Friday."""
        return merged(part for hours in self.stretches(week, window) if (part := hours.common(window)))

    def stretches(self, week: Week, window: Period) -> Iterator[Period]:
        """The stretches of another week that touch the window, each whole."""
        for day in self.dates(window):
            weekday = weekday_of(day, self.days)
            if weekday is not None:
                yield from self._instants(day, week.get(weekday, ()))

    def periods(self, window: Period) -> list[Period]:
        """Open time within the window, closures cut out; ordered, disjoint, touching days joined."""
        within = (hours.common(window) for hours in self._whole_hours(window))
        return without((part for part in within if part), self.cuts(window))

    def cuts(self, window: Period) -> list[Period]:
        """Closures that touch the window."""
        return merged(closing.period for closing in self.closures if closing.period.overlaps(window))

    def closings_in(self, window: Period) -> list[Closing]:
        return [closing for closing in self.closures if closing.period.overlaps(window)]
