"""How many instruments there were: kept each night, settled when the month is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import InstrumentState, ShareMode
from equipment_cloud.foundation import clock
from equipment_cloud.insight import jobs, queries
from equipment_cloud.insight.models import StockMonth
from equipment_cloud.organisations.models import Kind, Organisation
from tests.factories import occupancy as make

NOVEMBER, DECEMBER = date(2026, 11, 23), date(2026, 12, 1)
NIGHT = datetime(2026, 11, 23, 15, 40, tzinfo=UTC)


@pytest.fixture
def owner(session: Session) -> Organisation:
    owner = make.organisation(session, "检测中心", kind=Kind.INSTITUTION)
    make.instrument(session, owner, original_value_fen=80_000_00)
    make.instrument(session, owner, original_value_fen=20_000_00, share_mode=ShareMode.INTERNAL, town_code=None)
    make.instrument(session, owner, state=InstrumentState.DRAFT)
    session.commit()
    return owner


def stock(year: int = 2026) -> list[tuple[int, int, int, int]]:
    return [
        (then.month, then.figures.instruments, then.figures.shared, then.figures.value_fen)
        for then in queries.stock_by_month(year)
    ]


def test_the_stock_of_the_month_is_written_by_town_and_anew_each_night(session: Session, owner: Organisation) -> None:
    assert [jobs.roll_up(NOVEMBER, NIGHT).done for _run in range(2)] == [2, 2]
    assert stock() == [(11, 2, 1, 100_000_00)]
    make.instrument(session, owner)
    session.commit()
    jobs.roll_up(NOVEMBER + timedelta(days=1), NIGHT + timedelta(days=1))
    assert stock() == [(11, 3, 2, 100_000_00)]
    assert session.scalar(select(func.count()).select_from(StockMonth)) == 2


def test_a_month_that_is_over_stays_as_it_was(session: Session, owner: Organisation) -> None:
    jobs.roll_up(NOVEMBER, NIGHT)
    make.instrument(session, owner)
    session.commit()
    later = NIGHT + timedelta(days=8)
    assert [jobs.roll_up(day, later).done for day in (NOVEMBER, DECEMBER)] == [0, 2]
    assert stock() == [(11, 2, 1, 100_000_00), (12, 3, 2, 100_000_00)]


def test_a_town_without_instruments_leaves_the_month(session: Session, owner: Organisation) -> None:
    jobs.roll_up(NOVEMBER, NIGHT)
    for record in queries.session().scalars(select(make.Instrument)):
        record.town_code = None
    session.commit()
    jobs.roll_up(NOVEMBER, NIGHT + timedelta(minutes=1))
    assert stock() == [(11, 2, 1, 100_000_00)]
    assert session.scalars(select(StockMonth.town_code)).all() == [""]


def test_page_and_programs_show_the_stock_of_the_year(
    client: FlaskClient, session: Session, owner: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.roll_up(NOVEMBER, NIGHT)
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    assert "各月末仪器存量" in client.get("/figures").text
    assert "各月末仪器存量" not in client.get("/figures?year=2025").text
    shown = client.get("/api/v1/figures/summary").json["stock_by_month"]
    assert shown == [
        {"month": 11, "instruments": 2, "shared_instruments": 1, "original_value_fen": 100_000_00,
         "as_of": "2026-11-23T23:40:00+08:00"}
    ]  # fmt: skip
