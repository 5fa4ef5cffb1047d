"""What each rule says when it is broken, and what to do: message ids by code, filled with the problem's values."""

from __future__ import annotations

from dataclasses import replace

from equipment_cloud.kernel.errors import N_, Problem

_EARLIEST = N_("The earliest start is %(earliest)s.")
_NEXT = N_("The next possible start is %(next)s.")
_LOOK = N_("Choose another time from the calendar.")

STAFF = N_("The institution's staff can allow it, with a reason.")
ONLY_YOU = N_("You can, by choosing another time.")
BUREAU = N_("The bureau can, by entering that year's calendar; until then the institution's staff.")
_ASK = N_("Choose another time, or ask the institution to allow it.")
_QUOTA = N_("%(left)s h are left; the next count begins on %(until)s.")

WORDS = {
    "date-range": (
        N_("This date is too far away to be true."),
        N_("Choose a date within the next %(days)s days."),
    ),
    "zero-length": (N_("The end must lie after the start."), N_("Choose a later end.")),
    "too-short": (N_("The shortest booking of this instrument is %(amount)s minutes."), N_("Choose a later end.")),
    "too-short.hours": (N_("The shortest booking of this instrument is %(amount)s hours."), N_("Choose a later end.")),
    "too-long": (
        N_("The longest booking of this instrument is %(amount)s minutes."),
        N_("Choose an earlier end, or book in several parts."),
    ),
    "too-long.hours": (
        N_("The longest booking of this instrument is %(amount)s hours."),
        N_("Choose an earlier end, or book in several parts."),
    ),
    "not-aligned": (N_("Bookings start and end on steps of %(step)s minutes."), N_("Choose %(suggestion)s.")),
    "past": (N_("The start lies in the past."), _EARLIEST),
    "lead-time": (N_("This instrument must be booked %(amount)s minutes ahead."), _EARLIEST),
    "lead-time.hours": (N_("This instrument must be booked %(amount)s hours ahead."), _EARLIEST),
    "horizon": (
        N_("Bookings of this instrument are taken up to %(days)s days ahead."),
        N_("Choose a start before %(latest)s."),
    ),
    "calendar-unknown": (
        N_("The working days of %(year)s are not entered yet, so the opening hours are unknown."),
        N_("Choose an earlier date, or ask the bureau to enter that year's calendar."),
    ),
    "closure": (N_("Closed until %(until)s: %(reason)s"), _LOOK),
    "closed-day": (N_("The instrument is closed on %(day)s."), _LOOK),
    "closed-hours": (N_("The time lies partly outside opening hours (%(day)s: %(hours)s)."), _LOOK),
    "closed-hours.unattended": (N_("A run must start and end in opening hours (%(day)s: %(hours)s)."), _LOOK),
    "kept-for-outside": (
        N_("This time is kept for customers from outside until %(hours)s hours before it begins."),
        N_("It is open to everybody from %(since)s on."),
    ),
    "peak-length": (N_("A booking may have at most %(amount)s minutes of peak hours."), _ASK),
    "peak-length.hours": (N_("A booking may have at most %(amount)s hours of peak hours."), _ASK),
    "quota.person-day": (N_("One person may book at most %(most)s h a day on this instrument."), _QUOTA),
    "quota.person-week": (N_("One person may book at most %(most)s h a week on this instrument."), _QUOTA),
    "quota.person-month": (N_("One person may book at most %(most)s h a month on this instrument."), _QUOTA),
    "quota.person-year": (N_("One person may book at most %(most)s h a year on this instrument."), _QUOTA),
    "quota.organisation-day": (N_("One organisation may book at most %(most)s h a day on this instrument."), _QUOTA),
    "quota.organisation-week": (N_("One organisation may book at most %(most)s h a week on this instrument."), _QUOTA),
    "quota.organisation-month": (
        N_("One organisation may book at most %(most)s h a month on this instrument."),
        _QUOTA,
    ),
    "quota.organisation-year": (N_("One organisation may book at most %(most)s h a year on this instrument."), _QUOTA),
    "quota.person-day-peak": (N_("One person may book at most %(most)s h of peak hours a day."), _QUOTA),
    "quota.person-week-peak": (N_("One person may book at most %(most)s h of peak hours a week."), _QUOTA),
    "quota.person-month-peak": (N_("One person may book at most %(most)s h of peak hours a month."), _QUOTA),
    "quota.person-year-peak": (N_("One person may book at most %(most)s h of peak hours a year."), _QUOTA),
    "quota.organisation-day-peak": (N_("One organisation may book at most %(most)s h of peak hours a day."), _QUOTA),
    "quota.organisation-week-peak": (N_("One organisation may book at most %(most)s h of peak hours a week."), _QUOTA),
    "quota.organisation-month-peak": (
        N_("One organisation may book at most %(most)s h of peak hours a month."),
        _QUOTA,
    ),
    "quota.organisation-year-peak": (N_("One organisation may book at most %(most)s h of peak hours a year."), _QUOTA),
    "not-trained": (
        N_("Only people with a valid qualification book this instrument."),
        N_("Ask for training on the instrument's page, or let the institution operate it for you."),
    ),
    "breach-points": (
        N_("%(points)s breach points with this institution are too many to book by yourself."),
        N_("Points end on %(until)s. See your breaches: each can be appealed against."),
    ),
    "step": (N_("The step must divide a day evenly."), N_("Use 5, 10, 15, 30, 60, 120 ... minutes.")),
    "lengths": (
        N_("The longest booking is shorter than the shortest one."),
        N_("Raise the longest or lower the shortest."),
    ),
    "shortest-step": (
        N_("The shortest booking must be a multiple of the step."),
        N_("Choose a multiple of %(step)s minutes."),
    ),
}


WAIVABLE = frozenset(
    {"too-short", "too-long", "not-aligned", "lead-time", "horizon", "closed-day", "closed-hours", "calendar-unknown",
     "kept-for-outside", "peak-length", "quota", "not-trained", "breach-points"}
)  # fmt: skip
"""Rules the provider's staff may let pass, with a reason that is kept. A closure is taken back instead."""


def broken(key: str, field: str, **values: object) -> Problem:
    """The problem of a broken rule. ``key`` is its code, with the variant of its wording after a dot.

    A ``next`` value, where known, is offered as the remedy.
    """
    message, remedy = WORDS[key]
    code = key.partition(".")[0]
    who = BUREAU if code == "calendar-unknown" else STAFF if code in WAIVABLE else ONLY_YOU
    remedy = _NEXT if values.get("next") else remedy
    return Problem(code, message, field, values, remedy, who=who, waivable=code in WAIVABLE)


def offering(problem: Problem, upcoming: str | None) -> Problem:
    """The problem with another next start as its remedy, or none to offer."""
    return replace(problem, values={**problem.values, "next": upcoming}, remedy=_NEXT if upcoming else _LOOK)


def measured(code: str, field: str, minutes: int, **values: object) -> Problem:
    """A rule about a length: worded in hours where they come out even, else in minutes."""
    if minutes >= 60 and minutes % 60 == 0:
        return broken(f"{code}.hours", field, amount=minutes // 60, **values)
    return broken(code, field, amount=minutes, **values)
