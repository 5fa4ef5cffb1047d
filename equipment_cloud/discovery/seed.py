"""First synonyms, for the migration that writes them: words of Yuyao's trades for what the catalogue calls otherwise.

Written against a plain table construct, because a migration must keep running when the model has moved on. May be run
again: what staff changed stays changed.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from equipment_cloud.foundation.segments import spelling_of

FILE = Path(__file__).parent / "data" / "synonyms.csv"

_SYNONYM = sa.table(
    "synonym",
    sa.column("word", sa.String), sa.column("meaning", sa.String), sa.column("spelling", sa.String),
    sa.column("meaning_spelling", sa.String), sa.column("both_ways", sa.Boolean),
)  # fmt: skip


def seed(connection: sa.Connection) -> None:
    """Insert every synonym that is not there yet."""
    keys = (_SYNONYM.c.spelling, _SYNONYM.c.meaning_spelling)
    there = {tuple(row) for row in connection.execute(sa.select(*keys))}
    wanted = {(row["spelling"], row["meaning_spelling"]): row for row in rows()}
    new = [row for key, row in wanted.items() if key not in there]
    if new:
        connection.execute(sa.insert(_SYNONYM), new)


def rows() -> list[dict[str, Any]]:
    """The written synonyms as rows of the table."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return [
            {
                "word": row["word"],
                "meaning": row["meaning"],
                "spelling": spelling_of(row["word"]),
                "meaning_spelling": spelling_of(row["meaning"]),
                "both_ways": row["both_ways"] == "1",
            }
            for row in csv.DictReader(stream)
        ]
