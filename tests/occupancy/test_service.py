"""Time is taken, moved and given back under lock and guard, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Position
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.kernel.errors import Invalid, NotFound
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries, service
from equipment_cloud.occupancy.models import Calendar, Occupation, OccupationKind
from equipment_cloud.occupancy.rules import PeriodTaken
from equipment_cloud.organisations.models import Kind
from tests.factories import occupancy as make

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(start: float, end: float) -> Period:
    """Hours after nine o'clock on Wednesday."""
    return Period(NINE + start * HOUR, NINE + end * HOUR)


@pytest.fixture
def places(session: Session) -> list[int]:
    owner = make.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    return make.position_ids(session, make.instrument(session, owner, positions=2))


def occupy(places: list[int], period: Period, reference: str, now: datetime, **more: object) -> Occupation:
    values = {"kind": OccupationKind.BOOKING, "is_firm": True, **more}
    return service.occupy(places, period, reference=reference, now=now, **values)  # type: ignore[arg-type]


def test_the_lowest_free_position_is_taken(places: list[int], now: datetime) -> None:
    assert occupy(places, span(0, 3), "booking:1", now).position_id == places[0]
    assert occupy(places, span(2, 4), "booking:2", now).position_id == places[1]
    assert occupy(places, span(3, 5), "booking:3", now).position_id == places[0]


@pytest.mark.parametrize("period", [span(0, 3), span(-1, 1), span(1, 2), span(2, 4), span(-1, 4)])
def test_a_period_taken_on_every_position_is_refused(places: list[int], now: datetime, period: Period) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    with pytest.raises(PeriodTaken):
        occupy(places[:1], period, "booking:2", now)


@pytest.mark.parametrize("period", [span(-1, 0), span(3, 4)])
def test_touching_periods_do_not_overlap(places: list[int], now: datetime, period: Period) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    assert occupy(places[:1], period, "booking:2", now).id


def test_the_database_refuses_what_slips_past_the_lock(session: Session, places: list[int], now: datetime) -> None:
    occupy(places, span(0, 3), "booking:1", now)
    with pytest.raises(PeriodTaken):
        service.record(places[0], span(1, 2), kind=OccupationKind.BOOKING, reference="booking:2", is_firm=True)


def test_the_database_refuses_an_occupation_moved_onto_another(
    session: Session, places: list[int], now: datetime
) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    late = session.get_one(Occupation, occupy(places[:1], span(4, 5), "booking:2", now).id)
    late.starts_at = span(2, 5).starts_at
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_an_occupation_longer_than_any_search_looks_back(
    session: Session, places: list[int], now: datetime
) -> None:
    with pytest.raises(IntegrityError):
        occupy(places, span(0, 24 * 32), "booking:1", now)


def test_released_time_is_free_again(places: list[int], now: datetime) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    assert service.release("booking:1") == 1
    assert service.release("booking:1") == 0
    assert occupy(places[:1], span(0, 3), "booking:2", now).id


def test_a_move_onto_its_own_time_is_allowed_and_onto_anothers_is_not(places: list[int], now: datetime) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    occupy(places[:1], span(5, 6), "booking:2", now)
    moved = service.move("booking:1", places[:1], span(1, 4), now=now)
    assert Period(moved.starts_at, moved.ends_at) == span(1, 4)
    with pytest.raises(PeriodTaken):
        service.move("booking:1", places[:1], span(3, 6), now=now)


def test_a_move_takes_another_position_when_its_own_is_taken(places: list[int], now: datetime) -> None:
    occupy(places, span(0, 3), "booking:1", now)
    occupy(places[:1], span(5, 6), "booking:2", now)
    assert service.move("booking:1", places, span(5, 7), now=now).position_id == places[1]


def test_time_is_extended_up_to_the_next_and_shortened_freely(places: list[int], now: datetime) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    occupy(places[:1], span(4, 5), "booking:2", now)
    assert service.extend("booking:1", NINE + 4 * HOUR).ends_at == NINE + 4 * HOUR
    with pytest.raises(PeriodTaken):
        service.extend("booking:1", NINE + 4.5 * HOUR)


def test_time_given_back_before_it_began_is_released_whole(places: list[int], now: datetime) -> None:
    occupy(places[:1], span(0, 3), "booking:1", now)
    service.shorten("booking:1", NINE + HOUR)
    assert occupy(places[:1], span(1, 3), "booking:2", now).id
    service.shorten("booking:1", NINE - HOUR)
    assert queries.occupation_of("booking:1") is None


def test_a_pending_occupation_becomes_firm_and_no_longer_expires(places: list[int], now: datetime) -> None:
    occupy(places, span(0, 3), "booking:1", now, is_firm=False, expires_at=NINE)
    assert service.make_firm("booking:1")
    assert not service.make_firm("booking:9")


def test_every_write_raises_the_revision_of_its_calendars(session: Session, places: list[int], now: datetime) -> None:
    occupy(places, span(0, 3), "booking:1", now)
    assert session.scalars(select(Calendar.revision).where(Calendar.position_id.in_(places))).all() == [1, 1]


def test_a_position_without_a_calendar_gets_one(session: Session, places: list[int], now: datetime) -> None:
    first = session.get_one(Position, places[0])
    extra = Position(instrument_id=first.instrument_id, number=9, label="9")
    session.add(extra)
    session.flush()
    assert occupy([extra.id], span(0, 3), "booking:1", now).position_id == extra.id
    service.ensure_calendars(first.instrument_id)


def test_an_unknown_position_is_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        occupy([987654], span(0, 3), "booking:1", now)
    with pytest.raises(NotFound):
        occupy([], span(0, 3), "booking:1", now)


acts = st.lists(
    st.tuples(st.sampled_from(["occupy", "release", "move"]), st.integers(1, 4), st.integers(0, 20), st.integers(1, 8)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_the_table_follows_a_plain_model(
    session: Session, places: list[int], now: datetime, acts: list[tuple[str, int, int, int]]
) -> None:
    session.query(Occupation).delete()
    plain: dict[str, tuple[int, Period]] = {}

    def free(period: Period, besides: str | None = None) -> int | None:
        held = [(place, other) for key, (place, other) in plain.items() if key != besides]
        return next(
            (p for p in places if not any(place == p and other.overlaps(period) for place, other in held)), None
        )

    for act, number, start, length in acts:
        reference, period = f"booking:{number}", span(start / 2, (start + length) / 2)
        if act == "release":
            assert service.release(reference) == (plain.pop(reference, None) is not None)
            continue
        if (act == "occupy") == (reference in plain):
            continue
        expected = free(period, reference)
        try:
            done = (
                occupy(places, period, reference, now)
                if act == "occupy"
                else service.move(reference, places, period, now=now)
            )
        except PeriodTaken:
            assert expected is None
        else:
            assert done.position_id == expected
            plain[reference] = (done.position_id, period)
    rows = session.scalars(select(Occupation)).all()
    assert {row.reference: (row.position_id, Period(row.starts_at, row.ends_at)) for row in rows} == plain


def test_hours_rules_and_closures_are_set_and_read_back(session: Session, places: list[int], now: datetime) -> None:
    instrument_id = session.get_one(Position, places[0]).instrument_id
    morning, noon, evening = time(8), time(12), time(18)
    service.set_opening(instrument_id, {0: [(morning, noon), (noon, evening)], 5: []}, by=SYSTEM, now=now)
    service.set_rules(instrument_id, step_minutes=15, shortest_minutes=30, by=SYSTEM, now=now)
    service.set_rules(instrument_id, step_minutes=60, shortest_minutes=60, follows_workdays=False, by=SYSTEM, now=now)
    closure = service.close(instrument_id, span(0, 4), "主轴维修", by=SYSTEM, now=now)
    assert queries.hours_of(instrument_id, clock.today(now)) == {0: [(morning, evening)]}
    found = queries.setting(instrument_id, Period(now, now + timedelta(days=7)))
    assert found is not None
    assert found.terms.step_minutes == 60
    assert [item.reason for item in found.opening.closures] == ["主轴维修"]
    service.reopen(instrument_id, closure.id, by=SYSTEM, now=now)
    assert not queries.closures_of(instrument_id, now=now)


def test_a_closure_that_has_begun_ends_now_and_stays_on_record(
    session: Session, places: list[int], now: datetime
) -> None:
    instrument_id = session.get_one(Position, places[0]).instrument_id
    closure = service.close(instrument_id, Period(now - HOUR, now + HOUR), "停电", by=SYSTEM, now=now)
    service.reopen(instrument_id, closure.id, by=SYSTEM, now=now)
    assert closure.ends_at == now


def test_terms_and_closures_that_make_no_sense_are_refused(session: Session, places: list[int], now: datetime) -> None:
    instrument_id = session.get_one(Position, places[0]).instrument_id
    with pytest.raises(Invalid):
        service.set_rules(instrument_id, step_minutes=7, by=SYSTEM, now=now)
    with pytest.raises(Invalid):
        service.close(instrument_id, Period(now - 2 * HOUR, now - HOUR), "x", by=SYSTEM, now=now)
    with pytest.raises(NotFound):
        service.reopen(instrument_id, 987654, by=SYSTEM, now=now)
