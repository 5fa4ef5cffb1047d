"""Working days with make-up Saturdays, counted from the day after."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel.workdays import CalendarUnknown, WorkCalendar
from equipment_cloud.reference.seed import calendar_days

CALENDAR = WorkCalendar({row["on"]: row["is_workday"] for row in calendar_days()})


@pytest.mark.parametrize(
    ("start", "working_days", "end"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-12", 7, "2026-02-28"),  # a Saturday on which people make up for the Spring Festival
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 7, "2026-12-02"),
        ("2025-12-31", 5, "2026-01-08"),
    ],
)
def test_deadlines_fall_where_the_offices_say(start: str, working_days: int, end: str) -> None:
    begun, ended = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.after(begun, working_days) == ended
    assert CALENDAR.count(begun, ended) == working_days
    assert CALENDAR.count(ended, begun) == -working_days


def test_the_year_2026_has_248_working_days_and_six_make_up_days() -> None:
    days = [day for day in CALENDAR.days if day.year == 2026 and CALENDAR.is_workday(day)]
    assert len(days) == 248
    assert [day.isoformat()[5:] for day in days if day.weekday() > 4] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip


def test_a_year_nobody_entered_stops_the_count() -> None:
    with pytest.raises(CalendarUnknown) as refused:
        CALENDAR.after(date(2026, 12, 28), 7)
    assert refused.value.values == {"year": 2027}
    assert refused.value.status == 409


def test_a_calendar_without_days_knows_nothing() -> None:
    with pytest.raises(CalendarUnknown):
        WorkCalendar({}).is_workday(date(2026, 1, 1))


@given(st.dates(date(2018, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_the_end_of_a_count_is_a_working_day_and_counts_back(start: date, working_days: int) -> None:
    end = CALENDAR.after(start, working_days)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.count(start, end) == working_days
    assert CALENDAR.count(start, end - timedelta(days=1)) == working_days - 1


def test_a_published_list_of_special_days_agrees(corpus: Path) -> None:
    path = corpus / "holidays" / "cn-mainland-2018-2026.csv"
    if not path.exists():
        pytest.skip("this CORPUS_DIR has no holidays")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 300
    wrong = [
        row["date"]
        for row in rows
        if CALENDAR.is_workday(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ]
    assert wrong == []
