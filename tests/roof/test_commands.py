"""Commands as operators type them: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import PersonState
from equipment_cloud.accounts.queries import by_sign_in_name
from equipment_cloud.cli import speech
from equipment_cloud.foundation import audit, clock, guards, jobs
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, JobRun, Outcome
from tests.factories import organisations

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=[str(argument) for argument in arguments])


def test_jobs_are_listed_with_last_and_next_run(run: Run) -> None:
    run("jobs", "run", "foundation.seal-audit", "--on", "2026-11-20")
    listed = {entry["name"]: entry for entry in json.loads(run("jobs", "list").stdout)}
    entry = listed["foundation.seal-audit"]
    assert set(entry) == {"name", "cron", "last_run", "next_run_at"}
    assert entry["last_run"] == {
        "due_at": "2026-11-20T00:00:01+08:00", "state": "done", "outcome": "0 of 0 failed",
    }  # fmt: skip
    assert listed["foundation.backup"]["last_run"] is None


def test_a_job_is_run_for_a_date_and_again(run: Run, session: Session) -> None:
    for _round in range(2):
        done = run("jobs", "run", "foundation.seal-audit", "--on", "2026-11-20")
        assert done.exit_code == 0
        assert json.loads(done.stdout)["state"] == "done"
    assert len(session.scalars(select(JobRun)).all()) == 1


def test_a_job_that_fails_as_a_whole_exits_1(run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_on: object, _now: object) -> Outcome:
        raise ValueError("broken")

    monkeypatch.setitem(app.extensions, "jobs", (Job("try.break", "0 3 * * *", breaks),))
    done = run("jobs", "run", "try.break")
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (1, "ValueError: broken")


@pytest.mark.parametrize(
    "arguments",
    [["jobs", "run", "no.such-job"], ["jobs", "run", "foundation.seal-audit", "--on", "tomorrow"], ["jobs", "walk"],
     ["export", "everything", "--out", "x"], ["user", "create", "x", "--role", "owner"], ["backup"]],
)  # fmt: skip
def test_wrong_usage_exits_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_trail_is_sealed_and_verified(run: Run, session: Session) -> None:
    with transaction():
        audit.note("try.act", "thing:1", by=SYSTEM, now=clock.now())
    verdict = run("audit", "verify")
    assert (verdict.exit_code, json.loads(verdict.stdout)["ok"], json.loads(verdict.stdout)["checked"]) == (0, True, 1)
    with transaction() as current:
        guards.remove(current.connection())
        current.execute(text("UPDATE audit_note SET action = 'try.other'"))
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["breaches"][0]["code"] == "block-changed"


def test_an_empty_ledger_verifies(run: Run) -> None:
    verdict = run("ledger", "verify", "--json")
    assert (verdict.exit_code, json.loads(verdict.stdout)["breaches"]) == (0, [])


def test_a_file_that_cannot_be_read_is_refused_with_reasons(run: Run, tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").write_bytes(b"no workbook")
    refused = run("survey", "import", tmp_path / "table.xlsx", "--campaign", "C1", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["problems"] or json.loads(refused.stdout)["message"]
    assert refused.stderr


def test_a_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("survey", "import", tmp_path / "nothing.csv", "--campaign", "C1", "--json").exit_code == 1


def test_a_table_is_judged_and_reported(run: Run, session: Session, tmp_path: Path) -> None:
    table = tmp_path / "units.csv"
    table.write_text("所在单位仪器编号,仪器名称\nA-1,示例显微镜\n,没有编号\n", encoding="utf-8")
    code = organisations.organisation(session).credit_code
    session.commit()
    answer = run("survey", "import", table, "--campaign", "C1", "--organisation", code, "--dry-run", "--json")
    assert answer.exit_code == 0, answer.output
    report = json.loads(answer.stdout)
    assert report["rows"] == report["created"] + report["updated"] + report["unchanged"] + report["refused"] == 2


def test_the_template_is_written(run: Run, tmp_path: Path) -> None:
    assert run("survey", "template", tmp_path / "t.xlsx").exit_code == 0
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")


def test_documents_that_are_no_json_are_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    for content in ("{", "[" * 100_000):
        path.write_text(content, encoding="utf-8")
        assert run("vouchers", "calculate", path, path, "--json").exit_code == 1


def test_a_person_is_created_with_a_role_given_a_token_and_disabled(run: Run, session: Session) -> None:
    firm = organisations.organisation(session)
    session.commit()
    who = ("王一", "--email", "wang@people.example", "--organisation", firm.name, "--role", "owner")
    made = run("user", "create", *who, "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["password"]
    token = run("user", "token", "wang@people.example", "--scope", "read", "--days", "7", "--json")
    assert json.loads(token.stdout)["token"]
    assert run("user", "disable", "wang@people.example").exit_code == 0
    person = by_sign_in_name("wang@people.example")
    assert person is not None
    assert person.state is PersonState.DISABLED
    assert "command line" in set(session.scalars(select(AuditNote.person_name)))


def test_a_person_nobody_knows_is_refused(run: Run) -> None:
    assert run("user", "disable", "nobody@people.example", "--json").exit_code == 1


@pytest.mark.parametrize("what", ["csv", "claims"])
def test_tables_are_exported_with_their_headings(run: Run, tmp_path: Path, what: str) -> None:
    assert run("export", what, "--out", tmp_path / "out.csv").exit_code == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]


def test_reports_for_people_list_their_entries(capsys: pytest.CaptureFixture[str]) -> None:
    speech.say({"rows": 2, "problems": [{"row": 7, "message": "bad"}]}, as_json=False)
    assert capsys.readouterr().out == "rows: 2\nproblems: 1\n  7 · bad\n"


PROMISED_JOBS = {
    "survey.remind-units", "catalog.pause-uncalibrated", "booking.expire-pending", "booking.mark-no-shows",
    "booking.offer-waitlist", "usage.close-forgotten", "billing.issue-charges", "vouchers.remind-expiring",
    "vouchers.expire-unused", "vouchers.verify-ledger", "settlement.check-claims", "settlement.assemble-batch",
    "settlement.close-notices", "settlement.draw-sample", "insight.roll-up", "messages.send-outbox",
    "foundation.seal-audit", "foundation.backup",
}  # fmt: skip
"""Operators' notes and crontabs name them: more may come, none is renamed."""
PROMISED_COMMANDS = {
    "audit verify", "backup", "db upgrade", "demo load", "export", "jobs list", "jobs run", "ledger verify", "restore",
    "scheduler", "survey import", "survey template", "user create", "user disable", "user token",
    "vouchers calculate",
}  # fmt: skip


def test_every_promised_job_is_in_the_clockwork_once(app: Flask) -> None:
    with app.app_context():
        names = [job.name for job in jobs.known()]
    assert len(names) == len(set(names))
    assert set(names) >= PROMISED_JOBS


def test_every_promised_command_is_there(app: Flask) -> None:
    found = set()
    for name, command in app.cli.commands.items():
        children = getattr(command, "commands", {})
        found |= {f"{name} {child}" for child in children} if children else {name}
    assert found >= PROMISED_COMMANDS


@pytest.mark.parametrize("on", ["2026-11-20", "2027-01-01", "2027-02-01"])
def test_every_job_runs_for_any_date_on_an_empty_city_and_again(run: Run, app: Flask, on: str) -> None:
    with app.app_context():
        names = sorted(job.name for job in jobs.known() if job.name != "foundation.backup")
    for name in names:
        for _round in range(2):
            report = json.loads(run("jobs", "run", name, "--on", on).stdout)
            assert (report["state"], report["failed"]) == ("done", 0), report
