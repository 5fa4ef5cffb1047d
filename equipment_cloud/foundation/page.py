"""Pages of a list: bounded in size, counted once, the same in templates and in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid

T = TypeVar("T")
MAX_SIZE = 100
MAX_NUMBER = 100_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """``items`` of page ``number`` (from 1) of ``total`` rows in pages of ``size``."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def asked_page(default_size: int = 20) -> tuple[int, int]:
    """``page`` and ``per_page`` of the query string. Raises :class:`Invalid` out of bounds."""
    return (
        _whole(request.args.get("page", "1"), "page", MAX_NUMBER),
        _whole(request.args.get("per_page", str(default_size)), "per_page", MAX_SIZE),
    )


def asked_words(name: str = "q", *, most: int = 200) -> str | None:
    """What a search box asks for: one bounded line without control characters (no database takes a NUL), or none."""
    text = "".join(letter for letter in request.args.get(name, "")[:most] if letter.isprintable())
    return text.strip() or None


def _whole(text: str, field: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= most):
        raise Invalid.single(
            "out-of-bounds", N_("%(field)s must be a whole number from 1 to %(most)s."), field=field, most=most
        )
    return int(text)


def scalars_page(statement: Select[Any], *, number: int, size: int) -> Page[Any]:
    """One page of the first column of an ordered statement, with its count."""
    total = count(statement)
    rows = session().scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)


def rows_page(statement: Select[*tuple[Any, ...]], *, number: int, size: int) -> Page[Any]:
    """One page of whole rows of an ordered statement, with its count."""
    total = count(statement)
    rows = session().execute(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)


def count(statement: Select[*tuple[Any, ...]]) -> int:
    """How many rows the statement finds."""
    return session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
