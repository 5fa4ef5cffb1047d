"""Working days (工作日) with make-up Saturdays (调休); a year nobody seeded is never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from equipment_cloud.kernel.errors import N_, Conflict


class CalendarUnknown(Conflict):
    """The count runs into a year whose working days are not published or not yet entered."""

    code = "calendar-unknown"
    message = N_("The working days of %(year)s are not entered yet, so the date cannot be counted.")
    remedy = N_("Ask the bureau's administrator to enter the calendar of that year, then run this again.")


@dataclass(frozen=True)
class WorkCalendar:
    """``days`` maps every day of each known year to whether people work on it."""

    days: Mapping[date, bool]

    def is_workday(self, day: date) -> bool:
        """Raises :class:`CalendarUnknown` for a day outside the entered years."""
        try:
            return self.days[day]
        except KeyError:
            raise CalendarUnknown(year=day.year) from None

    def after(self, start: date, working_days: int) -> date:
        """The ``working_days``-th working day after ``start``; counting begins the day after (domain rule 3.6)."""
        day, left = start, working_days
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_workday(day)
        return day

    def count(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before ``start``."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_workday(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))
