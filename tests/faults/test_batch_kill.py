"""``kill -9`` in the middle of ``settlement.assemble-batch``, then a rerun: nothing lost, nothing doubled.

A trigger of the test's own stops the job's process between two of its statements; there it is killed. The next run,
with the trigger gone, must find the database as if the first had never been.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.settlement import jobs
from equipment_cloud.settlement.models import Batch, BatchLine, BatchStep, Claim
from equipment_cloud.settlement.rules import ClaimState
from equipment_cloud.vouchers import ledger
from tests import databases
from tests.conftest import NOW
from tests.factories.settlement import town

CLAIMS = 8
STRESS = bool(os.environ.get("STRESS"))
STAGES = ("batch_line", "claim", "audit_note", "batch_step") if STRESS else ("claim", "audit_note")
"""Where the job is stopped: while it writes this table."""
ROUNDS = 5 if STRESS else 1
COMMAND = (sys.executable, "-m", "flask", "jobs", "run", "settlement.assemble-batch", "--on", "2027-01-02")
ROOT = Path(__file__).resolve().parents[2]
SETTLED_IN = 0.7
"""Seconds of a held lock after which the process must be standing at the trigger."""


@pytest.fixture
def url() -> Iterator[str]:
    with databases.fresh_database() as found:
        yield found


@contextmanager
def application(url: str) -> Iterator[Flask]:
    app = databases.make_app(url, Path(tempfile.mkdtemp()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def start_job(url: str) -> subprocess.Popen[bytes]:
    settings = {"DATABASE_URL": url, "STORAGE_DIR": tempfile.mkdtemp(), "SECRET_KEY": "tests-only"}
    return subprocess.Popen(
        COMMAND, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run_job(url: str) -> int:
    """The job from beginning to end; how many batches it made."""
    out, errors = start_job(url).communicate(timeout=120)
    assert out, errors.decode()
    return int(json.loads(out)["done"])


def execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def stopping_at(url: str, table: str) -> Iterator[None]:
    """A trigger that keeps whoever writes the table in this job busy until it is killed."""
    act = "UPDATE" if table == "claim" else "INSERT"
    when = "WHEN (NEW.action = 'settlement.batch')" if table == "audit_note" else ""
    if databases.ENGINE == "sqlite":
        endless = (
            "SELECT count(*) FROM audit_note a, audit_note b, audit_note c, audit_note d, audit_note e, audit_note f"
        )
        execute(url, f"CREATE TRIGGER test_stop AFTER {act} ON {table} {when} BEGIN {endless}; END")
    else:
        execute(
            url,
            "CREATE FUNCTION test_stop() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF current_setting('test.stopped', true) IS NULL THEN"
            " PERFORM set_config('test.stopped', 'yes', true); PERFORM pg_sleep(2); END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER test_stop AFTER {act} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION test_stop()",
        )
    try:
        yield
    finally:
        if databases.ENGINE == "sqlite":
            execute(url, "DROP TRIGGER test_stop")
        else:
            execute(url, f"DROP TRIGGER test_stop ON {table}", "DROP FUNCTION test_stop()")


def stands_at_the_trigger(url: str) -> bool:
    if databases.ENGINE == "sqlite":
        return holds_the_write_lock(str(sa.make_url(url).database))
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        ).scalar_one()
    engine.dispose()
    return bool(found)


def holds_the_write_lock(path: str) -> bool:
    """Somebody keeps the write lock for longer than any honest transaction of this job takes."""
    until = time.monotonic() + SETTLED_IN
    while time.monotonic() < until:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        return False
    return True


def kill_in_the_middle(url: str, table: str) -> None:
    with stopping_at(url, table):
        job = start_job(url)
        deadline = time.monotonic() + 60
        while not stands_at_the_trigger(url):
            assert job.poll() is None, (job.communicate()[1] or b"").decode()
            assert time.monotonic() < deadline, "the job never came to the trigger"
            time.sleep(0.05)
        os.kill(job.pid, signal.SIGKILL)
        assert job.wait() == -signal.SIGKILL
        job.communicate()


def rows(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.timeout(900)
def test_a_batch_killed_halfway_is_assembled_once_by_the_next_run(url: str) -> None:
    with application(url):
        with transaction() as session:
            place = town(session, NOW)
            for _each in range(CLAIMS):
                place.approved()
        before = rows(AuditNote)
    for table in STAGES * ROUNDS:
        kill_in_the_middle(url, table)
        with application(url):
            assert rows(Batch) == rows(BatchLine) == rows(BatchStep) == 0
            assert rows(AuditNote) == before
            assert ledger.verify()["ok"]
    assert run_job(url) == 1
    with application(url):
        check_the_batch(before)
        assert jobs.assemble_batch(date(2027, 1, 2), NOW + timedelta(days=40)).done == 0
        check_the_batch(before)


def check_the_batch(notes_before: int) -> None:
    batch = db.session.scalars(sa.select(Batch)).one()
    lines = db.session.scalars(sa.select(BatchLine).order_by(BatchLine.position)).all()
    assert [line.position for line in lines] == list(range(1, CLAIMS + 1))
    assert len({line.claim_id for line in lines}) == CLAIMS
    assert (batch.lines_count, batch.total_fen) == (CLAIMS, sum(line.amount_fen for line in lines))
    assert set(db.session.scalars(sa.select(Claim.state))) == {ClaimState.BATCHED}
    assert rows(AuditNote) == notes_before + CLAIMS + 1
    assert rows(BatchStep) == 6
    assert ledger.verify()["ok"]
