"""What is free and what is busy, in a bounded number of statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.db import db
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries, service
from equipment_cloud.occupancy.models import OccupationKind
from equipment_cloud.organisations.models import Kind, Organisation
from tests.factories import occupancy as make

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # Wednesday
HOUR = timedelta(hours=1)
DAY = Period(NINE - 9 * HOUR, NINE + 15 * HOUR)


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make.organisation(session, "检测中心", kind=Kind.INSTITUTION)


@pytest.fixture
def machine(session: Session, owner: Organisation) -> Instrument:
    row = make.instrument(session, owner)
    make.opened(session, row)
    return row


def take(session: Session, row: Instrument, start: float, end: float, now: datetime, **more: object) -> None:
    values = {"kind": OccupationKind.BOOKING, "is_firm": True, "reference": f"booking:{start}"} | more
    period = Period(NINE + start * HOUR, NINE + end * HOUR)
    service.occupy(make.position_ids(session, row), period, now=now, **values)  # type: ignore[arg-type]


def test_free_and_busy_of_a_day_are_told_apart(session: Session, machine: Instrument, now: datetime) -> None:
    take(session, machine, 0, 2, now)
    take(session, machine, 3, 4, now, is_firm=False)
    take(session, machine, 4, 5, now, kind=OccupationKind.MAINTENANCE, reason="换光源")
    found = queries.availability(machine.id, DAY, now=now)
    assert found.free == [
        Period(NINE - HOUR / 2, NINE),
        Period(NINE + 2 * HOUR, NINE + 3 * HOUR),
        Period(NINE + 5 * HOUR, NINE + 8 * HOUR),
    ]
    kinds = [(item.kind, item.reason) for item in found.busy]
    assert kinds == [("closed", None), ("booked", None), ("pending", None), ("maintenance", "换光源"), ("closed", None)]


def test_strangers_see_no_reason_of_a_booking(session: Session, machine: Instrument, now: datetime) -> None:
    take(session, machine, 0, 2, now, reason="示例塑业 新品")
    assert {item.reason for item in queries.availability(machine.id, DAY, now=now).busy} == {None}


def test_availability_takes_four_statements_whatever_it_finds(
    session: Session, machine: Instrument, now: datetime, statements: list[str]
) -> None:
    take(session, machine, 0, 2, now)
    service.close(machine.id, Period(NINE + 3 * HOUR, NINE + 4 * HOUR), "检修", by=SYSTEM, now=now)
    session.flush()
    machine_id = machine.id
    statements.clear()
    queries.availability(machine_id, Period(NINE, NINE + timedelta(days=60)), now=now)
    assert len(statements) == 4


def test_an_instrument_without_rules_is_never_free(session: Session, owner: Organisation, now: datetime) -> None:
    bare = make.instrument(session, owner)
    assert queries.availability(bare.id, DAY, now=now).free == []
    assert queries.next_free([bare.id], now=now) == {bare.id: None}
    assert queries.open_periods(bare.id, DAY) == []


def test_the_next_free_start_of_many_instruments_takes_four_statements(
    session: Session, owner: Organisation, now: datetime, statements: list[str]
) -> None:
    machines = [make.instrument(session, owner) for _ in range(4)]
    for row in machines:
        make.opened(session, row)
    at_work = Period(now, NINE - 24 * HOUR + 8 * HOUR)  # the rest of Monday and all of Tuesday
    service.occupy(make.position_ids(session, machines[1]), at_work, kind=OccupationKind.BOOKING, reference="booking:1",
                   is_firm=True, now=now)  # fmt: skip
    ids = [row.id for row in machines]
    statements.clear()
    found = queries.next_free(ids, now=now)
    assert len(statements) == 4
    assert found[ids[0]] == now
    assert found[ids[1]] == NINE - HOUR / 2


def free(period: Period, now: datetime | None = None) -> set[int]:
    return set(db.session.scalars(queries.free_between(select(Instrument.id), period, now=now)))


def test_the_search_finds_instruments_free_for_the_whole_period(
    session: Session, machine: Instrument, now: datetime
) -> None:
    take(session, machine, 0, 2, now)
    assert machine.id not in free(Period(NINE + HOUR, NINE + 3 * HOUR))
    assert machine.id in free(Period(NINE + 2 * HOUR, NINE + 4 * HOUR))
    assert machine.id not in free(Period(NINE + 2 * HOUR, NINE + 2.5 * HOUR)), "shorter than the shortest booking"
    assert machine.id not in free(Period(NINE + 6 * HOUR, NINE + 9 * HOUR)), "past closing time"
    assert machine.id not in free(Period(NINE + timedelta(days=3), NINE + timedelta(days=3, hours=2))), "Saturday"


def test_the_search_knows_positions_closures_lead_time_and_horizon(
    session: Session, owner: Organisation, now: datetime
) -> None:
    chamber = make.instrument(session, owner, positions=2)
    make.opened(session, chamber, lead_minutes=60, horizon_days=5)
    period = Period(NINE, NINE + 2 * HOUR)
    take(session, chamber, 0, 2, now)
    assert chamber.id in free(period, now)
    assert chamber.id not in free(period, NINE - HOUR / 2)
    assert chamber.id not in free(period, NINE - timedelta(days=6))
    take(session, chamber, 0, 2, now, reference="booking:second")
    assert chamber.id not in free(period, now)
    later = Period(NINE + 3 * HOUR, NINE + 5 * HOUR)
    assert chamber.id in free(later, now)
    service.close(chamber.id, Period(NINE + 4 * HOUR, NINE + 6 * HOUR), "检修", by=SYSTEM, now=now)
    assert chamber.id not in free(later, now)


def test_the_search_lets_unattended_runs_pass_through_nights_and_holidays(
    session: Session, owner: Organisation
) -> None:
    chamber = make.instrument(session, owner)
    make.opened(session, chamber, unattended=True, longest_minutes=30 * 1440, follows_workdays=True)
    assert chamber.id in free(Period(NINE, NINE + timedelta(days=2)))
    assert chamber.id in free(Period(NINE, NINE + timedelta(days=5))), "through a weekend"
    assert chamber.id not in free(Period(NINE, NINE + timedelta(days=3))), "ends on a Saturday"
    national_day = datetime(2026, 10, 2, 1, tzinfo=UTC)
    assert chamber.id not in free(Period(national_day, national_day + timedelta(days=12)))


def test_the_search_and_the_rules_agree_on_hours_around_the_clock(session: Session, owner: Organisation) -> None:
    machine = make.instrument(session, owner)
    make.opened(session, machine, hours="00:00-24:00", days=range(7), longest_minutes=2880, follows_workdays=False)
    assert machine.id in free(Period(NINE, NINE + timedelta(hours=40)))
    assert machine.id in free(Period(NINE - 9 * HOUR, NINE + 15 * HOUR)), "midnight to midnight"
    assert machine.id not in free(Period(NINE, NINE + timedelta(days=40)))


def test_a_year_nobody_entered_is_closed_for_those_who_follow_working_days(
    session: Session, owner: Organisation
) -> None:
    following, plain = make.instrument(session, owner), make.instrument(session, owner)
    make.opened(session, following, horizon_days=500)
    make.opened(session, plain, horizon_days=500, follows_workdays=False)
    monday = datetime(2031, 3, 3, 1, tzinfo=UTC)
    found = free(Period(monday, monday + 2 * HOUR))
    assert plain.id in found
    assert following.id not in found
    assert queries.open_periods(following.id, Period(monday, monday + 2 * HOUR)) == []


def test_rules_that_begin_within_a_window_hold_from_then_on(session: Session, owner: Organisation) -> None:
    row = make.instrument(session, owner)
    make.opened(session, row, days=range(7), valid_from=date(2026, 11, 25))
    week = Period(datetime(2026, 11, 22, 16, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC))
    found = queries.setting(row.id, week)
    assert found is not None
    opens = [clock.today(period.starts_at) for period in found.opening.periods(week)]
    assert opens == [date(2026, 11, day) for day in range(25, 30)]


def test_rules_that_begin_after_a_window_leave_it_without_any(session: Session, owner: Organisation) -> None:
    row = make.instrument(session, owner)
    make.opened(session, row, valid_from=date(2026, 11, 30))
    week = Period(datetime(2026, 11, 22, 16, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC))
    assert queries.setting(row.id, week) is None
    assert queries.setting(row.id, week, on=date(2026, 11, 30)) is not None
