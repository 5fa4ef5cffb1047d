"""The words that are indexed: how many records hold each, and which words are one slip away from what was typed.

Counted from the index by :func:`recount`, which a job calls: a word put since then is found by its letters at once, it
is merely not yet known to be common or to be what a slip meant.

Slips are looked up, not compared word by word: every word's first letters are kept with each of them left out in turn,
and two beginnings that are one slip apart share such a remainder. The cost is that of a dozen look-ups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import bindparam, text

from equipment_cloud.foundation.db import is_sqlite, session

STEM = 7
"""Letters of a beginning; a slip behind them leaves the beginning as it is."""
SHORTEST_SWAPPED, SHORTEST_SLIPPED = 4, 5
"""From so many letters two swapped ones are forgiven, and from so many any single slip."""
MOST_CANDIDATES = 400

_EVERYTHING = "*"
"""The number of all records stands beside this, which is no word."""
_FRESH = {
    True: "SELECT term AS word, doc AS records FROM search_vocabulary",
    False: (
        "SELECT left(word, 32) AS word, max(ndoc) AS records FROM ts_stat("
        "'SELECT tier1 || tier2 || tier3 || tier4 || tier5 FROM search_text') GROUP BY 1"
    ),
}
_COMMONEST = (
    " UNION ALL SELECT CAST(:b{number} AS varchar), max(records) FROM search_word"
    " WHERE word >= :b{number} AND word < :e{number}"
)


@dataclass(frozen=True)
class Known:
    """How many records there are, and how many hold each word asked for; a word that none holds is missing."""

    everything: int
    words: dict[str, int]


def recount() -> int:
    """Bring the vocabulary in line with the index; returns how many words it has."""
    connection = session()
    fresh = _FRESH[is_sqlite()]
    connection.execute(text("DELETE FROM search_word"))
    connection.execute(text(f"INSERT INTO search_word (word, records) {fresh}"))
    connection.execute(
        text("INSERT INTO search_word (word, records) SELECT :word, count(*) FROM search_text"), {"word": _EVERYTHING}
    )
    stems = connection.scalars(
        text(
            "SELECT DISTINCT substr(word, 1, :stem) AS stem FROM search_word WHERE word >= 'a' AND word < '{'"
            " AND length(word) >= :least AND substr(word, 1, :stem) NOT IN (SELECT stem FROM search_slip)"
        ),
        {"stem": STEM, "least": SHORTEST_SWAPPED},
    ).all()
    latin = (stem for stem in stems if stem.isascii() and stem.isalpha())
    while chunk := list(islice(latin, 500)):
        pairs = [{"variant": variant, "stem": stem} for stem in chunk for variant in _remainders(stem)]
        connection.execute(text("INSERT INTO search_slip (variant, stem) VALUES (:variant, :stem)"), pairs)
    return connection.scalar(text("SELECT count(*) FROM search_word")) or 0


def how_often(terms: Collection[str], beginnings: Collection[str] = ()) -> Known:
    """How many records hold each term, and the commonest word with each beginning. One statement."""
    values: dict[str, object] = {"terms": [*terms, _EVERYTHING]}
    statement = "SELECT word, records FROM search_word WHERE word IN :terms"
    for number, start in enumerate(beginnings):
        statement += _COMMONEST.format(number=number)
        values |= {f"b{number}": start, f"e{number}": start + "\U0010ffff"}
    rows = session().execute(text(statement).bindparams(bindparam("terms", expanding=True)), values)
    words: dict[str, int] = {}
    for word, records in rows:
        if records:
            words[word] = max(words.get(word, 0), records)
    return Known(words.pop(_EVERYTHING, 0), words)


def near(typed: str, *, most: int = 3) -> list[str]:
    """Beginnings of indexed words that are one slip away from what was typed, the commonest first.

    A slip is one letter too many, missing or wrong, or two neighbours swapped; only the latter in words of four.
    """
    if len(typed) < SHORTEST_SWAPPED or not (typed.isascii() and typed.isalpha()):
        return []
    rows = session().execute(
        text(
            "SELECT DISTINCT word, records FROM search_slip JOIN search_word"
            " ON word >= stem AND word < stem || '{'"
            " WHERE variant IN :variants ORDER BY records DESC, word LIMIT :most"
        ).bindparams(bindparam("variants", expanding=True)),
        {"variants": sorted(_remainders(typed[:STEM])), "most": MOST_CANDIDATES},
    )
    meant: dict[str, None] = {}
    for word, _records in rows:
        if (start := beginning_meant(typed, word)) is not None:
            meant.setdefault(start)
    return list(meant)[:most]


def beginning_meant(typed: str, word: str) -> str | None:
    """The beginning of the word that is one slip away from what was typed, if there is one."""
    size = len(typed)
    lengths = (size, size - 1, size + 1) if size >= SHORTEST_SLIPPED else (size,)
    for length in lengths:
        start = word[:length]
        if len(start) == length and start != typed and _is_one_slip(typed, start, swapped_only=size < SHORTEST_SLIPPED):
            return start
    return None


def _is_one_slip(one: str, other: str, *, swapped_only: bool) -> bool:
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    if swapped_only or len(one) == len(other):
        return swapped or (not swapped_only and one[at + 1 :] == other[at + 1 :])
    return one[at + (len(one) > len(other)) :] == other[at + (len(other) > len(one)) :]


def _remainders(start: str) -> Iterable[str]:
    return {start, *(start[:at] + start[at + 1 :] for at in range(len(start)))}
