"""The engine of booking rules: all that is wrong at once, who can help, and when it would be possible."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from equipment_cloud.kernel.errors import Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules import (
    ApprovalMode,
    Asker,
    DayKind,
    Opening,
    QuotaOf,
    QuotaPer,
    QuotaRule,
    Setting,
    Taken,
    Terms,
    Used,
    alternatives,
    first_start,
    free_time,
    problems_with_request,
    suits,
    unwaived,
    with_next_times,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Yuyao
WINDOW = Period(NOW - timedelta(days=1), NOW + timedelta(days=60))
OFFICE = {weekday: ((time(8, 30), time(17, 0)),) for weekday in range(5)}
TERMS = Terms(step_minutes=30, shortest_minutes=60, longest_minutes=480, lead_minutes=120, horizon_days=60)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def span(day: int, start: int, end: int, *, month: int = 11) -> Period:
    return Period(at(day, start, month=month), at(day, end, month=month))


def setting(terms: Terms = TERMS, opening: dict[str, Any] | None = None, **changes: Any) -> Setting:
    hours = Opening(**{"hours": OFFICE, "zone": ZONE, "window": WINDOW, **(opening or {})})
    values = {"approval": ApprovalMode.INSTANT, "pending_for": 48 * HOUR, "cancel_for": 24 * HOUR, **changes}
    return Setting(terms=terms, opening=hours, **values)


def judged(period: Period, rules: Setting, asker: Asker | None = None, **more: Any) -> list[Problem]:
    return problems_with_request(
        period.starts_at, period.ends_at, setting=rules, asker=asker or Asker(), **{"now": NOW, **more}
    )


def codes(period: Period, rules: Setting, asker: Asker | None = None, **more: Any) -> list[str]:
    return [problem.code for problem in judged(period, rules, asker, **more)]


def test_all_broken_rules_are_told_at_once_with_who_can_help_and_when_it_would_be_possible() -> None:
    rules = setting(peak={2: ((time(8), time(12)),)}, peak_longest=HOUR, needs_training=True)
    asker = Asker(is_qualified=False, quotas=[QuotaRule(QuotaOf.PERSON, QuotaPer.DAY, 60)])
    wanted = Period(at(25, 8, 10), at(25, 17, 10))
    found = with_next_times(judged(wanted, rules, asker), wanted, setting=rules, asker=Asker(), now=NOW)
    assert [problem.code for problem in found] == [
        "too-long", "not-aligned", "not-aligned", "closed-hours", "peak-length", "quota", "not-trained",
    ]  # fmt: skip
    assert all(problem.who for problem in found)
    by_code = {problem.code: problem for problem in found}
    assert by_code["closed-hours"].next_at == at(26, 8, 30), "Wednesday's morning has too many peak hours for it"
    assert by_code["not-trained"].next_at is None, "no other time helps who is not trained"


def test_a_next_time_is_one_that_is_free_and_allowed() -> None:
    rules = setting()
    taken = Taken([1], [(1, span(26, 8, 12)), (1, span(26, 13, 17))])
    wanted = span(25, 18, 20)
    (problem,) = with_next_times(judged(wanted, rules), wanted, setting=rules, asker=Asker(), taken=taken, now=NOW)
    assert problem.next_at == at(27, 8, 30)
    assert problem.values["next"] == "2026-11-27 08:30"


def test_kept_hours_are_for_outsiders_until_they_are_released() -> None:
    rules = setting(kept={3: ((time(8, 30), time(12)),)}, released_for=48 * HOUR)
    thursday, inside = span(26, 9, 11), Asker(is_inside=True)
    assert codes(thursday, rules) == []
    assert codes(thursday, rules, inside) == ["kept-for-outside"]
    assert codes(span(26, 13, 15), rules, inside) == []
    assert codes(thursday, rules, inside, now=at(24, 8)) == ["kept-for-outside"]
    assert codes(thursday, rules, inside, now=at(24, 8, 30)) == [], "48 hours before they begin, not before the booking"


def test_a_booking_has_so_much_of_the_peak_hours_and_no_more() -> None:
    rules = setting(peak={day: ((time(9), time(12)),) for day in range(5)}, peak_longest=2 * HOUR)
    assert codes(span(25, 10, 16), rules) == []
    assert codes(span(25, 9, 12), rules) == ["peak-length"]


@pytest.mark.parametrize(
    ("of", "per", "most", "expected"),
    [
        (QuotaOf.PERSON, QuotaPer.DAY, 240, []),
        (QuotaOf.PERSON, QuotaPer.DAY, 239, ["quota"]),
        (QuotaOf.ORGANISATION, QuotaPer.DAY, 360, []),
        (QuotaOf.ORGANISATION, QuotaPer.DAY, 359, ["quota"]),
        (QuotaOf.PERSON, QuotaPer.WEEK, 480, []),
        (QuotaOf.PERSON, QuotaPer.WEEK, 479, ["quota"]),
        (QuotaOf.PERSON, QuotaPer.MONTH, 600, []),
        (QuotaOf.PERSON, QuotaPer.MONTH, 599, ["quota"]),
        (QuotaOf.PERSON, QuotaPer.YEAR, 719, ["quota"]),
    ],
)
def test_quotas_count_what_lies_in_their_stretch(of: QuotaOf, per: QuotaPer, most: int, expected: list[str]) -> None:
    used = [
        Used(span(25, 13, 15), is_own=True),
        Used(span(25, 15, 17), is_own=False),
        Used(span(27, 9, 13), is_own=True),
        Used(span(10, 9, 11), is_own=True),
        Used(span(10, 9, 11, month=10), is_own=True),
    ]
    assert codes(span(25, 9, 11), setting(), Asker(quotas=[QuotaRule(of, per, most)], used=used)) == expected


def test_a_quota_may_count_peak_hours_alone() -> None:
    rules = setting(peak={2: ((time(9), time(12)),)})
    asker = Asker(quotas=[QuotaRule(QuotaOf.PERSON, QuotaPer.DAY, 60, only_peak=True)])
    assert codes(span(25, 11, 16), rules, asker) == []
    assert codes(span(25, 10, 12), rules, asker) == ["quota"]


def test_a_run_over_new_year_counts_in_each_year_with_what_lies_in_it() -> None:
    night = Terms(30, 60, 1440, 0, 60)
    rules = setting(night, {"hours": {day: ((time(0), time(0)),) for day in range(7)}})
    run = Period(at(31, 20, month=12), at(1, 6, month=1, year=2027))
    within = Asker(quotas=[QuotaRule(QuotaOf.PERSON, QuotaPer.YEAR, 360)])
    over = Asker(quotas=[QuotaRule(QuotaOf.PERSON, QuotaPer.YEAR, 359)])
    assert codes(run, rules, within) == [], "four hours in the old year, six in the new one"
    assert codes(run, rules, over) == ["quota"]


def test_time_over_midnight_lies_in_the_hours_of_both_days() -> None:
    late = {day: ((time(18), time(0)),) for day in range(5)} | {2: ((time(0), time(2)), (time(18), time(0)))}
    rules = setting(opening={"hours": late})
    assert codes(Period(at(24, 22), at(25, 2)), rules) == []
    assert codes(Period(at(25, 22), at(26, 2)), rules) == ["closed-hours"]


def test_a_single_day_stands_against_week_holiday_and_an_unknown_year() -> None:
    days = {date(2026, 11, 20) + timedelta(days=offset): DayKind.WORKDAY for offset in range(42)}
    days[date(2026, 11, 28)] = DayKind.REST
    special = {
        date(2026, 11, 28): [(time(9), time(12))],
        date(2026, 11, 26): [],
        date(2027, 1, 4): [(time(9), time(12))],
    }
    rules = setting(opening={"days": days, "special": special})
    assert codes(span(28, 9, 12), rules) == []
    assert codes(span(28, 9, 13), rules) == ["closed-hours"]
    assert codes(span(26, 9, 12), rules) == ["closed-day"]
    assert codes(Period(at(4, 9, month=1, year=2027), at(4, 12, month=1, year=2027)), rules) == []
    (unknown,) = judged(Period(at(5, 9, month=1, year=2027), at(5, 12, month=1, year=2027)), rules)
    assert (unknown.code, unknown.values["year"]) == ("calendar-unknown", 2027)
    assert unknown.who is not None
    assert "bureau" in unknown.who


def test_a_make_up_saturday_has_a_fridays_hours_and_its_peak() -> None:
    days = {date(2026, 9, 14) + timedelta(days=offset): DayKind.WORKDAY for offset in range(14)}
    window = Period(at(14, 0, month=9), at(28, 0, month=9))
    rules = setting(opening={"days": days, "window": window}, peak={4: ((time(9), time(12)),)}, peak_longest=HOUR)
    sunday = span(20, 9, 12, month=9)
    assert codes(sunday, rules, now=at(15, 9, month=9)) == ["peak-length"]


def test_hours_change_on_their_day() -> None:
    summer = {day: ((time(7), time(12)),) for day in range(5)}
    rules = setting(opening={"changes": [(date(2026, 11, 26), summer)]})
    assert codes(span(25, 13, 16), rules) == []
    assert codes(span(26, 13, 16), rules) == ["closed-hours"]
    assert codes(span(26, 7, 9), rules) == []


def test_buffers_keep_neighbours_apart_and_are_no_part_of_the_opening_hours() -> None:
    terms = Terms(30, 60, 480, 0, 60, before_minutes=30, after_minutes=60)
    rules, taken = setting(terms), Taken([1], [(1, Period(at(25, 11, 30), at(25, 14)))])  # 12 to 13 with its buffers
    assert codes(span(25, 9, 10), rules) == []
    day = Period(at(25, 0), at(26, 0))
    assert free_time(terms, rules.opening, taken, window=day, now=NOW) == [
        Period(at(25, 8, 30), at(25, 10, 30)),
        Period(at(25, 14, 30), at(25, 17)),
    ]
    busy = Taken([1], [(1, Period(at(25, 8), at(25, 14)))])
    assert first_start(terms, rules.opening, busy, window=day, now=NOW) == at(25, 14, 30)
    near = alternatives(terms, rules.opening, taken, wanted=span(25, 11, 13), window=day, now=NOW)
    assert all(taken.free_positions(terms.padded(period)) for period in near)
    assert near


def test_a_request_judged_again_counts_lead_and_horizon_from_when_it_was_made() -> None:
    wanted = span(23, 12, 14)
    assert codes(wanted, setting(), now=at(23, 11)) == ["lead-time"]
    assert codes(wanted, setting(), asked_at=at(20, 11), now=at(23, 11)) == []
    assert codes(wanted, setting(), asked_at=at(20, 11), now=at(23, 12, 30)) == ["past"]


def test_staff_let_pass_what_may_be_let_pass_and_nothing_else() -> None:
    rules = setting()
    wanted = Period(at(25, 16), at(25, 20))
    problems = [*judged(wanted, rules), Problem("samples-only", "no", None)]
    left, waived = unwaived(problems, wanted)
    assert ([problem.code for problem in left], waived) == (["samples-only"], ["closed-hours"])
    endless = Period(at(25, 9), at(25, 9) + timedelta(days=31))
    left, waived = unwaived(judged(endless, rules), endless)
    assert "too-long" in [problem.code for problem in left], "no booking is longer than thirty days"


def test_breach_points_stop_who_has_too_many_until_they_are_forgotten() -> None:
    asker = Asker(points=6, points_limit=6, points_end_at=at(30, 9))
    (problem,) = judged(span(25, 9, 11), setting(), asker)
    assert (problem.code, problem.next_at) == ("breach-points", at(30, 9))
    assert codes(span(25, 9, 11), setting(), Asker(points=6, points_limit=0)) == []


def test_what_suits_has_no_problem_that_hangs_on_who_asks() -> None:
    rules = setting(kept={3: ((time(8, 30), time(12)),)})
    assert suits(span(26, 9, 11), setting=rules, asker=Asker(), now=NOW)
    assert not suits(span(26, 9, 11), setting=rules, asker=Asker(is_inside=True), now=NOW)
