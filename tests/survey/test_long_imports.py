"""Long imports written by the clock: part by part, resumed after a crash, never doubled."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation.db import transaction
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.jobs import JOBS, write_waiting_imports
from equipment_cloud.survey.models import Campaign, CampaignState, ImportProblem, ImportRun, ImportStage, SurveyRow
from equipment_cloud.survey.service import long_imports
from tests.factories import occupancy as people

ROWS = 25


@pytest.fixture
def preview(client, session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a preview of 25 rows, one of them refused, where 10 are long and a part has 10."""
    monkeypatch.setattr(service, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(long_imports, "ROWS_OF_A_PART", 10)
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = session.get(Person, people.member(session, bureau, "surveyor").id)
    session.commit()
    client.sign_in(person)
    client.post("/survey/new", data={"code": "2026", "name": "普查", "due_on": "2026-12-31"})
    lines = [f"A-{row},仪器{row},{'示例厂' if row % 2 else '新厂'}" for row in range(ROWS)]
    lines[12] = "A-12,,示例厂"
    text = "所在单位仪器编号,名称,所属单位\n" + "\n".join(lines)
    data = {"file": (io.BytesIO(text.encode()), "long.csv"), "mapping": "standard"}
    answer = client.post("/survey/2026/import", data=data, content_type="multipart/form-data")
    return answer.headers["Location"]


def the_import(session: Session) -> ImportRun:
    session.rollback()
    session.expire_all()
    return session.scalars(select(ImportRun).where(ImportRun.is_dry_run.is_(False))).one()


def counts(session: Session) -> tuple[int, int, int]:
    run = the_import(session)
    rows = session.scalar(select(func.count()).select_from(SurveyRow).where(SurveyRow.run_id == run.id)) or 0
    return session.scalar(select(func.count()).select_from(Instrument)) or 0, rows, run.done_rows


def test_a_long_table_waits_for_the_clock_and_is_written_once(
    client, session: Session, now: datetime, preview: str
) -> None:
    page = client.post(f"{preview}/confirm").headers["Location"]
    assert client.post(f"{preview}/confirm").headers["Location"] == page
    assert counts(session) == (0, 0, 0)
    assert "hx-get" in client.get(page).text
    assert "hx-get" in client.get(f"{page}/progress").text
    assert write_waiting_imports(now.date(), now).as_dict()["done"] == 1
    run = the_import(session)
    assert (run.stage, run.rows, run.created, run.refused, run.done_rows) == (ImportStage.DONE, 25, 24, 1, 25)
    assert counts(session) == (24, 24, 25)
    assert session.scalar(select(func.count()).select_from(Position)) == 24
    assert (
        session.scalar(select(func.count()).where(ImportProblem.run_id == run.id, ImportProblem.level == "error")) == 1
    )
    assert "hx-get" not in client.get(f"{page}/progress").text
    assert write_waiting_imports(now.date(), now).as_dict()["done"] == 0
    assert counts(session) == (24, 24, 25)
    assert "survey.write-imports" in {job.name for job in JOBS}


def test_a_crash_between_two_parts_is_gone_on_from_where_it_stopped(
    client, session: Session, now: datetime, preview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{preview}/confirm")
    whole, calls = long_imports.write_steps, []

    def dying(*args: object, **kwargs: object) -> None:
        calls.append(1)
        whole(*args, **kwargs)
        if len(calls) == 2:
            raise RuntimeError("the machine went down")

    monkeypatch.setattr(long_imports, "write_steps", dying)
    with pytest.raises(RuntimeError):
        write_waiting_imports(now.date(), now)
    assert counts(session) == (10, 10, 10)
    assert write_waiting_imports(now.date(), now).as_dict()["done"] == 0, "another process may still be at it"
    run = the_import(session)
    run.claimed_at = run.claimed_at - service.STALE_AFTER - timedelta(seconds=1)
    session.commit()
    assert write_waiting_imports(now.date(), now).as_dict()["done"] == 1
    assert counts(session) == (24, 24, 25)
    run = the_import(session)
    assert (run.stage, run.created, run.refused) == (ImportStage.DONE, 24, 1)


def test_a_process_that_was_taken_for_dead_writes_nothing_any_more(
    client, session: Session, now: datetime, preview: str
) -> None:
    client.post(f"{preview}/confirm")
    run_id = the_import(session).id
    with transaction():
        assert service.claim(run_id, now=now)
    run = queries.import_run(run_id)
    slow = service.take_up(run, service.rows_of(run, now=now))
    later = now + timedelta(minutes=6)
    with transaction():
        assert service.claim(run_id, now=later)
    with transaction():
        assert not service.write_part(slow, now=later)
    assert counts(session) == (0, 0, 0)


def test_an_import_that_cannot_go_on_says_why_and_can_be_taken_up_again(
    client, session: Session, now: datetime, preview: str
) -> None:
    page = client.post(f"{preview}/confirm").headers["Location"]
    campaign = session.scalars(select(Campaign)).one()
    campaign.state = CampaignState.CLOSED
    session.commit()
    assert write_waiting_imports(now.date(), now).as_dict()["failed"] == 1
    assert the_import(session).stage is ImportStage.FAILED
    assert f"{page}/retry" in client.get(page).text
    assert client.post(f"{page}/retry").status_code == 409
    campaign = session.scalars(select(Campaign)).one()
    campaign.state = CampaignState.OPEN
    session.commit()
    assert client.post(f"{page}/retry").status_code == 303
    assert write_waiting_imports(now.date(), now).as_dict()["done"] == 1
    assert counts(session) == (24, 24, 25)
    assert client.post(f"{page}/retry").status_code == 409
