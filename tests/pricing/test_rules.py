"""Price arithmetic: every amount is explained by its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel.period import Period
from equipment_cloud.pricing.rules import Basis, CustomerClass, PlanTerms, customer_class, price, problems_with_plan

NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)
RATES = {CustomerClass.INTERNAL: 20_000, CustomerClass.LOCAL: 30_000, CustomerClass.OUTSIDE: 40_000}


@dataclass
class Party:
    id: int
    town_code: str | None


def minutes(amount: int) -> Period:
    return Period(NINE, NINE + timedelta(minutes=amount))


def plan(basis: Basis = Basis.BOOKED, minimum: int = 60, setup: int = 0) -> PlanTerms:
    return PlanTerms(basis, minimum, setup, RATES)


def test_three_hours_for_a_local_enterprise() -> None:
    found = price(plan(), CustomerClass.LOCAL, minutes(180))
    assert found.price_fen == 90_000
    assert found.lines == [
        {
            "label": "Machine time",
            "quantity": 3,
            "unit": "hour",
            "unit_price_fen": 30_000,
            "amount_fen": 90_000,
            "minutes": 180,
        }
    ]


@pytest.mark.parametrize(
    ("basis", "booked", "used", "charged"),
    [
        (Basis.BOOKED, 180, 200, 180),
        (Basis.USED, 180, 200, 200),
        (Basis.USED, 180, None, 180),
        (Basis.LONGER, 180, 200, 200),
        (Basis.LONGER, 180, 100, 180),
        (Basis.BOOKED, None, 90, 90),
        (Basis.LONGER, None, 90, 90),
        (Basis.USED, 180, 10, 60),
    ],
)
def test_the_basis_decides_which_minutes_are_charged(
    basis: Basis, booked: int | None, used: int | None, charged: int
) -> None:
    found = price(
        plan(basis), CustomerClass.LOCAL, minutes(booked) if booked else None, minutes(used) if used else None
    )
    assert found.lines[0]["minutes"] == charged
    assert found.price_fen == charged * 500


def test_the_minimum_charge_and_the_set_up_fee_have_their_own_words() -> None:
    found = price(plan(minimum=120, setup=5_000), CustomerClass.OUTSIDE, minutes(30))
    assert [line["label"] for line in found.lines] == ["Machine time, minimum charge", "Set-up fee"]
    assert found.price_fen == 80_000 + 5_000


def test_a_class_without_a_price_pays_the_highest() -> None:
    terms = PlanTerms(Basis.BOOKED, 0, 0, {CustomerClass.INTERNAL: 0, CustomerClass.LOCAL: 30_000})
    assert price(terms, CustomerClass.OUTSIDE, minutes(60)).price_fen == 30_000


def test_half_a_fen_is_rounded_up() -> None:
    terms = PlanTerms(Basis.BOOKED, 0, 0, {CustomerClass.LOCAL: 30})
    assert price(terms, CustomerClass.LOCAL, minutes(1)).price_fen == 1


def test_no_time_at_all_has_no_price() -> None:
    with pytest.raises(ValueError, match="booked or used"):
        price(plan(), CustomerClass.LOCAL, None)


@given(st.integers(1, 50_000), st.integers(0, 10**9), st.integers(0, 10**7))
def test_lines_add_up_and_are_within_half_a_fen(amount: int, rate: int, setup: int) -> None:
    terms = PlanTerms(Basis.BOOKED, 0, setup, {CustomerClass.LOCAL: rate})
    found = price(terms, CustomerClass.LOCAL, minutes(amount))
    assert found.price_fen == sum(line["amount_fen"] for line in found.lines)
    assert abs(2 * (found.price_fen - setup) * 60 - 2 * amount * rate) <= 60


def test_customers_are_own_staff_local_or_outside() -> None:
    provider = Party(1, "330281004")
    assert customer_class(Party(1, None), provider) is CustomerClass.INTERNAL
    assert customer_class(Party(2, "330281101"), provider) is CustomerClass.LOCAL
    assert customer_class(Party(2, "330282001"), provider) is CustomerClass.OUTSIDE
    assert customer_class(Party(2, None), provider) is CustomerClass.OUTSIDE


def test_a_plan_without_any_price_is_refused() -> None:
    assert [problem.code for problem in problems_with_plan(PlanTerms(Basis.BOOKED, 0, 0, {}))] == ["no-rate"]
    assert problems_with_plan(plan()) == []
