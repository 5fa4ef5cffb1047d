"""The public figures: right, linked to their rows, safe to export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.foundation import clock
from equipment_cloud.insight import queries
from equipment_cloud.insight.rules import Figures, year_asked
from equipment_cloud.usage import service
from equipment_cloud.usage.models import UsageRecord
from tests.factories import booking as make
from tests.factories.booking import NOW, Scene

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(session: Session, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    return make.scene(session, positions=2)


@pytest.fixture
def worked(scene: Scene) -> Callable[..., UsageRecord]:
    """Own use of so many hours from an instant on, confirmed unless said otherwise."""

    def session_of(start: datetime, hours: float, *, confirmed: bool = True) -> UsageRecord:
        record = service.walk_in(scene.machine, scene.machine.positions[0], by=scene.operator, now=start)
        service.stop(record.id, samples=None, note=None, by=scene.operator, now=start + hours * HOUR)
        return service.confirm(record.id, by=scene.manager, now=start + hours * HOUR) if confirmed else record

    return session_of


def test_hours_count_once_confirmed_and_by_whom_they_were_used(
    session: Session, scene: Scene, worked: Callable[..., UsageRecord]
) -> None:
    worked(NOW, 3)
    record = worked(NOW + 5 * HOUR, 1)
    worked(NOW + 8 * HOUR, 2, confirmed=False)
    record.organisation_id = scene.customer.id
    session.flush()
    city = queries.summary(2026).city
    assert (city.hours, city.outside_hours, city.sharing_rate) == (4.0, 1.0, 0.25)
    assert (city.instruments, city.utilisation) == (1, 4 / 1600)


def test_a_session_belongs_to_the_local_month_and_year_it_began_in(
    session: Session, worked: Callable[..., UsageRecord]
) -> None:
    worked(datetime(2025, 12, 31, 16, 0, tzinfo=UTC), 1)
    worked(datetime(2026, 1, 31, 15, 59, tzinfo=UTC), 2)
    worked(datetime(2026, 1, 31, 19, 0, tzinfo=UTC), 4)
    assert queries.summary(2026).months == {1: (3 * 3600, 0), 2: (4 * 3600, 0)}
    assert queries.summary(2025).months == {}


def test_what_cannot_be_divided_by_is_no_rate() -> None:
    assert (Figures().sharing_rate, Figures().utilisation) == (None, None)


def test_unpublished_instruments_count_nowhere(session: Session, scene: Scene) -> None:
    scene.machine.state = InstrumentState.DRAFT
    session.flush()
    assert queries.summary(2026).towns == {}


def test_the_pages_say_what_the_figures_are(
    client: FlaskClient, scene: Scene, worked: Callable[..., UsageRecord], statements: list[str]
) -> None:
    worked(NOW, 3)
    statements.clear()
    page = client.get("/figures")
    assert page.status_code == 200
    assert len(statements) <= 12
    assert "数据截至" in page.text
    assert "1600" in page.text
    rows = client.get("/figures/instruments?town=330281004")
    assert f"/instruments/{scene.machine.id}" in rows.text


def test_an_export_starts_no_formula(client: FlaskClient, session: Session, scene: Scene) -> None:
    scene.machine.town_code = "=1+1"
    session.flush()
    answer = client.get("/figures.csv")
    assert answer.mimetype == "text/csv"
    assert "'=1+1" in answer.data.decode("utf-8-sig")


@pytest.mark.parametrize("year", ["9" * 40, "%00", "-1", "0000", "２０２６", "abc", "2999"])
def test_odd_years_show_this_year(client: FlaskClient, scene: Scene, year: str) -> None:
    for path in ("/figures", "/figures.csv", "/figures/instruments"):
        assert client.get(f"{path}?year={year}&town=%00").status_code == 200
    assert year_asked(year, this_year=2026) == 2026


def test_programs_read_the_same_figures(client: FlaskClient, scene: Scene, worked: Callable[..., UsageRecord]) -> None:
    worked(NOW, 3)
    answer = client.get("/api/v1/figures/summary?year=2026")
    assert answer.status_code == 200, answer.text
    assert (answer.json["effective_hours"], answer.json["instruments"]) == (3.0, 1)
    assert answer.json["by_month"] == [{"month": 11, "effective_hours": 3.0, "outside_hours": 0.0}]
    assert client.get(f"/api/v1/figures/summary?year={'9' * 40}").status_code == 422
