"""Wording of values: money, times, lengths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, g

from equipment_cloud.foundation import filters

NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)
"""09:00 of a Wednesday in Yuyao."""


@pytest.fixture(autouse=True)
def chinese(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        g.locale = "zh_CN"
        yield


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "¥0.00"), (123456789, "¥1,234,567.89"), (-5, "-¥0.05"), (None, "—"), (10**15, "¥10,000,000,000,000.00")],
)
def test_money(fen: int | None, shown: str) -> None:
    assert filters.money(fen) == shown


def test_money_in_ten_thousands() -> None:
    assert filters.yuan_wan(450_000_000) == "450.00"


def test_days_and_instants_are_local_and_name_the_weekday() -> None:
    assert filters.day(date(2026, 11, 25)) == "2026-11-25 周三"
    assert filters.instant(NINE) == "2026-11-25 周三 09:00"
    assert filters.day(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "2026-11-25 周三"
    assert filters.instant(None) == filters.day(None) == "—"


@pytest.mark.parametrize(
    ("ends_at", "shown"),
    [
        (datetime(2026, 11, 25, 4, tzinfo=UTC), "2026-11-25 周三 09:00–12:00"),
        (datetime(2026, 11, 25, 16, tzinfo=UTC), "2026-11-25 周三 09:00–24:00"),
        (datetime(2026, 11, 26, 1, tzinfo=UTC), "2026-11-25 周三 09:00–11-26 09:00"),
        (None, "2026-11-25 周三 09:00–"),
    ],
)
def test_periods_name_the_other_day_only_when_there_is_one(ends_at: datetime | None, shown: str) -> None:
    assert filters.period(NINE, ends_at) == shown


def test_english_weekdays() -> None:
    g.locale = "en"
    assert filters.day(date(2026, 11, 25)) == "2026-11-25 Wed"


@pytest.mark.parametrize(("value", "shown"), [(Decimal("1234.25"), "1,234.2"), (3, "3.0"), (None, "—")])
def test_hours(value: Decimal | int | None, shown: str) -> None:
    assert filters.hours(value) == shown


def test_hours_of_minutes() -> None:
    assert filters.hours(90, minutes=True) == "1.5"


@pytest.mark.parametrize(
    ("rate", "shown"), [(5000, "50 %"), (3333, "33.33 %"), (0, "0 %"), (10_000, "100 %"), (None, "—")]
)
def test_rates(rate: int | None, shown: str) -> None:
    assert filters.percent(rate) == shown


def test_a_message_is_translated_and_filled_and_never_breaks_a_page() -> None:
    assert filters.worded("This list may have at most %(most)s entries.", {"most": 3}) == "列表最多 3 项。"
    assert "%(most)s" in filters.worded("This list may have at most %(most)s entries.", {"other": 3})


def test_lines_keep_their_breaks_and_nothing_else() -> None:
    assert filters.lines("a\n<b>") == "a<br>&lt;b&gt;"
    assert filters.lines(None) == ""


def test_thousands() -> None:
    assert filters.thousands(61240) == "61,240"
