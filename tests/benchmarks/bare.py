"""What the engine and Flask alone can do: the same SQL, raw, without anything around it."""

from __future__ import annotations

import json
import os
import pickle
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request

LOCK = "UPDATE calendar SET revision = revision + 1 WHERE position_id = %s"
CHECK = "SELECT 1 FROM occupation WHERE position_id = %s AND starts_at < %s AND ends_at > %s LIMIT 1"
INSERT = (
    "INSERT INTO occupation (position_id, starts_at, ends_at, kind, is_firm, reference)"
    " VALUES (%s, %s, %s, 'booking', true, 'booking:0') RETURNING id"
)
app = Flask(__name__)


@cache
def connection() -> psycopg.Connection[Any]:
    """One connection a worker."""
    return psycopg.connect(os.environ["BENCH_URL"].replace("postgresql+psycopg", "postgresql"), autocommit=True)


@cache
def recorded() -> dict[int, list[tuple[str, Any]]]:
    """The statements the product sent for an instrument's week."""
    return pickle.loads((Path(os.environ["BENCH_FOLDER"]) / "week.pickle").read_bytes())  # noqa: S301 - our own file


@app.post("/book")
def book() -> tuple[dict[str, Any], int]:
    """Lock the position, check, insert, commit."""
    asked = request.get_json()
    start, end = (datetime.fromisoformat(asked[name]) for name in ("starts_at", "ends_at"))
    with connection().transaction():
        connection().execute(LOCK, (asked["position_id"],))
        if connection().execute(CHECK, (asked["position_id"], end, start)).fetchone():
            return {"code": "taken"}, 409
        made = connection().execute(INSERT, (asked["position_id"], start, end)).fetchone()
    return {"id": made[0] if made else None}, 201


@app.get("/week/<int:instrument_id>")
def week(instrument_id: int) -> Any:
    """The rows of the product's statements as JSON."""
    rows = [connection().execute(text, values).fetchall() for text, values in recorded()[instrument_id]]
    return app.response_class(json.dumps(rows, default=str), mimetype="application/json")
