"""The rivals of the booking races: ``python -m tests.races.booking_process URL LINE...``, one process a line.

A line is an open socket. What comes over it is one request as JSON, sent to the real application by API or as a page's
form; the answer is a line of JSON: status, code, how many alternatives, milliseconds. ``RACE_WITHOUT_GUARDS=1`` takes
the lock out, to show by hand that the race then fails.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import db
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import rules, service
from equipment_cloud.occupancy.service import occupations
from tests import databases
from tests.conftest import NOW


def ask_api(client: FlaskClient, given: dict[str, Any]) -> dict[str, Any]:
    body = {name: given[name] for name in ("instrument_id", "starts_at", "ends_at", "purpose")}
    answer = client.post("/api/v1/bookings", json=body, headers={"Authorization": f"Bearer {given['token']}"})
    found = answer.get_json()
    return {"status": answer.status_code, "code": found.get("code"), "alternatives": len(found.get("alternatives", []))}


def ask_page(client: FlaskClient, given: dict[str, Any]) -> dict[str, Any]:
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{given['person_id']}:1", True
    form = {name: given[f"local_{name}"] for name in ("starts_at", "ends_at")}
    form |= {"purpose": given["purpose"], "organisation_id": str(given["organisation_id"]), "voucher_id": ""}
    answer = client.post(f"/instruments/{given['instrument_id']}/book", data=form)
    offered = re.findall(r'href="\?starts_at=[^"]*">', answer.get_data(as_text=True))
    code = {303: None, 409: "period-taken"}.get(answer.status_code, "other")
    return {
        "status": 201 if answer.status_code == 303 else answer.status_code,
        "code": code,
        "alternatives": len(offered),
    }


def without_lock() -> None:
    """Read, think, write: what a careless programme does."""

    def careless(position_ids: Sequence[int], period: Period, *, besides: str | None = None) -> int | None:
        asked = {"position_ids": position_ids, "ends_at": period.ends_at, "besides": besides or ""}
        rows = db.session.execute(occupations._LAST_ENDS, asked).all()
        db.session.commit()
        time.sleep(0.05)
        db.session.connection(execution_options={"immediate": True})
        return rules.lowest_free({row[0]: row[1] for row in rows}, period)

    service.lock = lambda _position_ids: None
    service.free_position = careless


def serve(url: str, line: socket.socket) -> None:
    """Answer each request that comes over the line, on an application of one's own."""
    app = databases.make_app(url, Path(tempfile.mkdtemp()))
    with app.app_context():
        db.session.scalar(select(1))
        db.session.remove()
    ways = {"api": ask_api, "page": ask_page}
    with line.makefile("rw", encoding="utf-8") as talk:
        print("ready", file=talk, flush=True)
        for words in talk:
            given = json.loads(words)
            began = time.perf_counter()
            answer = ways[given["way"]](app.test_client(), given)
            milliseconds = round((time.perf_counter() - began) * 1000)
            print(json.dumps(answer | {"ms": milliseconds}), file=talk, flush=True)


def main(url: str, lines: list[int]) -> None:
    """One process a line. They part after the imports, which take seconds, and before anything is opened."""
    if os.environ.get("RACE_WITHOUT_GUARDS"):
        without_lock()
    clock.now = lambda: NOW
    for number in lines:
        if os.fork() == 0:
            serve(url, socket.socket(fileno=number))
            os._exit(0)
    for _number in lines:
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1], [int(number) for number in sys.argv[2:]])
