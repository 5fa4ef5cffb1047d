"""Opening hours as people type them: ``08:30-11:30, 13:30-17:30``; blank is closed, ``00:00-24:00`` all day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import pairwise

from equipment_cloud.kernel.errors import N_, Invalid, Problem
from equipment_cloud.kernel.identifiers import halfwidth
from equipment_cloud.occupancy.rules.opening import Hours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RANGE = re.compile(r"(\d{1,2}):(\d{2})[-–—~](\d{1,2}):(\d{2})")
_HOW = N_("Write each stretch of the day once, such as 08:30-11:30, 13:30-17:30; leave it empty for a closed day.")


def read_hours(text: str, *, field: str | None = None) -> list[Hours]:
    """Ranges of one day, ordered and disjoint. Raises :class:`Invalid` naming the field."""
    tight = re.sub(r"\s*([-–—~])\s*", r"\1", halfwidth(text))
    ranges = sorted(_range(part, field) for part in re.split(r"[,;、\s]+", tight) if part)
    if any(before[1] > after[0] for before, after in pairwise(ranges)):
        raise Invalid.single("hours-overlap", N_("Two of these hours overlap."), field=field, remedy=_HOW)
    return [(_clock(start), _clock(end)) for start, end in ranges]


def read_week(texts: Mapping[str, str | None]) -> dict[int, list[Hours]]:
    """Hours by weekday from texts by its name. Raises :class:`Invalid` with every day that makes no sense."""
    problems: list[Problem] = []
    hours: dict[int, list[Hours]] = {}
    for weekday, name in enumerate(WEEKDAYS):
        try:
            hours[weekday] = read_hours(texts.get(name) or "", field=name)
        except Invalid as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise Invalid(problems=problems)
    return {weekday: ranges for weekday, ranges in hours.items() if ranges}


def week_texts(hours: Mapping[int, Sequence[Hours]]) -> dict[str, str]:
    """The reverse of :func:`read_week`: a text for each day, empty where it is closed."""
    return {name: hours_text(hours.get(weekday, [])) for weekday, name in enumerate(WEEKDAYS)}


def hours_text(ranges: Sequence[Hours]) -> str:
    """The reverse of :func:`read_hours`."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}".replace("-00:00", "-24:00") for opens, closes in ranges)


def _range(part: str, field: str | None) -> tuple[int, int]:
    found = _RANGE.fullmatch(part)
    if found:
        start, end = (int(found[index]) * 60 + int(found[index + 1]) for index in (1, 3))
        tidy = int(found[2]) < 60 and int(found[4]) < 60
        if tidy and 0 <= start < end <= 24 * 60:
            return start, end
    message = N_("These are not opening hours: %(text)s")
    raise Invalid.single("hours-form", message, field=field, remedy=_HOW, text=part[:20])


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
