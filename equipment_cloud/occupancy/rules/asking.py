"""The one engine of booking rules: what stands against a period, all of it at once, and when it would be possible.

Creating, moving, approving, offering from the waiting list and the API all ask here. Whether a position is free is
decided under the lock of its calendar, with the same answer's shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from equipment_cloud.kernel.errors import Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules.free import Taken
from equipment_cloud.occupancy.rules.quotas import QuotaRule, Used, overdrawn
from equipment_cloud.occupancy.rules.setting import Setting
from equipment_cloud.occupancy.rules.terms import LONGEST, possible_starts, problems_with_period
from equipment_cloud.occupancy.rules.words import broken, measured, offering

OTHER_TIME_HELPS = frozenset(
    {"past", "lead-time", "horizon", "closure", "closed-day", "closed-hours", "kept-for-outside", "peak-length",
     "quota", "not-aligned", "period-taken", "calendar-unknown"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asker:
    """What the rules need to know of who asks; ``used`` is as much of their other bookings as quotas reach.

    ``points_limit`` is how many breach points are too many, 0 for a provider that does not count them.
    """

    is_inside: bool = False
    is_qualified: bool = True
    quotas: Sequence[QuotaRule] = ()
    used: Sequence[Used] = ()
    points: int = 0
    points_limit: int = 0
    points_end_at: datetime | None = None


def problems_with_request(
    starts_at: datetime,
    ends_at: datetime,
    *,
    setting: Setting,
    asker: Asker,
    asked_at: datetime | None = None,
    now: datetime,
) -> list[Problem]:
    """Every rule the period breaks, but whether a position is free.

    ``asked_at`` is when a request was made that is judged again now: lead time and horizon count from there.
    """
    since = min(asked_at or now, now)
    problems = problems_with_period(starts_at, ends_at, terms=setting.terms, opening=setting.opening, now=since)
    if starts_at < now and not any(problem.code in {"past", "date-range"} for problem in problems):
        problems.append(broken("past", "starts_at", earliest=_shown(setting, setting.terms.earliest(now))))
    if not {"zero-length", "date-range"} & {problem.code for problem in problems}:
        period = Period(starts_at, ends_at)
        if period.length <= LONGEST:
            problems += _problems_with_asker(period, setting, asker, now)
    problems += _problems_with_standing(setting, asker)
    return problems


def with_next_times(
    problems: Sequence[Problem],
    wanted: Period,
    *,
    setting: Setting,
    asker: Asker,
    taken: Taken | None = None,
    now: datetime,
) -> list[Problem]:
    """The problems, with the next start at which none of those that hang on the time would stand.

    ``taken`` is what other people hold as far as the opening's window reaches; without it only the rules are asked.
    """
    if not any(problem.code in OTHER_TIME_HELPS for problem in problems):
        return list(problems)
    start = next_start(wanted, setting=setting, asker=asker, taken=taken, now=now)
    return [_with_next(problem, start, setting) for problem in problems]


def next_start(
    wanted: Period, *, setting: Setting, asker: Asker, taken: Taken | None = None, now: datetime
) -> datetime | None:
    """The first start from the wanted one on at which this person could book the length, as far as is known."""
    terms, opening = setting.terms, setting.opening
    start = max(wanted.starts_at, terms.earliest(now), opening.window.starts_at)
    end = min(opening.window.ends_at, terms.latest(now) + wanted.length)
    minutes = min(max(wanted.minutes, terms.shortest_minutes), terms.longest_minutes)
    length = timedelta(minutes=minutes - minutes % terms.step_minutes or terms.step_minutes)
    if start >= end:
        return None
    for begin in possible_starts(terms, opening, length=length, window=Period(start, end)):
        period = Period(begin, begin + length)
        if taken is not None and not taken.free_positions(terms.padded(period)):
            continue
        if not _problems_with_asker(period, setting, asker, now):
            return begin
    return None


def suits(period: Period, *, setting: Setting, asker: Asker, now: datetime) -> bool:
    """Whether the rules that hang on who asks let the period pass."""
    return not _problems_with_asker(period, setting, asker, now)


def unwaived(problems: Sequence[Problem], period: Period) -> tuple[list[Problem], list[str]]:
    """What still stands once staff let pass what may be let pass, and the codes of what they did."""
    waivable = [problem for problem in problems if problem.waivable and period.length <= LONGEST]
    left = [problem for problem in problems if problem not in waivable]
    return left, sorted({problem.code for problem in waivable})


def _problems_with_asker(period: Period, setting: Setting, asker: Asker, now: datetime) -> list[Problem]:
    return [
        *_kept_problems(period, setting, asker, now),
        *_peak_problems(period, setting),
        *_quota_problems(period, setting, asker),
    ]


def _kept_problems(period: Period, setting: Setting, asker: Asker, now: datetime) -> list[Problem]:
    """Insiders wait until what is kept for outside customers is released."""
    if not asker.is_inside:
        return []
    kept = [part for part in setting.kept_in(period) if part.starts_at - setting.released_for > now]
    if not kept:
        return []
    hours = setting.released_for // timedelta(hours=1)
    opens = kept[-1].starts_at - setting.released_for
    return [broken("kept-for-outside", "starts_at", hours=hours, since=_shown(setting, opens))]


def _peak_problems(period: Period, setting: Setting) -> list[Problem]:
    if not setting.peak_longest:
        return []
    minutes = sum(part.minutes for part in setting.peak_in(period))
    most = setting.peak_longest // timedelta(minutes=1)
    return [measured("peak-length", "ends_at", most)] if minutes > most else []


def _quota_problems(period: Period, setting: Setting, asker: Asker) -> list[Problem]:
    zone = setting.opening.zone
    over = overdrawn(asker.quotas, asker.used, period, zone=zone, peak=setting.peak_in)
    return [
        broken(
            f"quota.{item.rule.of}-{item.rule.per}{'-peak' if item.rule.only_peak else ''}",
            "starts_at",
            most=_hours(item.rule.most_minutes),
            left=_hours(item.left_minutes),
            until=_shown(setting, item.next_at),
        )
        for item in over
    ]


def _problems_with_standing(setting: Setting, asker: Asker) -> list[Problem]:
    problems = []
    if setting.needs_training and not asker.is_qualified:
        problems.append(broken("not-trained", "starts_at"))
    if asker.points_limit and asker.points >= asker.points_limit:
        until = _shown(setting, asker.points_end_at) if asker.points_end_at else "—"
        found = broken("breach-points", "starts_at", points=asker.points, until=until)
        problems.append(replace(found, next_at=asker.points_end_at))
    return problems


def _with_next(problem: Problem, start: datetime | None, setting: Setting) -> Problem:
    if problem.code not in OTHER_TIME_HELPS:
        return problem
    if "next" not in problem.values:
        return replace(problem, next_at=start)
    return offering(replace(problem, next_at=start), _shown(setting, start) if start else None)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"


def _shown(setting: Setting, moment: datetime) -> str:
    return f"{setting.opening.local(moment):%Y-%m-%d %H:%M}"
