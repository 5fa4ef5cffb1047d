"""Pure rules of time: each broken rule is named, and so is the way out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules import (
    Closing,
    DayKind,
    Opening,
    Taken,
    Terms,
    aligned,
    alternatives,
    day_kind,
    first_start,
    fits,
    free_time,
    hours_text,
    lowest_free,
    possible_starts,
    problems_with_period,
    problems_with_terms,
    read_hours,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Yuyao
TERMS = Terms(step_minutes=30, shortest_minutes=60, longest_minutes=480, lead_minutes=120, horizon_days=60)
OFFICE = {weekday: ((time(8, 30), time(17, 0)),) for weekday in range(5)}
WINDOW = Period(NOW, NOW + timedelta(days=14))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def opening(**changes: object) -> Opening:
    return Opening(**{"hours": OFFICE, "zone": ZONE, "window": WINDOW, **changes})  # type: ignore[arg-type]


def codes(starts_at: datetime, ends_at: datetime, terms: Terms = TERMS, hours: Opening | None = None) -> list[str]:
    problems = problems_with_period(starts_at, ends_at, terms=terms, opening=hours or opening(), now=NOW)
    return [problem.code for problem in problems]


def test_a_period_within_all_rules_has_no_problem() -> None:
    assert codes(at(25, 9), at(25, 12)) == []


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "expected"),
    [
        (at(25, 9), at(25, 9), ["zero-length"]),
        (at(25, 9), at(25, 8), ["zero-length"]),
        (at(25, 9), at(25, 9, 30), ["too-short"]),
        (at(25, 8, 30), at(25, 17), ["too-long"]),
        (at(25, 9, 10), at(25, 12), ["not-aligned"]),
        (at(25, 9), at(25, 12) + timedelta(seconds=1), ["not-aligned"]),
        (at(20, 9), at(20, 12), ["past"]),
        (at(23, 11), at(23, 12), ["lead-time"]),
        (at(1, 9, month=3) + timedelta(days=365), at(1, 12, month=3) + timedelta(days=365), ["horizon"]),
        (at(25, 7), at(25, 9), ["closed-hours"]),
        (at(28, 9), at(28, 12), ["closed-day"]),
        (at(25, 6, 10), at(25, 6, 40), ["too-short", "not-aligned", "not-aligned", "closed-hours"]),
        (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC), ["date-range"]),
        (at(25, 9), datetime(2199, 1, 1, tzinfo=UTC), ["too-long"]),
    ],
)
def test_every_broken_rule_is_named(starts_at: datetime, ends_at: datetime, expected: list[str]) -> None:
    assert codes(starts_at, ends_at) == expected


def test_closed_hours_name_the_next_possible_start() -> None:
    (problem,) = problems_with_period(at(27, 15), at(27, 18), terms=TERMS, opening=opening(), now=NOW)
    assert problem.values == {"day": "2026-11-27", "hours": "08:30–17:00", "next": "2026-11-30 08:30"}
    assert problem.remedy is not None
    assert "%(next)s" in problem.remedy


def test_a_closure_is_told_with_its_reason_and_end() -> None:
    closed = opening(closures=[Closing(Period(at(25, 0), at(26, 0)), "主轴维修")])
    (problem,) = problems_with_period(at(25, 9), at(25, 12), terms=TERMS, opening=closed, now=NOW)
    assert problem.code == "closure"
    assert problem.values == {"until": "2026-11-26 00:00", "reason": "主轴维修", "next": "2026-11-26 08:30"}


def test_a_holiday_is_closed_and_a_make_up_saturday_has_a_fridays_hours() -> None:
    days = {date(2026, 11, 23) + timedelta(days=offset): DayKind.WORKDAY for offset in range(10)}
    days[date(2026, 11, 25)] = DayKind.HOLIDAY
    hours = opening(days=days)
    assert codes(at(25, 9), at(25, 12), hours=hours) == ["closed-day"]
    assert codes(at(28, 9), at(28, 12), hours=hours) == []


def test_a_year_nobody_entered_is_refused_and_never_guessed() -> None:
    hours = opening(days={date(2026, 11, 24): DayKind.WORKDAY})
    assert codes(at(24, 9), at(24, 12), hours=hours) == []
    assert codes(at(25, 9), at(25, 12), hours=hours) == ["calendar-unknown"]


def test_days_off_on_weekdays_and_named_days_are_holidays() -> None:
    assert day_kind(date(2026, 10, 1), is_workday=False, is_named=False) is DayKind.HOLIDAY
    assert day_kind(date(2026, 10, 3), is_workday=False, is_named=True) is DayKind.HOLIDAY
    assert day_kind(date(2026, 11, 28), is_workday=False, is_named=False) is DayKind.REST
    assert day_kind(date(2026, 10, 10), is_workday=True, is_named=False) is DayKind.WORKDAY


def test_an_unattended_run_passes_through_nights_but_starts_and_ends_in_hours() -> None:
    chamber = Terms(60, 24 * 60, 720 * 60, 0, 60, unattended=True)
    assert codes(at(24, 9), at(27, 9), chamber) == []
    assert codes(at(24, 9), at(28, 9), chamber) == ["closed-day"]
    assert codes(at(24, 7), at(27, 9), chamber) == ["closed-hours"]
    closed = opening(closures=[Closing(Period(at(25, 22), at(25, 23)), "停电")])
    assert codes(at(24, 9), at(27, 9), chamber, closed) == ["closure"]


def test_closing_time_itself_is_a_possible_end() -> None:
    assert codes(at(25, 15), at(25, 17)) == []
    chamber = Terms(60, 60, 720 * 60, 0, 60, unattended=True)
    assert codes(at(24, 9), at(25, 17), chamber) == []


def test_hours_around_the_clock_join_over_midnight() -> None:
    hours = opening(hours={weekday: ((time(0), time(0)),) for weekday in range(7)})
    assert codes(at(25, 22), at(26, 4), hours=hours) == []
    assert len(hours.periods(WINDOW)) == 1


def test_terms_that_cannot_work_are_refused_all_at_once() -> None:
    assert [problem.code for problem in problems_with_terms(Terms(30, 45, 30, 0, 60))] == ["lengths", "shortest-step"]
    assert [problem.code for problem in problems_with_terms(Terms(7, 60, 120, 0, 60))] == ["step"]
    assert problems_with_terms(TERMS) == []


def test_hours_are_read_as_people_type_them() -> None:
    expected = [(time(8, 30), time(11, 30)), (time(13, 30), time(17, 30))]
    assert read_hours("８：３０ － 11:30，13:30—17:30") == expected
    assert read_hours("08:30-11:30, 13:30-17:30") == expected
    assert read_hours("0:00-24:00") == [(time(0), time(0))]
    assert read_hours("  ") == []
    assert hours_text(expected) == "08:30-11:30, 13:30-17:30"
    assert hours_text([(time(0), time(0))]) == "00:00-24:00"


@pytest.mark.parametrize("text", ["9-5", "09:00-08:00", "08:00-25:00", "08:60-09:00", "x", "08:00-12:00, 11:00-13:00"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_hours(text, field="monday")


def test_free_time_is_cut_to_the_step_and_to_the_lead_time() -> None:
    taken = Taken([1], [(1, Period(at(23, 14, 10), at(23, 15, 10)))])
    free = free_time(TERMS, opening(), taken, window=Period(NOW, at(24, 0)), now=NOW)
    assert free == [Period(at(23, 12), at(23, 14)), Period(at(23, 15, 30), at(23, 17))]


def test_one_free_position_is_enough_to_be_free() -> None:
    busy = Period(at(24, 9), at(24, 17))
    window = Period(at(24, 0), at(25, 0))
    assert free_time(TERMS, opening(), Taken([1, 2], [(1, busy)]), window=window, now=NOW)[0].contains(busy)
    both = free_time(TERMS, opening(), Taken([1, 2], [(1, busy), (2, busy)]), window=window, now=NOW)
    assert both == [Period(at(24, 8, 30), at(24, 9))]


def test_the_first_start_skips_what_is_taken_and_too_short_a_gap() -> None:
    taken = Taken([1], [(1, Period(at(23, 12, 30), at(23, 16, 30)))])
    assert first_start(TERMS, opening(), taken, window=WINDOW, now=NOW) == at(24, 8, 30)
    assert first_start(TERMS, opening(), Taken([], []), window=WINDOW, now=NOW) is None


def test_alternatives_are_near_free_and_apart() -> None:
    wanted = Period(at(25, 9), at(25, 12))
    found = alternatives(TERMS, opening(), Taken([1], [(1, wanted)]), wanted=wanted, window=WINDOW, now=NOW)
    assert Period(at(25, 12), at(25, 15)) in found
    assert 1 <= len(found) <= 5
    assert found == sorted(found)
    assert not any(one.overlaps(other) for one in found for other in found if one != other)
    assert not any(period.overlaps(wanted) for period in found)
    assert all(codes(period.starts_at, period.ends_at) == [] for period in found)


starts = st.integers(0, 10 * 48).map(lambda step: at(23, 0) + timedelta(minutes=30 * step))
lengths = st.integers(1, 40).map(lambda steps: timedelta(minutes=30 * steps))
periods = st.builds(lambda start, length: Period(start, start + length), starts, lengths)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), periods), max_size=12), periods)
def test_positions_are_given_out_like_in_a_plain_list(asked: list[tuple[int, Period]], wanted: Period) -> None:
    plain: dict[int, list[Period]] = {1: [], 2: [], 3: []}
    for position, period in asked:
        if not any(period.overlaps(other) for other in plain[position]):
            plain[position].append(period)
    taken = Taken(plain, [(position, period) for position, held in plain.items() for period in held])
    free = [position for position in plain if not any(wanted.overlaps(other) for other in plain[position])]
    assert taken.free_positions(wanted) == free
    before_end = {position: max((item.ends_at for item in held if item.starts_at < wanted.ends_at), default=None)
                  for position, held in plain.items()}  # fmt: skip
    assert lowest_free(before_end, wanted) == (free[0] if free else None)


@settings(max_examples=60, deadline=None)
@given(periods, st.booleans())
def test_what_the_rules_offer_the_rules_accept(wanted: Period, unattended: bool) -> None:
    terms = Terms(30, 30, 20 * 60, 0, 60, unattended=unattended)
    hours = opening()
    window = Period(max(wanted.starts_at, NOW), WINDOW.ends_at)
    for start in list(possible_starts(terms, hours, length=wanted.length, window=window))[:20]:
        period = Period(start, start + wanted.length)
        assert fits(period, terms, hours)
        assert aligned(start, terms, hours) == start
        assert codes(period.starts_at, period.ends_at, terms) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2), periods), max_size=8))
def test_free_and_taken_time_make_up_the_opening_hours(asked: list[tuple[int, Period]]) -> None:
    terms = Terms(30, 30, 600, 0, 60)
    taken = Taken([1, 2], asked)
    window = Period(at(24, 0), at(28, 0))
    free = free_time(terms, opening(), taken, window=window, now=NOW)
    moment = window.starts_at
    while moment < window.ends_at:
        slot = Period(moment, moment + timedelta(minutes=30))
        is_open = any(part.contains(slot) for part in opening().periods(window))
        open_position = any(
            not any(slot.overlaps(other) for at_, other in asked if at_ == position) for position in (1, 2)
        )
        assert any(part.contains(slot) for part in free) == (is_open and open_position)
        moment = slot.ends_at
