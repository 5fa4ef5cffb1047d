"""Money: whole fen in, whole fen out, never a fen lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel import money
from equipment_cloud.kernel.errors import Invalid

amounts = st.integers(0, money.MAX_FEN)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(lambda items: sum(items) > 0)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("300", 30000), ("1,234.50", 123450), ("￥300.5", 30050), (" ¥0.01 ", 1), ("1，000", 100000), ("0", 0)],
)
def test_an_amount_is_read_as_people_type_it(typed: str, fen: int) -> None:
    assert money.fen_from_yuan(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "not-a-number"), ("", "not-a-number"), ("1e999999", "not-a-number"), ("NaN", "not-a-number"),
        ("Infinity", "not-a-number"), ("9" * 41, "not-a-number"), ("12\0", "not-a-number"), ("1.001", "too-precise"),
        ("-1", "negative"), ("9" * 40, "too-large"), ("1e20", "too-large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.fen_from_yuan(typed, field="amount")
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [(code, "amount")]


def test_survey_values_come_in_wan_and_go_out_with_two_decimals() -> None:
    assert money.fen_from_wan("12.34") == 12_340_000
    assert money.wan_from_fen(12_345_000) == Decimal("12.35")
    assert money.wan_from_fen(12_344_999) == Decimal("12.34")


@given(amounts)
def test_yuan_and_fen_say_the_same(fen: int) -> None:
    assert money.fen_from_yuan(money.yuan_from_fen(fen)) == fen


def test_a_share_is_never_rounded_up() -> None:
    assert money.share(333, 5000) == 166
    assert money.share(1, 9999) == 0
    assert money.floor_to(199_999, 100) == 199_900


@given(amounts, weights)
def test_allocation_loses_no_fen_and_gives_nobody_more_than_a_fen_too_much(total: int, parts: list[int]) -> None:
    given_out = money.allocate(total, parts)
    whole = sum(parts)
    assert sum(given_out) == total
    assert all(abs(got * whole - total * weight) < whole for got, weight in zip(given_out, parts, strict=True))
    assert all(got == 0 for got, weight in zip(given_out, parts, strict=True) if weight == 0)


@given(st.integers(0, 10**12), st.integers(2, 12))
def test_equal_weights_differ_by_at_most_a_fen_and_the_earlier_gets_it(total: int, people: int) -> None:
    given_out = money.allocate(total, [1] * people)
    assert max(given_out) - min(given_out) <= 1
    assert given_out == sorted(given_out, reverse=True)


def test_nothing_can_be_split_by_no_weight() -> None:
    with pytest.raises(ValueError):
        money.allocate(100, [0, 0])


def test_a_price_is_rounded_half_up() -> None:
    assert money.price_for(Decimal("1.5"), 333) == 500
    assert money.price_for(Decimal("0.5"), 1) == 1
