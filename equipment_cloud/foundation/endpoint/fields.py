"""Strict JSON fields: what passes here, both databases take. Each refusal has a code and a sentence.

In queries (schemas derived from :class:`Query`) values come as text, so digits are read as numbers there and a blank
where a ``+`` stood is forgiven; in bodies a number is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import marshmallow as ma
from marshmallow.exceptions import ValidationError

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.converters import LARGEST_ID
from equipment_cloud.kernel.errors import N_
from equipment_cloud.kernel.money import MAX_FEN

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d| \d\d:\d\d)?", flags=re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)
_DIGITS = re.compile(r"[+-]?[0-9]{1,20}")


class Slip(str):
    """A message id with its code and values, in the shape marshmallow collects: a text."""

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, object]

    def __new__(cls, code: str, message: str, **values: object) -> Slip:
        slip = super().__new__(cls, message)
        slip.code, slip.values = code, values
        return slip


def refuse(code: str, message: str, **values: object) -> ValidationError:
    """The exception a field or schema raises for one slip; ``message`` is a message id marked with ``N_``."""
    return ValidationError([Slip(code, message, **values)])


class Query(ma.Schema):
    """Base of what stands in a query string: unknown parameters are ignored."""

    class Meta:
        unknown = ma.EXCLUDE


class Body(ma.Schema):
    """Base of what stands in a JSON body: an unknown member is a slip and refused."""

    class Meta:
        unknown = ma.RAISE


class Whole(ma.fields.Integer):
    """A whole number from ``least`` to ``most``; no truth value, no fraction, no text (digits in queries)."""

    def __init__(self, least: int = 0, most: int = LARGEST_ID, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs["metadata"] = {"minimum": least, "maximum": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and isinstance(self.root, Query) and _DIGITS.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse("not-a-whole-number", N_("This must be a whole number."))
        if not self.least <= value <= self.most:
            raise refuse(
                "out-of-bounds", N_("This must be between %(least)s and %(most)s."), least=self.least, most=self.most
            )
        return value


class Identifier(Whole):
    """The id of a record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, LARGEST_ID, **kwargs)


class Fen(Whole):
    """An amount of money in whole fen (分), not negative."""

    def __init__(self, least: int = 0, most: int = MAX_FEN, **kwargs: Any) -> None:
        kwargs["metadata"] = {"description": "whole fen (1/100 yuan)", **kwargs.get("metadata", {})}
        super().__init__(least, most, **kwargs)


class Text(ma.fields.String):
    """Text of at most ``most`` characters, without control characters; blanks around it are cut.

    An empty text is refused when the field is required, and becomes ``None`` when it may be null.
    """

    def __init__(self, most: int = 255, **kwargs: Any) -> None:
        self.most = most
        kwargs["metadata"] = {"maxLength": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise refuse("not-text", N_("This must be text."))
        text = value.strip()
        if any(_is_unprintable(letter) for letter in text):
            raise refuse("unprintable", N_("This text has characters that cannot be kept."))
        if len(text) > self.most:
            raise refuse("too-long", N_("This text may have at most %(most)s characters."), most=self.most)
        if not text and self.required:
            raise refuse("required", N_("This is needed."))
        return text or (None if self.allow_none else text)


def _is_unprintable(letter: str) -> bool:
    return (ord(letter) < 32 and letter not in "\n\r\t") or 0xD800 <= ord(letter) <= 0xDFFF or ord(letter) == 127


class Instant(ma.fields.DateTime):
    """An RFC 3339 instant with an offset or Z, read into UTC whole seconds; written with the local offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 64 else None
        if found is None:
            raise refuse("not-an-instant", N_("This must be a date and time such as 2026-11-25T09:00:00+08:00."))
        day, minute, second, _fraction, offset = found.groups()
        if offset is None or (offset.startswith(" ") and not isinstance(self.root, Query)):
            raise refuse("no-offset", N_("This time lacks its offset, such as +08:00 or Z."))
        offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
        try:
            moment = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}{offset}").astimezone(UTC)
        except (ValueError, OverflowError):
            raise refuse("not-an-instant", N_("There is no such date or time.")) from None
        _check_year(moment.year)
        return moment

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else clock.local(value).isoformat()


class Day(ma.fields.Date):
    """A date ``YYYY-MM-DD``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
            raise refuse("not-a-date", N_("This must be a date such as 2026-11-25."))
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise refuse("not-a-date", N_("There is no such date.")) from None
        _check_year(day.year)
        return day


def _check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise refuse("out-of-bounds", N_("The year must be between %(least)s and %(most)s."), least=EARLIEST_YEAR,
                     most=LATEST_YEAR)  # fmt: skip


class Code(ma.fields.String):
    """One of a closed set of codes: a ``StrEnum`` (read into its member) or any texts."""

    def __init__(self, codes: type[StrEnum] | Iterable[str], **kwargs: Any) -> None:
        self.codes: dict[str, Any] = {str(code): code for code in codes}
        super().__init__(**kwargs)
        self.metadata = {"enum": [*self.codes, None] if self.allow_none else list(self.codes), **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or value not in self.codes:
            raise refuse("unknown-code", N_("This must be one of: %(codes)s."), codes=", ".join(self.codes))
        return self.codes[value]


class Truth(ma.fields.Boolean):
    """``true`` or ``false``; in queries ``1`` and ``0`` too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(self.root, Query) and isinstance(value, str):
            value = {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower(), value)
        if not isinstance(value, bool):
            raise refuse("not-true-or-false", N_("This must be true or false."))
        return value


Nested = ma.fields.Nested
Function = ma.fields.Function
Raw = ma.fields.Raw


class Several(ma.fields.List[Any]):
    """A list of at most ``most`` values; in queries a parameter that may be repeated."""

    def __init__(
        self, inner: ma.fields.Field[Any] | type[ma.fields.Field[Any]], most: int = 100, **kwargs: Any
    ) -> None:
        self.most = most
        kwargs["metadata"] = {"maxItems": most, **kwargs.get("metadata", {})}
        super().__init__(inner, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise refuse("not-a-list", N_("This must be a list."))
        if len(value) > self.most:
            raise refuse("too-many", N_("This list may have at most %(most)s entries."), most=self.most)
        return super()._deserialize(value, attr, data, **kwargs)
