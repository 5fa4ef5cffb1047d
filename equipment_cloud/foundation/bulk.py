"""Statements over whole sets, alike on both engines: insert what is not there yet, number what was inserted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, Select, String, Table, case, cast, func, literal
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.foundation.db import Model, is_sqlite, session

T = TypeVar("T")
CHUNK = 2_000
"""Rows sent in one round when they come from Python: memory stays flat, round trips few."""


def insert_missing(model: type[Model] | Table, columns: Sequence[str], rows: Select[Any]) -> int:
    """``INSERT ... SELECT``, leaving out rows that some unique key already has; how many were inserted.

    The select needs a WHERE clause: without one SQLite cannot tell where ``ON CONFLICT`` begins.
    """
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    return _inserted(insert(_table(model)).from_select(list(columns), rows).on_conflict_do_nothing())


def insert_one_missing(model: type[Model] | Table, values: dict[str, Any]) -> bool:
    """Insert a row unless some unique key already has it; whether it was inserted."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    return _inserted(insert(_table(model)).values(**values).on_conflict_do_nothing().inline()) == 1


def _inserted(statement: Executable) -> int:
    """How many rows an INSERT wrote; SQLAlchemy forgets that unless it is told to keep it."""
    return _rowcount(session().execute(statement, execution_options={"preserve_rowcount": True}))


def padded(number: ColumnElement[int], width: int) -> ColumnElement[str]:
    """A whole number as text, with zeros before it up to ``width`` digits; longer ones stay whole."""
    text = cast(number, String)
    zeros = "0" * width
    return case((func.length(text) >= width, text), else_=func.substr(zeros, func.length(text) + 1, width).concat(text))


def numbered(prefix: str, year: int, number: ColumnElement[int], *, width: int = 6) -> ColumnElement[str]:
    """``F2026-000012`` from an id, in SQL."""
    return literal(f"{prefix}{year}-").concat(padded(number, width))


def number_of(prefix: str, year: int, number: int, *, width: int = 6) -> str:
    """``F2026-000012`` from an id, in Python."""
    return f"{prefix}{year}-{number:0{width}d}"


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most ``size`` items, in order."""
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part


def changed(result: Any) -> int:
    """How many rows a statement changed."""
    return _rowcount(result)


def _table(model: type[Model] | Table) -> Any:
    return model if isinstance(model, Table) else model.__table__


def _rowcount(result: Any) -> int:
    return int(result.rowcount)
