"""Two gunicorn workers, eight clients, requests a second."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CLIENTS, WORKERS, READY_SECONDS = 8, 2, 120
Ask = Callable[[int], tuple[str, str, bytes | None, dict[str, str]]]
"""Request number -> method, path, body, headers."""


@contextmanager
def serving(module: str, *, url: str, folder: Path) -> Iterator[int]:
    """A server of ``tests.benchmarks.<module>:app``; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}", "--log-level", "error",
        "--no-control-socket", "--timeout", "120",
        f"tests.benchmarks.{module}:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | {"BENCH_URL": url, "BENCH_FOLDER": str(folder)})
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _await(port: int) -> None:
    """Wait until a worker answers: the socket alone is there long before."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            _send(port, "GET", "/", None, {})
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(port)


def rate(port: int, ask: Ask, *, expected: int, seconds: float) -> float:
    """Good answers a second with eight clients; the first second only warms up. Raises for any other answer."""
    lock, sent, done, wrong = threading.Lock(), [0], [0], []
    began = time.perf_counter() + 1

    def client() -> None:
        while time.perf_counter() < began + seconds and not wrong:
            with lock:
                number, sent[0] = sent[0], sent[0] + 1
            status, text = _send(port, *ask(number))
            if status != expected:
                wrong.append(f"{status} {text[:300]!r}")
            elif time.perf_counter() > began:
                with lock:
                    done[0] += 1

    threads = [threading.Thread(target=client) for _each in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return done[0] / seconds


def _send(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()
