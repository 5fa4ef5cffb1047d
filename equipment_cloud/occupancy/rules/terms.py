"""Under which terms a period may be asked for: step, lengths, lead time, horizon, opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from equipment_cloud.kernel.errors import Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules.opening import Opening
from equipment_cloud.occupancy.rules.words import broken, measured

MIN_YEAR, MAX_YEAR = 2000, 2199
"""Instants outside are slips; inside, no clock arithmetic overflows."""
DAY_MINUTES = 24 * 60
LONGEST = timedelta(days=30)
"""No booking is longer, whoever lets it pass."""
_HAIR = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """How an instrument may be booked. An ``unattended`` run passes through nights: its ends lie in opening hours."""

    step_minutes: int
    shortest_minutes: int
    longest_minutes: int
    lead_minutes: int
    horizon_days: int
    unattended: bool = False
    before_minutes: int = 0
    after_minutes: int = 0

    def padded(self, period: Period) -> Period:
        """The time a booking of the period takes on its position: warming up before, cleaning up after."""
        before, after = timedelta(minutes=self.before_minutes), timedelta(minutes=self.after_minutes)
        return Period(period.starts_at - before, period.ends_at + after)

    def spread(self, taken: Period) -> Period:
        """Taken time with what a neighbour's own buffers need beside it."""
        before, after = timedelta(minutes=self.before_minutes), timedelta(minutes=self.after_minutes)
        return Period(taken.starts_at - after, taken.ends_at + before)

    def earliest(self, now: datetime) -> datetime:
        """The first moment at which a booking made now may start."""
        return now + timedelta(minutes=self.lead_minutes)

    def latest(self, now: datetime) -> datetime:
        """The last moment at which a booking made now may start."""
        return now + timedelta(days=self.horizon_days)


def problems_with_terms(terms: Terms) -> list[Problem]:
    """All that is wrong with terms somebody sets."""
    if terms.step_minutes < 1 or DAY_MINUTES % terms.step_minutes:
        return [broken("step", "step_minutes")]
    problems = []
    if terms.longest_minutes < terms.shortest_minutes:
        problems.append(broken("lengths", "longest_minutes"))
    if terms.shortest_minutes % terms.step_minutes:
        problems.append(broken("shortest-step", "shortest_minutes", step=terms.step_minutes))
    return problems


def problems_with_period(
    starts_at: datetime, ends_at: datetime, *, terms: Terms, opening: Opening, now: datetime
) -> list[Problem]:
    """Every rule the period breaks but occupancy itself, each with its reason and remedy. Instants are aware.

    Opening hours are asked only for at most thirty days in the bookable future: beyond, nothing is open yet.
    """
    if not (MIN_YEAR <= starts_at.year <= MAX_YEAR and MIN_YEAR <= ends_at.year <= MAX_YEAR):
        return [broken("date-range", "starts_at", days=terms.horizon_days)]
    lengths = _length_problems(starts_at, ends_at, terms)
    moments = _moment_problems(starts_at, terms, opening, now)
    problems = lengths + _step_problems(starts_at, ends_at, terms, opening) + moments
    is_endless = ends_at - starts_at > LONGEST
    if not is_endless and {problem.code for problem in problems}.isdisjoint({"zero-length", "past", "horizon"}):
        problems += _opening_problems(Period(starts_at, ends_at), terms, opening, now)
    return problems


def aligned(moment: datetime, terms: Terms, opening: Opening) -> datetime:
    """The moment itself if it stands on a step of the local day, else the next step."""
    local = opening.local(moment)
    over = (local.hour * 60 + local.minute) % terms.step_minutes
    rest = timedelta(minutes=over, seconds=local.second, microseconds=local.microsecond)
    return moment - rest + timedelta(minutes=terms.step_minutes) if rest else moment


def fits(period: Period, terms: Terms, opening: Opening) -> bool:
    """Whether opening hours and closures leave room for the period."""
    if not terms.unattended:
        return any(part.contains(period) for part in opening.periods(period))
    if opening.closings_in(period):
        return False
    ends = Period(period.starts_at, period.starts_at + _HAIR), Period(period.ends_at - _HAIR, period.ends_at)
    return all(opening.periods(end) for end in ends)


def possible_starts(terms: Terms, opening: Opening, *, length: timedelta, window: Period) -> Iterator[datetime]:
    """Starts on steps, in order, at which opening hours leave room for ``length`` before the window ends."""
    step = timedelta(minutes=terms.step_minutes)
    for part in opening.periods(window):
        last = window.ends_at if terms.unattended else part.ends_at
        start = aligned(part.starts_at, terms, opening)
        while start < part.ends_at and start + length <= last:
            if not terms.unattended or fits(Period(start, start + length), terms, opening):
                yield start
            start += step


def _length_problems(starts_at: datetime, ends_at: datetime, terms: Terms) -> list[Problem]:
    minutes = (ends_at - starts_at) / timedelta(minutes=1)
    if minutes <= 0:
        return [broken("zero-length", "ends_at")]
    if minutes < terms.shortest_minutes:
        return [measured("too-short", "ends_at", terms.shortest_minutes)]
    if minutes > terms.longest_minutes:
        return [measured("too-long", "ends_at", terms.longest_minutes)]
    return []


def _step_problems(starts_at: datetime, ends_at: datetime, terms: Terms, opening: Opening) -> list[Problem]:
    steps = {field: (moment, aligned(moment, terms, opening))
             for field, moment in (("starts_at", starts_at), ("ends_at", ends_at))}  # fmt: skip
    return [
        broken("not-aligned", field, step=terms.step_minutes, suggestion=_shown(step, opening))
        for field, (moment, step) in steps.items()
        if step != moment
    ]


def _moment_problems(starts_at: datetime, terms: Terms, opening: Opening, now: datetime) -> list[Problem]:
    earliest, latest = terms.earliest(now), terms.latest(now)
    shown = _shown(aligned(earliest, terms, opening), opening)
    if starts_at < now:
        return [broken("past", "starts_at", earliest=shown)]
    if starts_at < earliest:
        return [measured("lead-time", "starts_at", terms.lead_minutes, earliest=shown)]
    if starts_at > latest:
        return [broken("horizon", "starts_at", days=terms.horizon_days, latest=_shown(latest, opening))]
    return []


def _opening_problems(period: Period, terms: Terms, opening: Opening, now: datetime) -> list[Problem]:
    unknown = opening.unknown_years(period)
    if unknown:
        return [broken("calendar-unknown", "starts_at", year=unknown[0])]
    if fits(period, terms, opening):
        return []
    upcoming = _next_start(period, terms, opening, now)
    closings = opening.closings_in(period)
    if closings:
        return [
            broken(
                "closure", "starts_at", until=_shown(item.period.ends_at, opening), reason=item.reason, next=upcoming
            )
            for item in closings
        ]
    return [_hours_problem(period, terms, opening, upcoming)]


def _hours_problem(period: Period, terms: Terms, opening: Opening, upcoming: str | None) -> Problem:
    """Names the day at whose end of the period the hours do not fit."""
    days = list(opening.dates(period))
    day = next((day for day in (days[0], days[-1]) if not opening.hours_on(day)), days[0])
    hours = opening.hours_on(day)
    if not hours:
        return broken("closed-day", "starts_at", day=day.isoformat(), next=upcoming)
    key = "closed-hours.unattended" if terms.unattended else "closed-hours"
    shown = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}".replace("–00:00", "–24:00") for opens, closes in hours)
    return broken(key, "starts_at", day=day.isoformat(), hours=shown, next=upcoming)


def _next_start(period: Period, terms: Terms, opening: Opening, now: datetime) -> str | None:
    start = max(period.starts_at, terms.earliest(now))
    if start >= opening.window.ends_at:
        return None
    window = Period(start, opening.window.ends_at)
    found = next(possible_starts(terms, opening, length=period.length, window=window), None)
    return _shown(found, opening) if found else None


def _shown(moment: datetime, opening: Opening) -> str:
    return f"{opening.local(moment):%Y-%m-%d %H:%M}"
