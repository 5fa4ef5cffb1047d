"""Pure rules of usage: states, evidence grades, times that can be true."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Conflict, Problem


class UsageState(StrEnum):
    RUNNING = "running"
    TO_CONFIRM = "to_confirm"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    VOID = "void"


class Grade(StrEnum):
    """Evidence grade (证据等级): A sensor, B scan on site, C both sides confirmed, D typed later."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Side(StrEnum):
    """Who confirms hours."""

    USER = "user"
    PROVIDER = "provider"


EARLY = timedelta(minutes=30)
"""How long before its booked start a session may begin."""
LONGEST = timedelta(days=31)
"""No session is longer: a slip of the year, not a run."""
MAX_SAMPLES = 100_000

MOVES: dict[UsageState, set[UsageState]] = {
    UsageState.RUNNING: {UsageState.TO_CONFIRM, UsageState.VOID},
    UsageState.TO_CONFIRM: {UsageState.CONFIRMED, UsageState.TO_CONFIRM, UsageState.VOID},
    UsageState.CONFIRMED: set(),
    UsageState.CORRECTED: set(),
    UsageState.VOID: set(),
}
"""A correction keeps the record open (``to_confirm``) and asks both sides anew; confirmed hours are money and stay."""

SITE_SOURCES = frozenset({"scan"})


class AlreadyRunning(Conflict):
    """One running session per position, by a unique key (409)."""

    code = "already-running"
    message = N_("A session is already running on this position.")
    remedy = N_("Stop the running session first, or use another position.")


class NotStartable(Conflict):
    """The booking cannot be started now (409)."""

    code = "not-startable"
    message = N_("This booking cannot be started now.")
    remedy = N_("It can be started from 30 minutes before its time until its end.")


def grade_of(source: str, *, both_confirmed: bool) -> Grade:
    """Evidence grade: A sensor, B scan on site, C both sides confirmed, D typed later (features 3, row 7)."""
    if source == "sensor":
        return Grade.A
    if source in SITE_SOURCES:
        return Grade.B
    return Grade.C if both_confirmed else Grade.D


def number_of(usage_id: int, year: int) -> str:
    """``U2026-000012``; the year is the local one of the beginning."""
    return f"U{year}-{usage_id:06d}"


def may_begin(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Within thirty minutes before the booked start and the booked end."""
    return starts_at - EARLY <= now < ends_at


def problems_with_times(started_at: datetime, ended_at: datetime, *, now: datetime) -> list[Problem]:
    """All that is wrong with the times of a session that is over."""
    problems: list[Problem] = []
    if ended_at <= started_at:
        problems.append(
            Problem(
                "not-in-order", N_("The end must lie after the start."), "ended_at", remedy=N_("Check the two times.")
            )
        )
    if ended_at > now:
        problems.append(
            Problem(
                "in-the-future",
                N_("The end lies in the future."),
                "ended_at",
                remedy=N_("Enter the time when the work was finished."),
            )
        )
    if ended_at - started_at > LONGEST:
        problems.append(
            Problem(
                "too-long",
                N_("A session of more than 31 days is not believable."),
                "started_at",
                remedy=N_("Check the year and the month."),
            )
        )
    return problems


def problems_with_samples(samples: int | None) -> list[Problem]:
    """A count of samples from 0 to 100,000."""
    if samples is not None and not 0 <= samples <= MAX_SAMPLES:
        return [Problem("out-of-bounds", N_("The number of samples must lie between 0 and 100,000."), "samples")]
    return []
