"""Writes: the working days of a new year, and corrections of single days."""

from __future__ import annotations

from datetime import date, datetime

from flask import g

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, raise_if
from equipment_cloud.reference import queries, rules
from equipment_cloud.reference.models import CalendarDay

SOURCE = "staff"


def enter_year(year: int, off: str, made_up: str, *, by: Actor, now: datetime) -> int:
    """Enter every day of the next year from the lists of days off and make-up days; how many people work on.

    Raises :class:`Invalid` with everything that is wrong with the lists.
    """
    last = queries.last_known_day()
    days_off, problems = rules.read_days(off, year, field="off")
    days_made_up, more = rules.read_days(made_up, year, field="made_up")
    problems += more
    problems += rules.problems_with_year(year, days_off, days_made_up, next_year=last.year + 1 if last else now.year)
    raise_if(problems)
    plan = rules.plan_year(year, days_off, days_made_up)
    session().add_all(
        CalendarDay(on=on, is_workday=works, source=SOURCE, note=note) for on, (works, note) in plan.items()
    )
    session().flush()
    g.pop("work_calendar", None)
    working = sum(works for works, _note in plan.values())
    audit.note("reference.enter-year", f"calendar:{year}", by=by, now=now, detail={"working_days": working})
    return working


def correct_day(on: date, note: str, *, is_workday: bool, by: Actor, now: datetime) -> CalendarDay:
    """Change one entered day, with the reason. Raises :class:`Invalid` for a day of a year not yet entered."""
    row = session().get(CalendarDay, on)
    if row is None:
        raise Invalid.single(
            "unknown-day",
            N_("This day belongs to no entered year."),
            field="on",
            remedy=N_("Enter the whole year first."),
        )
    row.is_workday, row.note, row.source = is_workday, note, SOURCE
    session().flush()
    g.pop("work_calendar", None)
    audit.note(
        "reference.correct-day", f"calendar:{on.year}", by=by, now=now,
        detail={"on": on.isoformat(), "is_workday": is_workday, "note": note},
    )  # fmt: skip
    return row
