"""The front door, desks, the clock's page, the trail, and what monitors read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation import audit, clock, jobs, sealing
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import JobRun, RunState
from equipment_cloud.foundation.navigation import Panel, TodoRow
from equipment_cloud.organisations.models import Kind
from tests.conftest import Client
from tests.factories import accounts, organisations


def bureau(session: Session, client: Client, *roles: str) -> Client:
    return client.sign_in(organisations.member(session, organisations.bureau(session), *roles))


@pytest.fixture
def panels(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Panel]:
    found: list[Panel] = []
    monkeypatch.setitem(app.extensions, "panels", found)
    return found


def test_a_visitor_finds_search_needs_and_three_steps(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'role="search"' in page.text
    assert "盐雾试验" in page.text
    assert "预约机时 / 送样检测" in page.text


def test_the_home_page_speaks_english_too(client: Client) -> None:
    assert "Three steps" in client.get("/?lang=en").text


@pytest.mark.usefixtures("session")
def test_the_home_page_asks_little_of_the_database(client: Client, statements: list[str]) -> None:
    client.get("/")
    assert len(statements) <= 12


def test_a_desk_shows_what_waits_urgent_and_nearest_first(
    session: Session, client: Client, panels: list[Panel], now: datetime
) -> None:
    firm = organisations.organisation(session, Kind.ENTERPRISE)
    rows = [
        TodoRow("Later", "/later", due_at=now + timedelta(days=3)),
        TodoRow("Sooner", "/sooner", due_at=now + timedelta(days=1)),
        TodoRow("Burning %(what)s", "/burning", values={"what": "paper"}, urgent=True, count=7),
    ]
    panels.append(Panel(roles=("researcher",), rows=lambda _actor, _now: rows))
    panels.append(Panel(roles=("reviewer",), rows=lambda _actor, _now: [TodoRow("Not mine", "/no")]))
    page = client.sign_in(organisations.member(session, firm, "researcher")).get("/")
    assert page.text.index("Burning paper") < page.text.index("Sooner") < page.text.index("Later")
    assert "Not mine" not in page.text
    assert "待我办理（9）" in page.text


def test_an_empty_desk_says_so_and_a_stranger_is_told_what_to_do(session: Session, client: Client) -> None:
    page = client.sign_in(accounts.person(session)).get("/")
    assert "没有待办事项。" in page.text
    assert "您尚未加入任何单位" in page.text


@pytest.mark.parametrize("path", ["/review", "/jobs", "/jobs/foundation.seal-audit", "/audit"])
def test_bureau_pages_ask_visitors_to_sign_in_and_turn_others_away(session: Session, client: Client, path: str) -> None:
    assert client.get(path).status_code == 303
    firm = organisations.organisation(session)
    assert client.sign_in(organisations.member(session, firm, "owner")).get(path).status_code == 403


def test_the_page_of_jobs_warns_when_the_clock_stands_still(session: Session, client: Client) -> None:
    watcher = bureau(session, client, "admin")
    assert "flask scheduler" in watcher.get("/jobs").text
    jobs.beat(now=clock.now())
    assert "flask scheduler" not in watcher.get("/jobs").text


def test_the_page_of_jobs_tells_failures_and_dates_never_run(session: Session, client: Client, now: datetime) -> None:
    gap: dict[str, Any] = {"done": 0, "failed": 0, "error": "x", "gap": ["2026-09-01", "2026-10-22"]}
    with transaction() as current:
        for hour, outcome in ((1, gap), (2, {"error": "ValueError: broken"})):
            current.add(
                JobRun(job_name="foundation.backup", due_at=now + timedelta(hours=hour), state=RunState.FAILED,
                       started_at=clock.now(), finished_at=clock.now(), outcome=outcome)
            )  # fmt: skip
    page = bureau(session, client, "auditor").get("/jobs").text
    assert "2026-09-01 至 2026-10-22 未运行" in page
    assert "ValueError: broken" in page
    assert "/jobs/foundation.backup/run" not in page, "an auditor only looks"


def test_an_administrator_runs_a_job_for_a_date_and_leaves_a_note(session: Session, client: Client) -> None:
    admin = bureau(session, client, "admin")
    answer = admin.post("/jobs/foundation.seal-audit/run", data={"on": "2026-11-20"})
    assert answer.status_code == 303
    run = session.scalars(select(JobRun)).one()
    assert (run.due_at, run.state) == (jobs.due_on(date(2026, 11, 20)), RunState.DONE)
    assert session.scalar(select(AuditNote.detail).where(AuditNote.action == "jobs.run")) == {"on": "2026-11-20"}
    page = admin.get("/jobs/foundation.seal-audit").text
    assert "失败 0 项" in page


@pytest.mark.parametrize("on", ["x", "9" * 40, "2026-13-01"])
def test_a_date_that_is_none_runs_nothing(session: Session, client: Client, on: str) -> None:
    assert bureau(session, client, "admin").post("/jobs/foundation.seal-audit/run", data={"on": on}).status_code == 303
    assert session.scalar(select(JobRun.id)) is None


def test_only_administrators_run_jobs(session: Session, client: Client) -> None:
    assert bureau(session, client, "auditor").post("/jobs/foundation.backup/run").status_code == 403


def test_a_job_nobody_knows_is_not_found(session: Session, client: Client) -> None:
    assert bureau(session, client, "admin").get("/jobs/no.such-job").status_code == 404


@pytest.fixture
def trail(session: Session, now: datetime) -> None:
    with transaction():
        for number in range(3):
            audit.note("try.act", f"thing:{number}", by=Actor(3, "王一"), now=now, detail={"n": number})
        audit.note("other.act", "thing:1", by=Actor(4, "李二"), now=now + timedelta(days=1))
    sealing.seal(now=now)


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    ("query", "found"),
    [("reference=thing:1", ["other.act", "try.act"]), ("person=李", ["other.act"]), ("action=try", ["try.act"] * 3),
     ("action=%25", []), ("since=2026-11-24", ["other.act"]), ("until=2026-11-23", ["try.act"] * 3)],
)  # fmt: skip
def test_the_trail_is_searched_by_record_person_act_and_day(
    session: Session, client: Client, query: str, found: list[str]
) -> None:
    page = bureau(session, client, "auditor").get(f"/audit?{query}").text
    assert [page.count("<code>other.act"), page.count("<code>try.act")] == [
        found.count("other.act"),
        found.count("try.act"),
    ]


@pytest.mark.usefixtures("trail")
def test_the_trail_says_how_far_it_is_sealed(session: Session, client: Client) -> None:
    watcher = bureau(session, client, "auditor")
    assert "已封存至第" in watcher.get("/audit").text


@pytest.mark.parametrize("query", ["since=x", "until=" + "9" * 40, "per_page=101", "page=0"])
def test_a_search_of_the_trail_that_makes_no_sense_is_refused_in_words(
    session: Session, client: Client, query: str
) -> None:
    assert bureau(session, client, "auditor").get(f"/audit?{query}").status_code == 422


def test_odd_characters_in_the_search_find_nothing_and_break_nothing(session: Session, client: Client) -> None:
    page = bureau(session, client, "auditor").get("/audit?person=%00'%25_&reference=%00&action=_")
    assert page.status_code == 200


def test_health_tells_database_and_clock(session: Session, client: Client) -> None:
    assert client.get("/healthz").json["clock"] == {"state": "stands still", "beat_at": None, "age_seconds": None}
    jobs.beat(now=clock.now())
    answer = client.get("/healthz").json
    assert (answer["ok"], answer["clock"]["state"]) == (True, "runs")


def test_metrics_are_gauges_a_monitor_can_read(session: Session, client: Client, statements: list[str]) -> None:
    jobs.beat(now=clock.now())
    statements.clear()
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    assert "equipment_cloud_clock_age_seconds 0" in answer.text
    assert "# TYPE equipment_cloud_published_instruments gauge" in answer.text
    assert len(statements) <= 2


@pytest.mark.parametrize(
    ("target", "where"),
    [("/help", "/help"), ("/help?", "/help"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"),
     ("", "/"), ("/a\nb", "/")],
)  # fmt: skip
def test_choosing_a_language_leads_back_and_never_elsewhere(client: Client, target: str, where: str) -> None:
    answer = client.post("/language", data={"locale": "en", "next": target})
    assert (answer.status_code, answer.location) == (303, where)
    assert "Three steps" in client.get("/").text


def test_a_language_we_do_not_speak_changes_nothing(client: Client) -> None:
    client.get("/language?locale=xx")
    assert "三步用仪器" in client.get("/").text


@pytest.mark.parametrize("path", ["/help", "/style-guide", "/api/docs"])
def test_pages_for_everyone_open(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
