"""Which records hold what is asked, and how well: points by part and tier, added up in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Integer, bindparam, column, literal, select, text, type_coerce
from sqlalchemy.sql.selectable import FromClause, Subquery

from equipment_cloud.foundation.db import is_sqlite
from equipment_cloud.foundation.segments import Unit, units_of
from equipment_cloud.foundation.text_index.tables import COLUMNS, ID_MASK, key_range

TIER_POINTS = (100, 70, 50, 20, 10)
"""What a word is worth by where it stands: name, kin, method, content, who."""
MOST_FOUND = 2_000
"""A search for some of the parts keeps so many of the best."""

_HITS = {
    True: (
        "SELECT rowid AS key, {part} AS part, CAST(:w{name} AS integer) AS points FROM search_text"
        " WHERE {tier} MATCH :q{name} AND ({range})"
    ),
    False: (
        "SELECT key, {part} AS part, CAST(:w{name} AS integer) AS points FROM search_text"
        " WHERE {tier} @@ CAST(:q{name} AS tsquery) AND ({range})"
    ),
}
_NOTHING = "SELECT 0 AS key, 0 AS part, 0 AS points WHERE 1 = 0"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of saying a part: all these units on one tier; ``weight`` 100 is the part's full worth."""

    units: tuple[Unit, ...]
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of what is asked. It is found where one of its choices is, and counts once, where it counts most."""

    choices: tuple[Choice, ...]


def matches(kind: str, query: str) -> Subquery | None:
    """Records that hold every word of the query, as a subquery of ``id`` and ``rank`` (higher is better, unordered).

    ``None`` for a blank query; no rows for a query with nothing searchable in it (``***``). Any text is a valid query.
    """
    if not query.strip():
        return None
    found = ranked((kind,), [Wanted((Choice((unit,)),)) for unit in units_of(query)])
    return _renamed(kind, found)


def ranked(kinds: Sequence[str], wanted: Sequence[Wanted], *, least_percent: int | None = None) -> CTE:
    """Records of some kinds with ``key`` and ``rank`` (points; higher is better), unordered.

    Every part must be found; with ``least_percent`` some are enough: the best so many records whose points reach that
    share of the best one's.
    """
    values: dict[str, Any] = {}
    ranges = _ranges(kinds, values)
    hits = [statement for number, part in enumerate(wanted) for statement in _of_part(number, part, ranges, values)]
    body = " UNION ALL ".join(hits) or _NOTHING
    values = values if hits else {}
    if len(wanted) <= 1:
        summed = f"SELECT key, max(points) AS rank FROM ({body}) AS hit GROUP BY key"  # noqa: S608 - our names
    else:
        best = f"SELECT key, part, max(points) AS points FROM ({body}) AS hit GROUP BY key, part"  # noqa: S608
        whole = f" HAVING count(*) = {len(wanted)}" if least_percent is None else ""
        summed = f"SELECT key, sum(points) AS rank FROM ({best}) AS best GROUP BY key{whole}"  # noqa: S608
    if least_percent is not None:
        summed = (
            f"SELECT key, rank FROM (SELECT key, rank, max(rank) OVER () AS top FROM ({summed}) AS summed) AS topped"  # noqa: S608
            f" WHERE rank * 100 >= top * {int(least_percent)} ORDER BY rank DESC, key LIMIT {MOST_FOUND}"
        )
    bound = text(summed).bindparams(*(bindparam(name, value) for name, value in values.items()))
    found = bound.columns(column("key", BigInteger), column("rank", Integer))
    return found.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def id_of(key: ColumnElement[int]) -> ColumnElement[int]:
    """The record's id within its kind."""
    return type_coerce(key.op("&")(literal(ID_MASK, BigInteger)), BigInteger)


def key_of(kind: str, record_id: Any) -> ColumnElement[int]:
    """The key of a record, from the column of its id."""
    return type_coerce(record_id + literal(key_range(kind)[0], BigInteger), BigInteger)


def _renamed(kind: str, found: FromClause) -> Subquery:
    low, high = key_range(kind)
    return select(id_of(found.c.key).label("id"), found.c.rank).where(found.c.key.between(low, high)).subquery()


def _ranges(kinds: Sequence[str], values: dict[str, Any]) -> str:
    name = "rowid" if is_sqlite() else "key"
    for number, kind in enumerate(kinds):
        values[f"low{number}"], values[f"high{number}"] = key_range(kind)
    return " OR ".join(f"{name} BETWEEN :low{number} AND :high{number}" for number in range(len(kinds)))


def _of_part(number: int, part: Wanted, ranges: str, values: dict[str, Any]) -> list[str]:
    in_sqlite = is_sqlite()
    say = _fts5_query if in_sqlite else _tsquery
    by_weight: dict[int, list[str]] = {}
    for choice in part.choices:
        by_weight.setdefault(choice.weight, []).append(say(choice.units))
    statements: list[str] = []
    for place, (weight, queries) in enumerate(by_weight.items()):
        query = (" OR " if in_sqlite else " | ").join(f"({query})" for query in queries)
        for tier, points in zip(COLUMNS, TIER_POINTS, strict=True):
            name = f"{number}_{place}_{tier}"
            values[f"w{name}"], values[f"q{name}"] = weight * points // 100, query
            statements.append(_HITS[in_sqlite].format(part=number, name=name, tier=tier, range=ranges))
    return statements


def _fts5_query(units: Sequence[Unit]) -> str:
    return " AND ".join(f'"{" ".join(unit.terms)}"{"*" if unit.is_prefix else ""}' for unit in units)


def _tsquery(units: Sequence[Unit]) -> str:
    return " & ".join(
        "(" + " <-> ".join(f"'{term}'" + ":*" * unit.is_prefix for term in unit.terms) + ")" for unit in units
    )
