"""The reference tables are there after migration, and filling them again changes nothing."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.reference import queries, seed
from equipment_cloud.reference.models import CalendarDay, Industry, InstrumentClass, Region


def counts(session: Session) -> list[int]:
    tables = (Region, InstrumentClass, Industry, CalendarDay)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_migrations_fill_the_tables(session: Session) -> None:
    regions, classes, industries, days = counts(session)
    assert (regions, industries) == (33, 20)
    assert classes == 107
    assert days == 9 * 365 + 2


def test_filling_again_keeps_what_staff_corrected(session: Session) -> None:
    before = counts(session)
    day = session.get(CalendarDay, date(2026, 11, 23))
    assert day is not None
    day.is_workday, day.source = False, "staff"
    session.flush()
    seed.seed(session.connection())
    session.expire_all()
    assert counts(session) == before
    assert session.get_one(CalendarDay, date(2026, 11, 23)).source == "staff"


def test_every_class_stands_beneath_its_parent_and_has_an_english_name() -> None:
    rows = {row["code"]: row for row in seed.instrument_classes()}
    assert all(row["parent_code"] in rows for row in rows.values() if row["parent_code"])
    assert all(row["name_en"].isascii() and row["name_en"] for row in rows.values())
    assert {len(code) for code in rows} == {2, 4, 6}


def test_no_day_of_an_unpublished_year_is_guessed(session: Session) -> None:
    assert queries.last_known_day() == date(2026, 12, 31)


def test_townships_agree_with_the_published_list(session: Session, corpus: Path) -> None:
    path = corpus / "admin-divisions" / "yuyao-330281-townships.csv"
    if not path.exists():
        pytest.skip("this CORPUS_DIR has no townships")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        published = {row["code"]: row["name"] for row in csv.DictReader(stream)}
    assert {town.code: town.name for town in queries.towns()} == published
