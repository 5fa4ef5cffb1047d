"""The administrator enters the next year before deadlines run into it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.kernel.workdays import CalendarUnknown
from equipment_cloud.reference import queries
from tests.conftest import Client
from tests.factories import accounts
from tests.factories.organisations import bureau, member

NEXT = {"year": "2027", "off": "2027-01-01 ~ 2027-01-03 元旦", "made_up": "2027-02-20 春节调休"}


@pytest.fixture
def admin(session: Session) -> Person:
    return member(session, bureau(session), "admin")


def test_a_new_year_is_entered_and_deadlines_count_on(client: Client, session: Session, admin: Person) -> None:
    with pytest.raises(CalendarUnknown):
        queries.work_calendar().after(date(2026, 12, 31), 1)
    client.sign_in(admin)
    assert client.post("/working-days", data=NEXT).status_code == 303
    assert queries.work_calendar().after(date(2026, 12, 31), 1) == date(2027, 1, 4)
    page = client.get("/working-days?year=2027").get_data(as_text=True)
    assert "元旦" in page
    assert client.post("/working-days", data=NEXT).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [{"year": "2028"}, {"year": "9" * 40}, {"off": "soon"}, {"off": ""}, {"made_up": "2027-02-22"}, {"off": "\0"}],
)
def test_a_wrong_list_is_marked_and_nothing_is_entered(
    client: Client, session: Session, admin: Person, changes: dict[str, str]
) -> None:
    assert client.sign_in(admin).post("/working-days", data={**NEXT, **changes}).status_code == 422
    assert queries.last_known_day() == date(2026, 12, 31)


def test_a_day_is_corrected_with_a_reason(client: Client, session: Session, admin: Person) -> None:
    client.sign_in(admin)
    form = {"on": "2026-11-24", "works": "no", "note": "台风停工"}
    assert client.post("/working-days/correct", data=form).status_code == 303
    assert not queries.work_calendar().is_workday(date(2026, 11, 24))
    assert "台风停工" in client.get("/working-days?year=2026").get_data(as_text=True)
    assert client.post("/working-days/correct", data={**form, "on": "2030-01-01"}).status_code == 422
    assert client.post("/working-days/correct", data={**form, "note": ""}).status_code == 422


@pytest.mark.parametrize("year", ["", "1800", "x", "9" * 40, "-1"])
def test_any_year_asked_for_gets_a_page(client: Client, admin: Person, year: str) -> None:
    assert client.sign_in(admin).get("/working-days", query_string={"year": year}).status_code == 200


def test_only_the_administrator_enters_working_days(client: Client, session: Session) -> None:
    client.sign_in(accounts.person(session))
    assert client.get("/working-days").status_code == 403
    assert client.post("/working-days", data=NEXT).status_code == 403
