"""The search page against its own SQL, and substrings cut anywhere."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from flask import Flask
from sqlalchemy import select

from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import db
from tests.benchmarks.city import City
from tests.benchmarks.over_http import recorded
from tests.benchmarks.result import Result
from tests.databases import make_app

ROUNDS, PROBES = 15, 150


def page(app: Flask, word: str) -> Result:
    """Count, 20 rows and all facets of a page as JSON, against the same statements run raw."""
    path = f"/api/v1/instruments?q={quote(word)}"
    statements = recorded(app, path)
    client = app.test_client()
    mine = median(_seconds(lambda: client.get(path)) for _round in range(ROUNDS))
    with app.app_context(), db.engine.connect() as connection:

        def raw() -> None:
            for text, values in statements:
                connection.exec_driver_sql(text, values).fetchall()

        reference = median(_seconds(raw) for _round in range(ROUNDS))
    found = f"{mine * 1000:.1f} ms of {reference * 1000:.1f} ms, {len(statements)} statements"
    return Result(f"search page, {word}", found, mine / reference, most=1.5)


def _seconds(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - began


def probes(app: Flask, city: City) -> list[Result]:
    """150 pieces of names; each must find exactly the names that hold it, on both databases."""
    with app.app_context():
        first = Result("substring probes, PostgreSQL", f"of {PROBES}", _exact(city), least=PROBES)
        db.session.remove()
    folder = Path(tempfile.mkdtemp(prefix="ec-bench-"))
    other = make_app(f"sqlite:///{folder / 'probes.db'}", folder)
    with other.app_context():
        text_index.install(db.session.connection())
        text_index.put_many("instrument", [(key, [name]) for key, name in city.names.items()])
        second = Result("substring probes, SQLite", f"of {PROBES}", _exact(city), least=PROBES)
        db.session.remove()
    return [first, second]


def _exact(city: City) -> int:
    chance = random.Random(7)
    names = sorted(set(city.names.values()))
    right = 0
    for _each in range(PROBES):
        name = chance.choice(names)
        length = chance.randint(2, 4)
        start = chance.randrange(len(name) - length + 1)
        piece = name[start : start + length]
        matched = text_index.matches("instrument", piece)
        found = set(db.session.scalars(select(matched.c.id))) if matched is not None else set()
        right += found == {key for key, name in city.names.items() if piece in name}
    return right
