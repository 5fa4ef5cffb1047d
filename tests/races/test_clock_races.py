"""Two clocks side by side run each firing once: real processes, on the database of the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from equipment_cloud.foundation import jobs
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.foundation.job import JobRegistration, JobRun, RunState
from tests import databases

PROCESSES = 4
ROUNDS = 200 if os.environ.get("STRESS") else 20
DEADLINE = 60


@pytest.fixture
def url() -> Iterator[str]:
    with databases.fresh_database() as url:
        yield url


@contextmanager
def looking_at(url: str) -> Iterator[Flask]:
    app = databases.make_app(url, Path(tempfile.mkdtemp()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def processes(count: int, url: str, way: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of :mod:`tests.races.clock_process`; none outlives the block."""
    command = [sys.executable, "-m", "tests.races.clock_process", url, way, str(ROUNDS)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, text=True, **pipes) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def say(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(words)
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    if line := process.stdout.readline():
        return line.strip()
    raise AssertionError(f"a process ended: {process.stderr.read()}")


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    while words not in hear(process):
        pass


def notes() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(AuditNote.reference).where(AuditNote.action == "try.act")))


def test_rivals_for_one_firing_run_it_once(url: str) -> None:
    with processes(PROCESSES, url, "fire") as rivals:
        for rival in rivals:
            wait_for(rival, "ready")
        for _round in range(ROUNDS):
            for rival in rivals:
                say(rival, "go\n")
            assert [hear(rival) for rival in rivals] == ["done"] * PROCESSES
        assert sum(int(hear(rival)) for rival in rivals) == ROUNDS
        assert [rival.wait(DEADLINE) for rival in rivals] == [0] * PROCESSES
    with looking_at(url):
        assert list(notes().values()) == [1] * ROUNDS


def test_two_schedulers_catch_up_each_date_once_and_stop_cleanly(url: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    with looking_at(url):
        with transaction() as current:
            current.add(JobRegistration(job_name="try.act", registered_at=now - timedelta(days=15)))
        with processes(2, url, "schedule") as clocks:
            for process in clocks:
                wait_for(process, "the clock runs")
            until = time.monotonic() + DEADLINE
            while time.monotonic() < until and (sum(notes().values()) < 15 or jobs.last_beat() is None):
                time.sleep(0.2)
            for process in clocks:
                process.send_signal(signal.SIGTERM)
            assert [process.wait(DEADLINE) for process in clocks] == [0, 0]
        assert list(notes().values()) == [1] * 15
        assert set(db.session.scalars(select(JobRun.state))) == {RunState.DONE}
        assert not jobs.stands_still(jobs.last_beat(), now=datetime.now(UTC))
