"""Bookings created, and an instrument's week read, through HTTP."""

from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from equipment_cloud.foundation.db import db
from tests.benchmarks.city import City
from tests.benchmarks.result import Result
from tests.benchmarks.servers import rate, serving

HOURS = 10
"""Free hours of each day: ten to eight o'clock."""


def create(city: City, *, url: str, folder: Path, now: datetime, seconds: float) -> Result:
    """Requests a second for distinct free hours; the product books the next weeks, the bare route those after."""
    ours, theirs = _asking(city, now, days=1), _asking(city, now, days=28)

    def product(number: int) -> tuple[str, str, bytes | None, dict[str, str]]:
        body = ours(number, "instrument_id")
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {city.token}"}
        return "POST", "/api/v1/bookings", json.dumps(body | {"purpose": "rd"}).encode(), headers

    def bare(number: int) -> tuple[str, str, bytes | None, dict[str, str]]:
        body = json.dumps(theirs(number, "position_id")).encode()
        return "POST", "/book", body, {"Content-Type": "application/json"}

    with serving("product", url=url, folder=folder) as port:
        mine = rate(port, product, expected=201, seconds=seconds)
    with serving("bare", url=url, folder=folder) as port:
        reference = rate(port, bare, expected=201, seconds=seconds)
    return Result(
        "create a booking, HTTP, 8 clients", f"{mine:.0f}/s of {reference:.0f}/s", mine / reference, least=0.5
    )


def _asking(city: City, now: datetime, *, days: int) -> Any:
    midnight = now.replace(hour=0, minute=0, second=0)

    def asked(number: int, key: str) -> dict[str, Any]:
        turn, index = divmod(number, len(city.places))
        day, hour = divmod(turn, HOURS)
        start = midnight + timedelta(days=days + day, hours=2 + hour)
        place = city.places[index][0 if key == "instrument_id" else 1]
        return {key: place, "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}

    return asked


def week(app: Flask, city: City, *, url: str, folder: Path, now: datetime, seconds: float) -> Result:
    """The availability of a week against the same statements without the product."""
    places = [instrument_id for instrument_id, _position in city.places[:: max(1, len(city.places) // 50)]]
    window = f"from={now:%Y-%m-%dT00:00:00}Z&to={now + timedelta(days=7):%Y-%m-%dT00:00:00}Z"
    paths = [f"/api/v1/instruments/{instrument_id}/availability?{window}" for instrument_id in places]
    statements = {key: recorded(app, path) for key, path in zip(places, paths, strict=True)}
    (folder / "week.pickle").write_bytes(pickle.dumps(statements))
    with serving("product", url=url, folder=folder) as port:
        mine = rate(port, lambda n: ("GET", paths[n % len(paths)], None, {}), expected=200, seconds=seconds)
    with serving("bare", url=url, folder=folder) as port:
        reference = rate(
            port, lambda n: ("GET", f"/week/{places[n % len(places)]}", None, {}), expected=200, seconds=seconds
        )
    found = f"{mine:.0f}/s of {reference:.0f}/s, {len(statements[places[0]])} statements"
    return Result("one instrument's week, JSON", found, mine / reference, least=0.7)


def recorded(app: Flask, path: str) -> list[tuple[str, Any]]:
    """The statements one request sends, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, dict(values)))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().get(path)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:300])
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen
