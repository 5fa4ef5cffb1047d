"""Units that are behind are reminded on the right days, once, and the bureau sees it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.organisations.models import Kind, Organisation
from equipment_cloud.survey import jobs, queries
from equipment_cloud.survey.models import Campaign, CampaignState, SurveyReminder
from equipment_cloud.survey.rules.reminding import is_reminder_day
from tests.conftest import Client
from tests.factories import occupancy as people
from tests.factories import survey

DUE = date(2026, 12, 31)
WEEK_BEFORE = DUE - timedelta(days=7)


@pytest.fixture
def campaign(session: Session, tmp_path: Path, now: datetime) -> Campaign:
    """Two drafts of one unit that nobody has an account at, in a campaign due at the end of the year."""
    survey.run(survey.table(tmp_path, survey.row(), survey.row(number="A-2", serial="S2")), now)
    found = queries.campaign("2026")
    found.due_on = DUE
    session.commit()
    return found


@pytest.fixture
def unit(session: Session, campaign: Campaign) -> Organisation:
    return session.get_one(Organisation, queries.units_behind(campaign.id)[0][0])


def told(session: Session) -> list[tuple[int, int]]:
    """Person and count of every reminder in the outbox."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "survey.remind"))
    return [(row.person_id, row.values["count"]) for row in rows]


@pytest.mark.parametrize("days", [30, 14, 7, 3, 1, 0, -7, -56])
def test_these_many_days_before_the_due_date_units_are_reminded(days: int) -> None:
    assert is_reminder_day(DUE - timedelta(days=days), DUE)


@pytest.mark.parametrize("days", [60, 29, 2, -1, -6, -63])
def test_on_other_days_they_are_left_alone(days: int) -> None:
    assert not is_reminder_day(DUE - timedelta(days=days), DUE)


def test_those_in_charge_of_a_unit_are_told_how_much_is_left_once_a_day(
    session: Session, unit: Organisation, now: datetime
) -> None:
    manager = people.member(session, unit, "manager")
    people.member(session, unit, "operator")
    session.commit()
    assert [jobs.remind_units(WEEK_BEFORE, now).done for _run in range(2)] == [1, 0]
    assert told(session) == [(manager.id, 2)]
    assert jobs.remind_units(DUE, now).done == 1
    assert len(told(session)) == 2


def test_no_unit_is_reminded_on_another_day(session: Session, campaign: Campaign, now: datetime) -> None:
    assert jobs.remind_units(DUE - timedelta(days=5), now).done == 0


def test_a_unit_that_submitted_all_is_left_alone(session: Session, campaign: Campaign, now: datetime) -> None:
    for number in ("A-1", "A-2"):
        survey.record(session, number).state = InstrumentState.SUBMITTED
        session.commit()
    assert jobs.remind_units(WEEK_BEFORE, now).done == 0


def test_a_closed_campaign_reminds_nobody(session: Session, campaign: Campaign, now: datetime) -> None:
    campaign.state = CampaignState.CLOSED
    session.commit()
    assert jobs.remind_units(WEEK_BEFORE, now).done == 0


def test_the_board_says_when_a_unit_was_reminded_and_where_nobody_could_be_told(
    client: Client, session: Session, campaign: Campaign, now: datetime
) -> None:
    jobs.remind_units(WEEK_BEFORE, now)
    assert session.scalars(select(SurveyReminder.told)).all() == [0]
    surveyor = people.member(session, people.organisation(session, "科技局", kind=Kind.BUREAU), "surveyor")
    session.commit()
    page = client.sign_in(session.get_one(Person, surveyor.id)).get("/survey/2026")
    assert "2026-12-24" in page.text
    assert "无人可通知" in page.text
