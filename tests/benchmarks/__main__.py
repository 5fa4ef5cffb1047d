"""Run all, print the table, write ``bench.json``; exit code 1 when a target is missed."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.embedded_postgres import SETTING, running

SCALES = {"small": 20, "full": 1}


def main() -> int:
    scale = SCALES[os.environ.get("BENCH_SCALE", "small")]
    with running(careful=True) as server:
        os.environ |= {SETTING: server, "TEST_DATABASE": "postgresql"}
        results = list(_measured(scale))
    for line in results:
        print(f"{line['work']:<36} {line['measured']:<34} {line['ratio']!s:>8}  {line['target']:<8} {line['verdict']}")
    Path("bench.json").write_text(json.dumps({"scale": 1 / scale, "results": results}, indent=1), encoding="utf-8")
    return int(any(line["verdict"] != "met" for line in results))


def _measured(scale: int) -> Iterator[dict[str, object]]:
    # Imported here because the tests' databases read the engine from the environment when they are imported.
    from equipment_cloud.foundation import clock
    from equipment_cloud.foundation.db import db
    from tests import databases
    from tests.benchmarks import city, importing, over_http, searching, settling
    from tests.benchmarks.result import Result

    folder, now, seconds = Path(tempfile.mkdtemp(prefix="ec-bench-")), clock.now(), 5.0
    with databases.fresh_database() as url:
        app = databases.make_app(url, folder / "files")
        with app.app_context():
            place = city.built(db.session(), instruments=10_000 // scale, each=100, now=now)
            db.session.remove()
        yield from _one(lambda: over_http.create(place, url=url, folder=folder, now=now, seconds=seconds))
        yield from _one(lambda: over_http.week(app, place, url=url, folder=folder, now=now, seconds=seconds))
    with databases.fresh_database() as url:
        app = databases.make_app(url, folder / "files")
        with app.app_context():
            place = city.built(db.session(), instruments=100_000 // scale, each=1, now=now)
            db.session.remove()
        for word in ("光谱", "半导体 探针", "显微镜"):
            yield from _one(lambda word=word: searching.page(app, word))
        for line in searching.probes(app, place):
            yield line.values()

        def imported() -> Result:
            mine, reading = importing.seconds(app, folder, rows=10_000 // scale, now=now)
            found = f"{mine:.2f} s of {reading:.2f} s"
            return Result(f"import of {10_000 // scale} survey rows", found, mine / reading, most=20)

        yield from _one(imported)
    with databases.fresh_database() as url:
        app = databases.make_app(url, folder / "files")
        yield from _one(lambda: settling.settled(app, claims=100_000 // scale, now=now))


def _one(work: Callable[[], object]) -> Iterator[dict[str, object]]:
    """A measurement that fails is a line of its own, not the end of the run."""
    try:
        yield work().values()  # type: ignore[attr-defined]
    except Exception as error:  # noqa: BLE001 - whatever it was, it is told
        traceback.print_exc()
        yield {"work": str(error)[:36], "measured": "failed", "ratio": "-", "target": "-", "verdict": "failed"}


if __name__ == "__main__":
    sys.exit(main())
