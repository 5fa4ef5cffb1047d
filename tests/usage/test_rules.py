"""States, evidence, believable times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from equipment_cloud.usage import rules
from equipment_cloud.usage.rules import Grade, UsageState

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("source", "both", "grade"),
    [
        ("sensor", False, Grade.A),
        ("scan", False, Grade.B),
        ("page", False, Grade.D),
        ("page", True, Grade.C),
        ("auto_end", False, Grade.D),
        ("corrected", True, Grade.C),
    ],
)
def test_evidence_is_graded_by_how_the_hours_came(source: str, both: bool, grade: Grade) -> None:
    assert rules.grade_of(source, both_confirmed=both) is grade


@pytest.mark.parametrize(("minutes", "may"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_session_begins_from_thirty_minutes_before_its_time_until_its_end(minutes: int, may: bool) -> None:
    assert rules.may_begin(NINE + timedelta(minutes=minutes), NINE, NINE + HOUR) is may


def codes(start: datetime, end: datetime, now: datetime) -> list[str]:
    return [problem.code for problem in rules.problems_with_times(start, end, now=now)]


def test_everything_wrong_with_the_times_is_told_at_once() -> None:
    assert codes(NINE, NINE + HOUR, NINE + HOUR) == []
    assert codes(NINE + HOUR, NINE, NINE - HOUR) == ["not-in-order", "in-the-future"]
    assert codes(NINE - timedelta(days=365), NINE, NINE) == ["too-long"]


@pytest.mark.parametrize(("samples", "wrong"), [(None, 0), (0, 0), (100_000, 0), (100_001, 1), (-1, 1)])
def test_samples_are_a_small_count(samples: int | None, wrong: int) -> None:
    assert len(rules.problems_with_samples(samples)) == wrong


def test_confirmed_hours_are_never_changed_again() -> None:
    assert rules.MOVES[UsageState.CONFIRMED] == set()
