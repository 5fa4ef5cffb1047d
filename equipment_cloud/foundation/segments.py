"""Cuts text into search terms, the same way for both engines and for what is kept as for what is asked.

Chinese is cut into overlapping pairs of characters (bigrams): a query's pairs, next to each other, are found wherever
they stand, also across word borders, where dictionaries fail. Letters and digits become terms that begin at every atom
(a run of letters or of digits) and run on over punctuation, so that ``9/12/8``, ``9-12-8`` and ``9128`` are one. Short
texts (names, models) get pinyin besides: initials and whole syllables, beginning at every character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SHORT_TEXT = 120
"""Up to this length a text is a name: its words are joined over blanks and it gets pinyin."""
LONGEST_TERM = 24
MOST_TERMS = 12_000
"""PostgreSQL keeps positions up to 16,383."""
LONGEST_QUERY = 200
MOST_UNITS = 12

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = _HAN + "\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
_RUNS = re.compile(rf"[{_WIDE}]+|[^\W{_WIDE}_]+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_ATOMS = re.compile(r"\d+|\D+")
_BLANKS = re.compile(r"[\s,;，；、。|]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """What one part of a query asks for: ``terms`` next to each other; the last one as a beginning if ``is_prefix``."""

    terms: tuple[str, ...]
    is_prefix: bool


def normalise(text: str) -> str:
    """Full width made plain, case and accents dropped, control characters made blanks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    clean = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in kept)
    return unicodedata.normalize("NFC", clean)


def terms_of(text: str) -> list[str]:
    """The terms under which a text is found, in order.

    A Chinese run ends with its last character alone: that character finds it, and the pairs of two runs never touch.
    """
    plain = normalise(text)
    is_name = len(plain) <= SHORT_TEXT
    terms: list[str] = []
    for stretch in [plain] if is_name else _BLANKS.split(plain):
        terms.extend(_stretch_terms(stretch))
    if is_name:
        for run in re.findall(rf"[{_HAN}]+", plain):
            terms.extend(_pinyin(run))
    return terms[:MOST_TERMS]


def units_of(query: str) -> list[Unit]:
    """What a query asks for; all units must be found. Empty when nothing in it can be searched for."""
    units = [unit_of(text, is_wide=is_wide) for is_wide, text in runs_of(query)]
    return list(dict.fromkeys(units))[:MOST_UNITS]


def runs_of(query: str) -> list[tuple[bool, str]]:
    """The runs of a query, normalised: Chinese (true) one by one, letters and digits over their punctuation as one."""
    words = _BLANKS.split(normalise(query[:LONGEST_QUERY]))
    return [(is_wide, "".join(parts)) for word in words for is_wide, parts in _grouped(word)]


def unit_of(run: str, *, is_wide: bool) -> Unit:
    """What one run asks for: letters and digits as a beginning, Chinese as its pairs next to each other."""
    if not is_wide:
        return Unit((run[:LONGEST_TERM],), is_prefix=True)
    if len(run) == 1:
        return Unit((run,), is_prefix=True)
    return Unit(pairs_of(run), is_prefix=False)


def pairs_of(run: str) -> tuple[str, ...]:
    """The overlapping pairs of a Chinese run."""
    return tuple(run[at : at + 2] for at in range(len(run) - 1))


def spelling_of(text: str) -> str:
    """How a word is compared: its runs with blanks between them, and at an end of letters or digits a blank besides.

    So a word stands in a query where its spelling stands in the query's, and ``df`` does not stand in ``dfx``.
    """
    runs = runs_of(text)
    if not runs:
        return ""
    before, after = ("" if is_wide else " " for is_wide, _run in (runs[0], runs[-1]))
    return before + " ".join(run for _is_wide, run in runs) + after


def pinyin_of(run: str) -> str:
    """A Chinese run as it sounds, syllables joined, no longer than a term."""
    return "".join(_syllables(run))[:LONGEST_TERM]


def _grouped(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Runs of Chinese one by one; runs of letters and digits with only punctuation between them together."""
    narrow: list[str] = []
    for run in _RUNS.findall(text):
        if not _IS_WIDE.match(run):
            narrow.append(run)
            continue
        if narrow:
            yield False, narrow
            narrow = []
        yield True, [run]
    if narrow:
        yield False, narrow


def _stretch_terms(text: str) -> Iterator[str]:
    for is_wide, parts in _grouped(text):
        if is_wide:
            run = parts[0]
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield run[-1]
        else:
            atoms = [atom for part in parts for atom in _ATOMS.findall(part)]
            yield from ("".join(atoms[at : at + LONGEST_TERM])[:LONGEST_TERM] for at in range(len(atoms)))


@lru_cache(maxsize=20_000)
def _pinyin(run: str) -> tuple[str, ...]:
    """``szb zb b`` and ``sanzuobiao zuobiao biao`` for 三坐标."""
    syllables = _syllables(run)
    initials = "".join(syllable[0] for syllable in syllables)
    starts = range(len(syllables))
    return (
        *(initials[at : at + LONGEST_TERM] for at in starts),
        *("".join(syllables[at : at + LONGEST_TERM])[:LONGEST_TERM] for at in starts),
    )


def _syllables(run: str) -> list[str]:
    return [syllable for syllable in lazy_pinyin(run, style=Style.NORMAL, errors="ignore") if syllable.isascii()]
