"""How a year's working days are entered from the State Council's notice (国务院办公厅放假安排)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from equipment_cloud.kernel.errors import N_, Problem

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:~|～|–|—|至|to)\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)", re.ASCII)
HOLIDAYS = (
    N_("New Year's Day"),
    N_("Spring Festival"),
    N_("Tomb-sweeping Day"),
    N_("Labour Day"),
    N_("Dragon Boat Festival"),
    N_("National Day"),
    N_("Mid-autumn Festival"),
    N_("Anti-Fascist 70th Day"),
)
"""How the published calendar names the holidays; marked here so that pages can word them."""
MOST_LINES = 60
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which people do not do what the plain week says."""

    on: date
    note: str | None


def read_days(text: str, year: int, *, field: str) -> tuple[list[SpecialDay], list[Problem]]:
    """Read lines like ``2027-10-01 ~ 2027-10-07 国庆节``; a second date makes a stretch, the rest is a note.

    Returns the days and everything that is wrong, with its line.
    """
    days: list[SpecialDay] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines()[: MOST_LINES + 1], 1):
        if not line.strip():
            continue
        found = _read_line(line.strip(), year)
        if found is None or number > MOST_LINES:
            problems.append(
                Problem(
                    "not-a-day",
                    N_("Line %(line)s is no day or stretch of days of %(year)s."),
                    field,
                    {"line": number, "year": year},
                    N_("Write 2027-10-01 ~ 2027-10-07 and then the name of the holiday, one stretch a line."),
                )
            )
        else:
            days += found
    return days, problems


def plan_year(
    year: int, off: Iterable[SpecialDay], made_up: Iterable[SpecialDay]
) -> dict[date, tuple[bool, str | None]]:
    """Every day of the year: whether people work, and why if the plain week says otherwise."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    plan: dict[date, tuple[bool, str | None]] = {day: (day.weekday() < 5, None) for day in days}
    plan |= {day.on: (False, day.note) for day in off}
    plan |= {day.on: (True, day.note) for day in made_up}
    return plan


def problems_with_year(year: int, off: list[SpecialDay], made_up: list[SpecialDay], *, next_year: int) -> list[Problem]:
    """What speaks against entering a year: gaps, contradictions, or nothing entered at all."""
    problems: list[Problem] = []
    if year != next_year:
        problems.append(
            Problem(
                "not-next",
                N_("The next year to enter is %(next)s: years follow each other without gaps."),
                "year",
                {"next": next_year},
            )
        )
    if not off:
        problems.append(Problem("no-holidays", N_("A year without holidays cannot be right."), "off"))
    if {day.on for day in off} & {day.on for day in made_up}:
        problems.append(Problem("both", N_("A day stands in both lists."), "made_up"))
    if any(day.on.weekday() < 5 for day in made_up):
        problems.append(Problem("not-a-weekend", N_("Make-up days are Saturdays or Sundays."), "made_up"))
    return problems


def _read_line(line: str, year: int) -> list[SpecialDay] | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
    except ValueError:
        return None
    if not (first.year == last.year == year and first <= last and (last - first).days < MOST_DAYS):
        return None
    note = match[3].strip()[:255] or None
    return [SpecialDay(first + timedelta(days=offset), note) for offset in range((last - first).days + 1)]
