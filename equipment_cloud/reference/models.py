"""Reference tables: regions, instrument classes, industries, calendar days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Id, Line, Model, Short


class Region(Model):
    """Region (行政区划): 6 digits GB/T 2260, 9 digits NBS street code. Codes are effective-dated."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[Short]
    name_en: Mapped[Short]
    parent_code: Mapped[str | None] = mapped_column(String(12), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class InstrumentClass(Model):
    """Instrument class (仪器分类), a versioned table: 2 digits 大类, 4 digits 中类, 6 digits 小类."""

    __tablename__ = "instrument_class"
    __table_args__ = (UniqueConstraint("version", "code"),)

    id: Mapped[Id]
    version: Mapped[Short]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[Line]
    name_en: Mapped[Line]
    parent_code: Mapped[str | None] = mapped_column(String(12))


class Industry(Model):
    """Industry section (国民经济行业门类, GB/T 4754); a letter means nothing without its edition."""

    __tablename__ = "industry"
    __table_args__ = (UniqueConstraint("edition", "code"),)

    id: Mapped[Id]
    edition: Mapped[Short]
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[Line]
    name_en: Mapped[Line]


class CalendarDay(Model):
    """One day of an entered year: does the city work (工作日, with 调休 make-up days)?"""

    __tablename__ = "calendar_day"
    __table_args__ = (Index("ix_calendar_day_is_workday", "is_workday", "on"),)

    on: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[Short]
    note: Mapped[Line | None]
