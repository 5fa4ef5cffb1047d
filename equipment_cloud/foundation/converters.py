"""URL converters: an id no database could hold, or text no database could keep, is simply not found (404)."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

LARGEST_ID = 2**31 - 1
"""Ids are 32-bit integers on PostgreSQL."""


class BoundedInteger(IntegerConverter):
    """``<int:...>``: a whole number from 0 to 2^31 - 1 in plain ASCII digits."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise ValidationError
        return number


class PlainText(UnicodeConverter):
    """``<name>`` and ``<string:name>``: up to 255 characters, none of them a control character."""

    def to_python(self, value: str) -> str:
        if len(value) > 255 or not value.isprintable():
            raise ValidationError
        return value


def register(app: Flask) -> None:
    """Make them the meaning of ``int``, ``string`` and of no converter at all. Before any route is added."""
    app.url_map.converters["int"] = BoundedInteger
    app.url_map.converters["string"] = PlainText
    app.url_map.converters["default"] = PlainText
