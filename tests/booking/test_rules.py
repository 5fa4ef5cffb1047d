"""States and requests, as pure values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from equipment_cloud.booking.rules import (
    MOVES,
    BookingState,
    Offer,
    cancelled_state,
    is_material,
    problems_with_offer,
)
from equipment_cloud.kernel.errors import WrongState
from equipment_cloud.kernel.period import Period
from equipment_cloud.kernel.states import move

NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFER = Offer(True, None, True, True, True, False, False, None)


def codes(offer: Offer, purpose: str = "rd") -> list[str]:
    return [problem.code for problem in problems_with_offer(offer, purpose, ends_on=date(2026, 11, 25))]


def test_an_instrument_on_offer_has_no_problem() -> None:
    assert codes(OFFER) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"is_published": False, "pause_reason": "检修"}, ["not-bookable"]),
        ({"is_self_operated": False}, ["samples-only"]),
        ({"is_shared_with_customer": False}, ["not-shared"]),
        ({"has_position": False}, ["no-position"]),
        ({"calibration_required": True, "calibration_valid_until": date(2026, 11, 24)}, ["calibration-lapsed"]),
        ({"calibration_required": True, "calibration_valid_until": date(2026, 11, 25)}, []),
        ({"calibration_required": True}, ["calibration-lapsed"]),
    ],
)
def test_what_stands_against_a_booking_is_named(change: dict[str, object], expected: list[str]) -> None:
    assert codes(replace(OFFER, **change)) == expected  # type: ignore[arg-type]


def test_duty_free_instruments_serve_research_and_teaching_only() -> None:
    duty_free = replace(OFFER, customs_supervised=True)
    assert codes(duty_free, "teaching") == []
    assert codes(duty_free, "outgoing_inspection") == ["customs-purpose"]
    assert codes(OFFER, "outgoing_inspection") == []


def test_everything_wrong_is_listed_at_once() -> None:
    offer = replace(OFFER, is_published=False, is_self_operated=False, has_position=False)
    assert codes(offer, "nonsense") == ["not-bookable", "samples-only", "no-position", "purpose"]


def test_every_state_but_the_last_ones_leads_on() -> None:
    ended = set(BookingState) - set(MOVES)
    assert {state.value for state in ended} == {
        "completed", "declined", "expired", "cancelled", "cancelled_late", "revoked", "no_show"
    }  # fmt: skip
    with pytest.raises(WrongState):
        move(MOVES, BookingState.COMPLETED, BookingState.APPROVED)


def test_an_approved_booking_cancelled_after_the_free_time_is_late() -> None:
    late, early = NINE - HOUR, NINE - 25 * HOUR
    assert cancelled_state(BookingState.APPROVED, NINE, hours=24, now=late) is BookingState.CANCELLED_LATE
    assert cancelled_state(BookingState.APPROVED, NINE, hours=24, now=early) is BookingState.CANCELLED
    assert cancelled_state(BookingState.REQUESTED, NINE, hours=24, now=late) is BookingState.CANCELLED


def test_only_time_not_had_before_asks_for_approval_anew() -> None:
    old = Period(NINE, NINE + 3 * HOUR)
    assert not is_material(old, Period(NINE + HOUR, NINE + 2 * HOUR))
    assert is_material(old, Period(NINE + HOUR, NINE + 4 * HOUR))
