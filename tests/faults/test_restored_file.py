"""Processes that open a restored SQLite file together: a copy made by ``VACUUM INTO`` is not in WAL mode yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import databases

PROCESSES = 8
OPEN_AND_READ = """
import sys
import sqlalchemy as sa
import equipment_cloud.foundation.db
engine = sa.create_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with engine.connect() as connection:
    print(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
"""


@pytest.mark.skipif(databases.ENGINE != "sqlite", reason="journal modes are SQLite's")
@pytest.mark.parametrize("_round", range(3))
def test_processes_that_open_a_restored_file_at_the_same_time_all_succeed(_round: int) -> None:
    with databases.fresh_database() as url:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-c", OPEN_AND_READ, url]
        started = [subprocess.Popen(command, text=True, **pipes) for _ in range(PROCESSES)]
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=60)[0] for process in started] == ["wal\n"] * PROCESSES
