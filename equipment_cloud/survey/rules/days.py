"""Dates as people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from equipment_cloud.kernel.errors import N_, Problem

_TIME = r"(?:[ t]+\d{1,2}:\d{2}.*)?"
_SEPARATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月?)" + _TIME)
_SHORT_YEAR = re.compile(r"(\d{2})年(\d{1,2})月(?:(\d{1,2})日?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _TIME)
_NAMED = re.compile(r"(\d{1,2})[-/. ]([a-z]{3,9})[-/., ]+(\d{4})" + _TIME)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})" + _TIME)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_YEAR = re.compile(r"((?:19|20)\d{2})年?")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_TENS = re.compile(r"(\d?)十(\d?)")
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def read_day(
    text: str, *, formats: Sequence[str], zone: tzinfo, is_1904: bool = False
) -> tuple[date | None, Problem | None]:
    """The day and a warning, or no day and the error. ``formats`` (strptime, ``epoch-ms``, ``epoch-s``) come first.

    ``is_1904``: bare day numbers of the workbook count from 1904, as old workbooks of the Mac do.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    for pattern in formats:
        found = _by_format(plain, pattern, zone)
        if found is not None:
            return found, None if _is_exact(pattern) else _imprecise(text, found)
    found = _from_digits(plain)
    if found is not None:
        return found, None
    found, has_day = _from_parts(_in_digits(plain))
    if found is not None:
        return found, None if has_day else _imprecise(text, found)
    if _SERIAL.fullmatch(plain):
        found = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=int(float(plain)))
        return found, Problem(
            "serial-date", N_("“%(text)s” was read as the workbook's day number: %(day)s."),
            values={"text": text[:40], "day": found.isoformat()}, level="warning",
        )  # fmt: skip
    return _day_first(text, plain)


def _from_parts(text: str) -> tuple[date | None, bool]:
    """Year before month before day, or a month by its name; whether the day was said."""
    match = _SEPARATED.fullmatch(text) or _SHORT_YEAR.fullmatch(text)
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        full = (year or 0) + (0 if (year or 0) > 99 else 2000 if (year or 0) < 50 else 1900)
        return _date(full, month or 0, day or 1), day is not None
    named = _NAMED.fullmatch(text)
    first = _NAMED_FIRST.fullmatch(text)
    if named or first:
        words = (named[2], named[1], named[3]) if named else (first[1], first[2], first[3]) if first else ("", "", "")
        if words[0][:3] in _MONTHS:
            return _date(int(words[2]), _MONTHS.index(words[0][:3]) + 1, int(words[1])), True
    only_year = _YEAR.fullmatch(text)
    return (date(int(only_year[1]), 1, 1), False) if only_year else (None, False)


def _day_first(text: str, plain: str) -> tuple[date | None, Problem | None]:
    """``31/01/2016`` is read where only one order makes a date; ``03/04/2016`` nobody can tell."""
    match = _DAY_FIRST.fullmatch(plain)
    if match:
        one, two, year = (int(part) for part in match.groups())
        readings = {found for found in (_date(year, two, one), _date(year, one, two)) if found}
        if len(readings) == 1:
            return readings.pop(), None
        if readings:
            return None, Problem("ambiguous-date", N_("“%(text)s”: which is the month cannot be told."),
                                 values={"text": text[:60]}, remedy=N_("Write it as 2016-01-31."))  # fmt: skip
    return None, Problem("not-a-date", N_("“%(text)s” is not a date."), values={"text": text[:60]},
                         remedy=N_("Write it as 2016-01-31."))  # fmt: skip


def _in_digits(text: str) -> str:
    """``二〇一六年十二月三日`` with Arabic figures."""
    if "年" not in text:
        return text
    return _TENS.sub(lambda ten: f"{ten[1] or 1}{ten[2] or 0}", text.translate(_CHINESE))


def _by_format(text: str, pattern: str, zone: tzinfo) -> date | None:
    try:
        if pattern in {"epoch-ms", "epoch-s"}:
            if not re.fullmatch(r"-?\d{1,15}", text):
                return None
            seconds = int(text) / (1000 if pattern == "epoch-ms" else 1)
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone).date()
        found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
    except (ValueError, OverflowError):
        return None
    # strptime reads 202411 by %Y%m%d as the first of January: digits alone must be all eight.
    return found if "%d" not in pattern or not text.isdigit() or len(text) == 8 else None


def _is_exact(pattern: str) -> bool:
    return "%d" in pattern or "%j" in pattern or pattern.startswith("epoch")


def _from_digits(text: str) -> date | None:
    match = _DIGITS.fullmatch(text)
    return _date(*(int(part) for part in match.groups())) if match else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _imprecise(text: str, found: date) -> Problem:
    return Problem(
        "imprecise-date", N_("“%(text)s” names no day; %(day)s is stored."),
        values={"text": text[:40], "day": found.isoformat()}, level="warning",
    )  # fmt: skip
