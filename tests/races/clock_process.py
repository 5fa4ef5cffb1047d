"""A process of the clock's races: ``python -m tests.races.clock_process URL fire|schedule``.

Its one job leaves an audit note each time it is run, so that a second run of one firing cannot hide.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from equipment_cloud import scheduler
from equipment_cloud.foundation import audit, jobs
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from tests import databases

FIRST_DUE = datetime(2026, 11, 1, tzinfo=UTC)


def act(on: date, now: datetime) -> Outcome:
    """One note for each run."""
    with transaction():
        audit.note("try.act", f"date:{on}", by=SYSTEM, now=now)
    return Outcome(done=1)


def fire(rounds: int) -> None:
    """Run each of the firings when the starting line on stdin comes; print how many were ours."""
    known = Job("try.act", "* * * * *", act)
    ours = 0
    for number in range(rounds):
        sys.stdin.readline()
        due_at = FIRST_DUE + timedelta(days=number)
        ours += jobs.run_once(known, due_at, now=due_at) is not None
        sys.stdout.write("done\n")
        sys.stdout.flush()
    sys.stdout.write(f"{ours}\n")


def main(url: str, way: str, rounds: int) -> None:
    """Either way, on the real application with a timetable of one."""
    app = databases.make_app(url, Path(tempfile.mkdtemp()))
    if way == "schedule":
        logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
        app.extensions["jobs"] = (Job("try.act", "0 0 * * *", act),)
        scheduler.run(app)
        return
    with app.app_context():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        fire(rounds)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
