"""A year of working days is read from the office's notice, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from equipment_cloud.reference import rules

OFF = "2027-01-01 ~ 2027-01-03 元旦\n2027-02-05 至 2027-02-11 春节\n\n2027-04-05 清明节"


def test_stretches_and_single_days_are_read_with_their_notes() -> None:
    days, problems = rules.read_days(OFF, 2027, field="off")
    assert problems == []
    assert len(days) == 3 + 7 + 1
    assert (days[0].on, days[0].note, days[-1].on, days[-1].note) == (
        date(2027, 1, 1), "元旦", date(2027, 4, 5), "清明节",
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "tomorrow",
        "2027-13-01",
        "2027-02-30",
        "2026-12-31 ~ 2027-01-02",
        "2027-05-05 ~ 2027-05-01",
        "2027-01-01~2027-12-31",
    ],
)
def test_a_line_that_cannot_be_right_is_named(line: str) -> None:
    days, problems = rules.read_days(f"2027-01-01\n{line}", 2027, field="off")
    assert [day.on for day in days] == [date(2027, 1, 1)]
    assert [(problem.code, problem.field, problem.values["line"]) for problem in problems] == [("not-a-day", "off", 2)]


def test_endless_input_is_cut() -> None:
    _days, problems = rules.read_days("2027-01-01\n" * 10_000, 2027, field="off")
    assert len(problems) == 1


def test_the_plan_of_a_year_follows_the_plain_week_but_for_the_lists() -> None:
    off, _ = rules.read_days(OFF, 2027, field="off")
    made_up, _ = rules.read_days("2027-02-20 春节调休", 2027, field="made_up")
    plan = rules.plan_year(2027, off, made_up)
    assert len(plan) == 365
    assert plan[date(2027, 1, 1)] == (False, "元旦")
    assert plan[date(2027, 2, 20)] == (True, "春节调休")
    assert plan[date(2027, 3, 1)] == (True, None)
    assert plan[date(2027, 3, 6)] == (False, None)


def test_contradictions_are_said_all_at_once() -> None:
    off, _ = rules.read_days("2027-02-05", 2027, field="off")
    made_up, _ = rules.read_days("2027-02-05", 2027, field="made_up")
    found = rules.problems_with_year(2028, off, made_up, next_year=2027)
    assert [problem.code for problem in found] == ["not-next", "both", "not-a-weekend"]
    assert [problem.code for problem in rules.problems_with_year(2027, [], [], next_year=2027)] == ["no-holidays"]
