"""Periods are half-open: what ends at ten and what begins at ten do not meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel.period import Period, merged, without

ORIGIN = datetime(2026, 11, 23, tzinfo=UTC)


def span(start: int, end: int) -> Period:
    """Minutes after :data:`ORIGIN`."""
    return Period(ORIGIN + timedelta(minutes=start), ORIGIN + timedelta(minutes=end))


def minutes_of(periods: list[Period]) -> set[int]:
    """Every minute the periods hold, as an oracle that knows no shortcuts."""
    return {
        minute for minute in range(121) if any(period.holds(ORIGIN + timedelta(minutes=minute)) for period in periods)
    }


spans = st.tuples(st.integers(0, 119), st.integers(1, 60)).map(lambda pair: span(pair[0], min(120, pair[0] + pair[1])))
several = st.lists(spans, max_size=12)


@pytest.mark.parametrize(("start", "end"), [(10, 10), (10, 9)])
def test_a_period_has_a_length(start: int, end: int) -> None:
    with pytest.raises(ValueError):
        span(start, end)


def test_a_period_needs_an_offset() -> None:
    with pytest.raises(ValueError):
        Period(datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 10))  # noqa: DTZ001


def test_touching_periods_do_not_overlap_and_have_nothing_in_common() -> None:
    assert not span(0, 10).overlaps(span(10, 20))
    assert span(0, 10).common(span(10, 20)) is None
    assert span(0, 11).common(span(10, 20)) == span(10, 11)


def test_the_same_instant_in_another_zone_is_the_same_instant() -> None:
    shanghai = timezone(timedelta(hours=8))
    there = Period(span(0, 60).starts_at.astimezone(shanghai), span(0, 60).ends_at.astimezone(shanghai))
    assert there == span(0, 60)
    assert (there.minutes, str(there.hours)) == (60, "1")


@given(several)
def test_merging_keeps_the_time_and_leaves_gaps_between(periods: list[Period]) -> None:
    joined = merged(periods)
    assert minutes_of(joined) == minutes_of(periods)
    assert all(one.ends_at < other.starts_at for one, other in pairwise(joined))


@given(several, several)
def test_what_is_left_is_exactly_what_was_there_and_is_not_taken(whole: list[Period], taken: list[Period]) -> None:
    left = without(whole, taken)
    assert minutes_of(left) == minutes_of(whole) - minutes_of(taken)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(left))
    assert not any(part.overlaps(cut) for part in left for cut in taken)
