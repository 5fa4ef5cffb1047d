"""A running platform for browser tests: a database of its own, a web server process, and its address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRET = "tests-only-" + "x" * 32
PATIENCE_SECONDS = 60


def environment(url: str, storage: Path) -> dict[str, str]:
    """Settings of the processes: that database, demo accounts allowed, nothing sent anywhere."""
    return {
        **os.environ, "DATABASE_URL": url, "STORAGE_DIR": str(storage), "SECRET_KEY": SECRET, "DEMO": "1",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def flask(*arguments: str, env: dict[str, str]) -> str:
    """Run a ``flask`` command to its end; its output. Raises when it fails."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def served(env: dict[str, str], *, threads: int = 4) -> Iterator[str]:
    """The platform on a free loopback port; yields its address."""
    port = _free_port()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, after the server
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--no-control-socket", "-w", "1", "--threads", str(threads), "-b",
         f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address + "/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@contextmanager
def demo_city() -> Iterator[tuple[str, dict[str, str]]]:
    """The example city on SQLite, served; yields its address and the environment of its processes."""
    with tempfile.TemporaryDirectory(prefix="ec-city-") as folder:
        env = environment(f"sqlite:///{folder}/city.db", Path(folder) / "files")
        flask("db", "upgrade", env=env)
        flask("demo", "load", env=env)
        with served(env) as address:
            yield address, env


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("the web server ended before it answered")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own loopback address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not answer in time")
