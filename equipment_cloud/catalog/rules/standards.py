"""Designations of method standards: ``GB/T 2423.17-2024``, ``ISO 9227:2022``, ``ASTM B117-19``, however typed.

Points, dashes and years are read, not merely cut away: without their marks 2423.1 would be the beginning of 2423.17.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_BODIES = (
    r"MIL[- ]?STD|VDI ?/ ?VDE|IPC[- ]?TM|DIN EN ISO|DIN EN|EN ISO|ISO ?/ ?IEC|CIE S|CISPR|AATCC|ASTM|ANSI|IEEE|ISTA"
    r"|DB\d\d(?: ?/ ?T)?|(?:GB|GA|GJ|SJ|HJ|QB|JB|HG|YS|YB|YY|JY|JG|JT|NB|NY|DL|FZ|CJ|SN|LY|QC|SH|TB|WS)(?: ?/ ?[TZ])?"
    r"|GBT|GBZ|GJB|JJF|JJG|ISO|IEC|JIS|DIN|SAE|VDA|VDI|CNS|EN|BS|UL"
)
_DESIGNATION = re.compile(
    rf"(?<![A-Z])(?P<body>{_BODIES})[ -]*"
    r"(?P<number>[A-Z]?[ ]?\d+[A-Z]?(?:[./-]\d+)*(?: \d+(?:\.\d+)+)?)(?P<year>:\d{4})?"
)
_BARE = re.compile(r"(?<![\w.])(?P<number>\d{3,6}(?:\.\d+)+(?:-\d{4})?)(?![\w.])")
_YEAR = re.compile(r"-((?:19|20)\d\d)$")
_SHORT_YEAR = re.compile(r"-(\d\d)$")
_DASHES = str.maketrans("‐‑‒–—―−", "-" * 7)


@dataclass(frozen=True, slots=True)
class Standard:
    """``number`` is the body and number in a fixed spelling (``gbt2423p17``), ``edition`` the year, or nothing."""

    number: str
    edition: str = ""


def read_standard(text: str) -> Standard:
    """The standard a text names. One that follows no known pattern is its letters and digits."""
    found = next(standards_in(text), None)
    if found is not None:
        return found[0]
    return Standard("".join(letter for letter in _plain(text).lower() if letter.isalnum())[:60])


def standards_in(text: str) -> Iterator[tuple[Standard, tuple[int, int]]]:
    """Standards named in a text (``2423.17`` alone as well), each with where it stands there."""
    plain = _plain(text)
    taken: list[tuple[int, int]] = []
    for match in _DESIGNATION.finditer(plain):
        taken.append(match.span())
        yield _standard(match["body"], match["number"], (match["year"] or "")[1:]), match.span()
    for match in _BARE.finditer(plain):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield _standard("", match["number"], ""), match.span()


def _standard(body: str, number: str, year: str) -> Standard:
    if not year and (match := _YEAR.search(number) or (_SHORT_YEAR.search(number) if body == "ASTM" else None)):
        number, year = number[: match.start()], match[1]
    spelled = re.sub(r"[./ -]+", "p", number.strip().lower())
    return Standard(re.sub(r"[^a-z0-9]", "", body.lower()) + re.sub(r"^([a-z])p", r"\1", spelled), year)


def _plain(text: str) -> str:
    """Capitals, half width, one kind of dash; every character stays where it stands."""
    letters = (unicodedata.normalize("NFKC", letter).upper() for letter in text)
    return "".join(letter if len(letter) == 1 else "?" for letter in letters).translate(_DASHES)
