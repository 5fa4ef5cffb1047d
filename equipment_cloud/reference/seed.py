"""First contents of the reference tables, for the migration that fills them.

Written against plain table constructs, because a migration must keep running when the models have moved on. May be run
again: rows that exist are left as they are, so that what staff corrected stays corrected.

Classes 12 to 14 carry inferred numbers: the lists that give numbers end at 11. Years after 2026 have no published
calendar and are left out, because a guessed working day would end a public notice on the wrong date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import sqlalchemy as sa

DATA = Path(__file__).parent / "data"
CLASS_VERSION = "2021"
INDUSTRY_EDITION = "2017"
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2026, 12, 31)
"""Days whose working calendar the State Council has published and the package carries."""

_REGION = sa.table(
    "region",
    sa.column("code", sa.String), sa.column("name", sa.String), sa.column("name_en", sa.String),
    sa.column("parent_code", sa.String), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date),
)  # fmt: skip
_CLASS = sa.table(
    "instrument_class",
    sa.column("version", sa.String), sa.column("code", sa.String), sa.column("name", sa.String),
    sa.column("name_en", sa.String), sa.column("parent_code", sa.String),
)  # fmt: skip
_INDUSTRY = sa.table(
    "industry",
    sa.column("edition", sa.String), sa.column("code", sa.String), sa.column("name", sa.String),
    sa.column("name_en", sa.String),
)  # fmt: skip
_DAY = sa.table(
    "calendar_day",
    sa.column("on", sa.Date), sa.column("is_workday", sa.Boolean), sa.column("source", sa.String),
    sa.column("note", sa.String),
)  # fmt: skip


def seed(connection: sa.Connection) -> None:
    """Insert every row that is not there yet."""
    _insert_missing(connection, _REGION, ("code",), regions())
    _insert_missing(connection, _CLASS, ("version", "code"), instrument_classes())
    _insert_missing(connection, _INDUSTRY, ("edition", "code"), industries())
    _insert_missing(connection, _DAY, ("on",), calendar_days())


def regions() -> list[dict[str, Any]]:
    """Zhejiang, Ningbo, its counties and the 21 townships of Yuyao (乡镇街道), parents first."""
    return [
        {**row, "parent_code": row["parent_code"] or None, "valid_from": FIRST_DAY, "valid_to": None}
        for row in _read("regions.csv")
    ]


def instrument_classes() -> list[dict[str, Any]]:
    """大类 (2 digits), 中类 (4 digits) and 990000 (其他仪器)."""
    return [
        {**row, "version": CLASS_VERSION, "parent_code": _parent_class(row["code"])}
        for row in _read("instrument_classes.csv")
    ]


def industries() -> list[dict[str, Any]]:
    """Sections (门类) of GB/T 4754-2017."""
    return [{**row, "edition": INDUSTRY_EDITION} for row in _read("industries.csv")]


def calendar_days() -> list[dict[str, Any]]:
    """Every day of the published years, with the reason of those that differ from the plain week."""
    days = (FIRST_DAY + timedelta(days=offset) for offset in range((LAST_DAY - FIRST_DAY).days + 1))
    return [_calendar_day(day) for day in days]


def _calendar_day(day: date) -> dict[str, Any]:
    is_workday = chinese_calendar.is_workday(day)
    _off, holiday = chinese_calendar.get_holiday_detail(day)
    return {"on": day, "is_workday": is_workday, "source": "chinesecalendar", "note": holiday}


def _parent_class(code: str) -> str | None:
    return code[:2] if len(code) > 2 else None


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _insert_missing(
    connection: sa.Connection, table: sa.TableClause, key: tuple[str, ...], rows: Iterable[Mapping[str, Any]]
) -> None:
    known = {tuple(row) for row in connection.execute(sa.select(*(table.c[name] for name in key)))}
    missing = [dict(row) for row in rows if tuple(row[name] for name in key) not in known]
    if missing:
        connection.execute(sa.insert(table), missing)
