"""Putting records into the index and taking them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import text

from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.foundation.segments import MOST_TERMS, terms_of
from equipment_cloud.foundation.text_index.tables import COLUMNS, TIERS, key_range

Texts = Sequence[str | Sequence[str | None] | None]
"""What stands on each tier, the name first: a text or several; texts beyond the last tier join it."""

_CHUNK = 500
_NAMES, _VALUES = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
_VECTORS = ", ".join(f"CAST(:{name} AS tsvector)" for name in COLUMNS)
_AGAIN = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_PUT = {
    True: f"INSERT OR REPLACE INTO search_text (rowid, {_NAMES}) VALUES (:key, {_VALUES})",  # noqa: S608 - our names
    False: f"INSERT INTO search_text (key, {_NAMES}) VALUES (:key, {_VECTORS}) ON CONFLICT (key) DO UPDATE SET {_AGAIN}",  # noqa: S608, E501 - our names
}
_KEY = {True: "rowid", False: "key"}


def put(kind: str, record_id: int, texts: Texts) -> None:
    """Index one record anew. See :func:`put_many`."""
    put_many(kind, [(record_id, texts)])


def put_many(kind: str, rows: Iterable[tuple[int, Texts]]) -> None:
    """Index records anew: ``(id, texts)`` each, the texts by tier."""
    remaining, in_sqlite = iter(rows), is_sqlite()
    low, _high = key_range(kind)
    while chunk := list(islice(remaining, _CHUNK)):
        values = [{"key": low | record_id, **_tiers(texts, in_sqlite=in_sqlite)} for record_id, texts in chunk]
        session().execute(text(_PUT[in_sqlite]), values)


def forget(kind: str, record_id: int) -> None:
    """Forget one record."""
    statement = f"DELETE FROM search_text WHERE {_KEY[is_sqlite()]} = :key"  # noqa: S608 - our names
    session().execute(text(statement), {"key": key_range(kind)[0] | record_id})


def clear(kind: str) -> None:
    """Forget all records of a kind, before indexing them anew."""
    low, high = key_range(kind)
    statement = f"DELETE FROM search_text WHERE {_KEY[is_sqlite()]} BETWEEN :low AND :high"  # noqa: S608 - our names
    session().execute(text(statement), {"low": low, "high": high})


def _tiers(texts: Texts, *, in_sqlite: bool) -> dict[str, str]:
    tiers: list[list[str]] = [[] for _name in COLUMNS]
    for place, given in enumerate(texts):
        for single in [given] if given is None or isinstance(given, str) else given:
            tiers[min(place, TIERS - 1)].extend(terms_of(single or ""))
    spelled = (" ".join(terms[:MOST_TERMS]) if in_sqlite else _vector(terms) for terms in tiers)
    return dict(zip(COLUMNS, spelled, strict=True))


def _vector(terms: Sequence[str]) -> str:
    """A tsvector as text: every term once, with all its positions. Terms are letters and digits alone."""
    places: dict[str, list[int]] = {}
    for position, term in enumerate(terms[:MOST_TERMS], 1):
        if len(found := places.setdefault(term, [])) < 255:
            found.append(position)
    return " ".join(f"'{term}':{','.join(map(str, found))}" for term, found in places.items())
