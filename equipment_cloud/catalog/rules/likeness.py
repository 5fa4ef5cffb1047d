"""Which records may be one machine entered twice: by serial number, model and maker, and by names that are alike.

Ten machines of one model are ten machines: different serial numbers never make a pair, and without any, records of
one organisation never do. Source: domain rules 6.8 (serial number, model and maker).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

ALIKE = 0.5
"""Share of common pairs of letters (Dice) from which two names count as one."""
SHORTEST_SERIAL = 4
MOST_OF_A_KIND = 30
"""Records that share one key; more say that the key is a default value and not a machine's number."""
_NOT_SERIAL = frozenset({"0000", "00000", "000000", "none", "null", "不详", "未知", "无编号", "unknown"})


class Likeness(StrEnum):
    """Same maker, model and serial number; same serial number; same model, value and day in service."""

    SERIAL = "serial"
    NUMBER = "number"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one machine from another."""

    id: int
    organisation_id: int
    name: str | None
    model: str | None
    manufacturer: str | None
    serial_number: str | None
    original_value_fen: int | None = None
    in_service_on: date | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records by id, the smaller first; ``score`` from 0 to 100."""

    first_id: int
    second_id: int
    likeness: Likeness
    score: int


def like_pairs(records: Iterable[Identity]) -> list[Pair]:
    """Every pair that a person should look at, surest first."""
    by_serial: dict[str, list[Identity]] = defaultdict(list)
    by_facts: dict[tuple[object, ...], list[Identity]] = defaultdict(list)
    for record in records:
        serial = _serial(record)
        if serial:
            by_serial[serial].append(record)
        if record.model and record.original_value_fen and record.in_service_on:
            by_facts[_plain(record.model), record.original_value_fen, record.in_service_on].append(record)
    found: dict[tuple[int, int], Pair] = {}
    for pair in (*_pairs(by_serial.values(), _by_serial), *_pairs(by_facts.values(), _by_facts)):
        found.setdefault((pair.first_id, pair.second_id), pair)
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first_id, pair.second_id))


def similarity(one: str | None, other: str | None) -> float:
    """From 0 to 1 by the pairs of letters two texts share; 0 where one says nothing."""
    first, second = _letters(_plain(one)), _letters(_plain(other))
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _pairs(groups: Iterable[Sequence[Identity]], judge: object) -> Iterator[Pair]:
    for group in groups:
        if 1 < len(group) <= MOST_OF_A_KIND:
            for one, other in combinations(sorted(group, key=lambda record: record.id), 2):
                found = judge(one, other)  # type: ignore[operator]
                if found:
                    yield Pair(one.id, other.id, *found)


def _by_serial(one: Identity, other: Identity) -> tuple[Likeness, int] | None:
    names = similarity(one.name, other.name)
    models_agree = not (one.model and other.model) or similarity(one.model, other.model) >= ALIKE
    makers_agree = not (one.manufacturer and other.manufacturer) or similarity(one.manufacturer, other.manufacturer)
    if one.model and _plain(one.model) == _plain(other.model) and makers_agree:
        return Likeness.SERIAL, 90 + round(10 * names)
    if models_agree and (names >= ALIKE or (one.model and other.model)):
        return Likeness.NUMBER, 60 + round(20 * names)
    return None


def _by_facts(one: Identity, other: Identity) -> tuple[Likeness, int] | None:
    names = similarity(one.name, other.name)
    if one.organisation_id == other.organisation_id or names < ALIKE or (_serial(one) and _serial(other)):
        return None
    return Likeness.FACTS, 40 + round(20 * names)


def _serial(record: Identity) -> str:
    plain = _plain(record.serial_number)
    is_number = len(plain) >= SHORTEST_SERIAL and any(letter.isdigit() for letter in plain)
    return plain if is_number and plain not in _NOT_SERIAL and len(set(plain)) > 1 else ""


@lru_cache(maxsize=20_000)
def _plain(text: str | None) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text or "")).casefold()


@lru_cache(maxsize=20_000)
def _letters(plain: str) -> frozenset[str]:
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1)) or frozenset(plain)
