"""Eight processes ask for one slot: one gets it, seven are refused with alternatives, on the database of the run.

By hand, ``RACE_WITHOUT_GUARDS=1`` takes lock, constraint and trigger out, and the race fails.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text

from equipment_cloud.accounts import service as accounts
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.occupancy import guards
from tests import databases
from tests.conftest import NOW
from tests.factories import booking as make
from tests.factories import occupancy as places

RIVALS = 8
ROUNDS = 50 if os.environ.get("STRESS") else 3
OVERLAPS = text("""
    SELECT count(*) FROM occupation a JOIN occupation b
    ON a.position_id = b.position_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
""")


@dataclass
class Race:
    """The rivals at the line, each with a token of a person of their own."""

    app: Flask
    machine_id: int
    customer_id: int
    people: list[Actor]
    tokens: list[str]
    rivals: list[TextIO]

    def run(self, way: str, starts_at: datetime) -> list[dict[str, Any]]:
        """All ask for the same two hours at once."""
        ends_at = starts_at + timedelta(hours=2)
        zone = ZoneInfo("Asia/Shanghai")
        asked = {
            "way": way, "instrument_id": self.machine_id, "organisation_id": self.customer_id, "purpose": "rd",
            "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(),
            "local_starts_at": f"{starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            "local_ends_at": f"{ends_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        for rival, person, token in zip(self.rivals, self.people, self.tokens, strict=True):
            rival.write(json.dumps(asked | {"person_id": person.id, "token": token}) + "\n")
        for rival in self.rivals:
            rival.flush()
        return [json.loads(rival.readline()) for rival in self.rivals]


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    """A migrated database of its own, a bookable instrument in it, and eight processes that wait."""
    with ExitStack() as stack:
        url = stack.enter_context(databases.fresh_database())
        app = databases.make_app(url, Path(tempfile.mkdtemp()))
        stack.enter_context(app.app_context())
        with transaction() as session:
            if os.environ.get("RACE_WITHOUT_GUARDS"):
                guards.remove(session.connection())
            scene = make.scene(session, hours="00:00-24:00", days=range(7), follows_workdays=False)
            people = [places.member(session, scene.customer, "researcher") for _rival in range(RIVALS)]
            tokens = [accounts.issue_token(person.id, "race", now=NOW)[0] for person in people]
            machine_id, customer_id = scene.machine.id, scene.customer.id
        rivals = stack.enter_context(started(url))
        assert [rival.readline().strip() for rival in rivals] == ["ready"] * RIVALS
        yield Race(app, machine_id, customer_id, people, tokens, rivals)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def started(url: str) -> Iterator[list[TextIO]]:
    """The rivals, each at the end of a line; they leave when it is closed."""
    pairs = [socket.socketpair() for _rival in range(RIVALS)]
    theirs = [pair[1].fileno() for pair in pairs]
    command = [sys.executable, "-m", "tests.races.booking_process", url, *map(str, theirs)]
    process = subprocess.Popen(command, pass_fds=theirs)
    rivals = [pair[0].makefile("rw", encoding="utf-8") for pair in pairs]
    yield rivals
    for rival, pair in zip(rivals, pairs, strict=True):
        rival.close()
        pair[0].close()
        pair[1].close()
    process.wait(timeout=60)


@pytest.mark.parametrize("way", ["api", "page"])
def test_eight_ask_for_one_slot_and_one_gets_it(race: Race, way: str) -> None:
    slowest = []
    for number in range(ROUNDS):
        offset = timedelta(hours=2 * number + (2 * ROUNDS if way == "page" else 0))
        answers = race.run(way, NOW + timedelta(hours=1) + offset)
        seen = Counter((answer["status"], answer["code"]) for answer in answers)
        assert seen == {(201, None): 1, (409, "period-taken"): RIVALS - 1}
        assert all(1 <= answer["alternatives"] <= 5 for answer in answers if answer["status"] == 409)
        slowest.append(max(answer["ms"] for answer in answers))
    with db.engine.connect() as connection:
        assert connection.scalar(OVERLAPS) == 0
    cold, warm = slowest[0], max(slowest[1:])
    print(f"{databases.ENGINE}, {way}: {ROUNDS} rounds of {RIVALS}, slowest answer {warm} ms, in the first {cold} ms")
