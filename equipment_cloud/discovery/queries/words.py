"""What a query asks for: standards, models, words and sentences, as parts that the index can look for.

First every part is wanted, as it was typed or as people say it otherwise. Only where that finds nothing at all are the
words taken apart: every pair of characters counts for itself, the rarer the more, sounds stand in for wrong characters
and neighbours for slips of the hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import CTE, select

from equipment_cloud.catalog.rules.standards import Standard, standards_in
from equipment_cloud.discovery.queries.one_pass import OnePass
from equipment_cloud.discovery.queries.synonyms import Saying, said_otherwise
from equipment_cloud.discovery.rules import telling_pieces
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.segments import (
    LONGEST_TERM,
    Unit,
    pairs_of,
    pinyin_of,
    runs_of,
    spelling_of,
    unit_of,
    units_of,
)
from equipment_cloud.foundation.text_index import Choice, Known, Wanted

MOST_PARTS = 14
ENOUGH_PERCENT = 45
"""Where words are taken apart, hits with less than this share of the best one's points are left out."""
MOST_SOUNDED = 6
"""A run of so many characters is also looked for by its sound."""
AS_SAID, OTHERWISE, OTHER_EDITION, OTHER_PART, SOUNDS = 100, 80, 90, 60, 50
"""What a way of saying counts, in percent of the words themselves."""
TOO_COMMON = 4
"""A word that more than one in so many records holds tells nothing beside rarer ones."""


@dataclass(frozen=True)
class Piece:
    """One run of the query: Chinese (``is_wide``) or letters and digits, as the index spells it."""

    text: str
    is_wide: bool


@dataclass(frozen=True)
class Question:
    """A query read: standards named, the telling pieces of the rest, and how else these are said."""

    standards: tuple[Standard, ...]
    pieces: tuple[Piece, ...]
    sayings: tuple[Saying, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.standards and not self.pieces


@dataclass
class Answer:
    """How a query was answered: word for word, or taken apart, with what the words were read as."""

    found: OnePass
    is_exact: bool = True
    question: Question | None = None
    unknown: list[str] = field(default_factory=list)
    read_as: dict[str, list[str]] = field(default_factory=dict)


def read(query: str) -> Question:
    """Read a query; one statement, for the synonyms."""
    query = query[:100]
    standards: list[Standard] = []
    rest = query
    for standard, (start, end) in standards_in(query):
        standards.append(standard)
        rest = rest[:start] + " " * (end - start) + rest[end:]
    pieces = [
        Piece(text, is_wide)
        for is_wide, run in runs_of(rest)
        for text in (telling_pieces(run) if is_wide else [run])
    ]  # fmt: skip
    sayings = said_otherwise(spelling_of(query)) if pieces or standards else []
    return Question(tuple(dict.fromkeys(standards)), tuple(dict.fromkeys(pieces)), tuple(sayings))


def answer(query: str, kinds: Sequence[str], run: Callable[[CTE | None], OnePass], *, is_narrowed: bool) -> Answer:
    """Run a search word for word, and taken apart if nothing at all holds the words (whatever else narrows it)."""
    if not query.strip():
        return Answer(run(None))
    question = read(query)
    exact = text_index.ranked(kinds, strict_parts(question))
    found = run(exact)
    if found.total or question.is_empty or (is_narrowed and _finds_anything(exact)):
        return Answer(found, question=question)
    parts, result = loose_parts(question)
    result.found = run(text_index.ranked(kinds, parts, least_percent=ENOUGH_PERCENT))
    return result


def strict_parts(question: Question) -> list[Wanted]:
    """Every standard and every piece, as typed or as it is said otherwise."""
    parts = [Wanted(tuple(_ways_of_standard(standard))) for standard in question.standards]
    for piece in question.pieces:
        typed = Choice((unit_of(piece.text, is_wide=piece.is_wide),), AS_SAID)
        others = (units_of(other) for saying in question.sayings if (other := saying.put_into(piece.text)) is not None)
        parts.append(Wanted((typed, *(Choice(tuple(units), OTHERWISE) for units in others if units))))
    return parts[:MOST_PARTS]


def loose_parts(question: Question) -> tuple[list[Wanted], Answer]:
    """The parts of a query taken apart, the most telling first, weighted by how rare they are."""
    result = Answer(OnePass([], 0, {}), is_exact=False, question=question)
    known = _known(question)
    named = 3 * _rarity(known, [])
    scored = [(math.inf, _weighted(_ways_of_standard(standard), named)) for standard in question.standards]
    for saying in question.sayings:
        if units := units_of(saying.meaning):
            typed = units_of(saying.word)
            worth = max(_worth(known, units), _worth(known, typed))
            scored.append((worth, _weighted([Choice(tuple(typed), AS_SAID), Choice(tuple(units), OTHERWISE)], worth)))
            if _worth(known, units):
                result.read_as.setdefault(saying.word, []).append(saying.meaning)
    for piece in question.pieces:
        own = list(_of_wide(piece.text, known) if piece.is_wide else _of_narrow(piece.text, known, result))
        if not own and not any(saying.put_into(piece.text) for saying in question.sayings):
            result.unknown.append(piece.text)
        scored.extend(own)
    scored.sort(key=lambda item: -item[0])
    telling = [part for worth, part in scored[:MOST_PARTS] if worth > math.log(1 + TOO_COMMON)]
    return telling or [part for _worth_, part in scored[:1]], result


def _of_wide(text: str, known: Known) -> Iterator[tuple[float, Wanted]]:
    pairs = pairs_of(text)
    told = [pair for pair in pairs if pair in known.words] if known.everything else list(pairs)
    for pair in told:
        worth = _rarity(known, [pair])
        yield worth, _weighted([Choice((Unit((pair,), is_prefix=False),))], worth)
    sound = pinyin_of(text)
    if len(told) < len(pairs) <= MOST_SOUNDED and sound in known.words:
        worth = (len(pairs) - len(told)) * _rarity(known, [sound]) * SOUNDS / 100
        yield worth, _weighted([Choice((Unit((sound,), is_prefix=True),))], worth)


def _of_narrow(text: str, known: Known, result: Answer) -> Iterator[tuple[float, Wanted]]:
    starts = [text[:LONGEST_TERM]]
    if starts[0] not in known.words and known.everything:
        starts = text_index.near(text)
        if starts:
            result.read_as[text] = starts
    for start in starts:
        worth = _rarity(known, [start]) * min(len(text), 4) / 2
        yield worth, _weighted([Choice((Unit((start,), is_prefix=True),))], worth)


def _ways_of_standard(standard: Standard) -> Iterator[Choice]:
    """This edition, another edition, another part, or the number under another body's letters (GB for GB/T)."""
    if standard.edition:
        yield Choice((Unit((f"{standard.number}y{standard.edition}",), is_prefix=False),), AS_SAID)
    yield Choice((Unit((standard.number,), is_prefix=False),), OTHER_EDITION if standard.edition else AS_SAID)
    yield Choice((Unit((f"{standard.number}p",), is_prefix=True),), OTHER_PART)
    bare = re.sub(r"^[a-z]+", "", standard.number)
    if bare and bare != standard.number:
        yield Choice((Unit((bare,), is_prefix=False),), OTHER_PART)


def _weighted(choices: Sequence[Choice] | Iterator[Choice], worth: float) -> Wanted:
    return Wanted(tuple(Choice(choice.units, max(1, round(choice.weight * worth))) for choice in choices))


def _known(question: Question) -> Known:
    """How common the words of the question and of its synonyms are; one statement."""
    wide = [piece.text for piece in question.pieces if piece.is_wide]
    said = [text for saying in question.sayings for text in (saying.word, saying.meaning)]
    units = [unit for text in said for unit in units_of(text)]
    pairs = {pair for text in wide for pair in pairs_of(text)} | {term for unit in units for term in unit.terms}
    starts = {piece.text[:LONGEST_TERM] for piece in question.pieces if not piece.is_wide}
    starts |= {pinyin_of(text) for text in wide if len(text) - 1 <= MOST_SOUNDED} - {""}
    starts |= {unit.terms[-1] for unit in units if unit.is_prefix}
    return text_index.how_often(sorted(pairs), sorted(starts))


def _worth(known: Known, units: Sequence[Unit]) -> float:
    """The rarest three terms of a word; nothing where no record holds one of them."""
    terms = [term for unit in units for term in unit.terms]
    if known.everything and not all(term in known.words for term in terms):
        return 0.0
    return sum(sorted((_rarity(known, [term]) for term in terms), reverse=True)[:3])


def _rarity(known: Known, terms: Sequence[str]) -> float:
    """From about 0 for a word that every record holds; a word in one of a hundred counts 4.6."""
    held = max((known.words.get(term, 1) for term in terms), default=1)
    return math.log(1 + max(known.everything, 1) / held)


def _finds_anything(found: CTE) -> bool:
    return session().scalar(select(found.c.key).limit(1)) is not None
