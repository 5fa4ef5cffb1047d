"""Reads of the code tables. Names come in the reader's language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import g
from flask_babel import get_locale
from sqlalchemy import Select, func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.workdays import WorkCalendar
from equipment_cloud.reference.models import CalendarDay, Industry, InstrumentClass, Region

HOME = "330281"
"""Yuyao (余姚市), whose townships the platform counts by."""
CLASS_VERSION = "2021"
INDUSTRY_EDITION = "2017"


@dataclass(frozen=True, slots=True)
class ClassNode:
    """A 大类 with its 中类 beneath it, worded."""

    code: str
    name: str
    children: tuple[ClassNode, ...] = ()


def work_calendar() -> WorkCalendar:
    """All entered days, read once per request or job."""
    if "work_calendar" not in g:
        rows = session().execute(select(CalendarDay.on, CalendarDay.is_workday).order_by(CalendarDay.on)).all()
        g.work_calendar = WorkCalendar({row.on: row.is_workday for row in rows})
    return cast("WorkCalendar", g.work_calendar)


def last_known_day() -> date | None:
    """The last day anyone entered; deadlines beyond it cannot be counted."""
    return session().scalar(select(func.max(CalendarDay.on)))


def entered_years() -> list[int]:
    """The years whose working days are known."""
    first, last = session().scalar(select(func.min(CalendarDay.on))), last_known_day()
    return list(range(first.year, last.year + 1)) if first and last else []


def special_days(year: int) -> list[CalendarDay]:
    """The days of a year that differ from the plain week, or that staff corrected, in order."""
    days = session().scalars(
        select(CalendarDay).where(CalendarDay.on.between(date(year, 1, 1), date(year, 12, 31))).order_by(CalendarDay.on)
    )
    return [day for day in days if day.note or day.is_workday != (day.on.weekday() < 5)]


def working_days_of(year: int) -> int:
    """How many days of a year people work on."""
    days = select(func.count()).where(
        CalendarDay.on.between(date(year, 1, 1), date(year, 12, 31)),
        CalendarDay.is_workday,
    )
    return session().scalar(days) or 0


def towns() -> list[Region]:
    """The townships (乡镇街道) of Yuyao by code."""
    return list(session().scalars(select(Region).where(Region.parent_code == HOME).order_by(Region.code)))


def town_choices() -> list[tuple[str, str]]:
    """``(code, name)`` of the townships, for select fields."""
    return [(region.code, worded_name(region)) for region in towns()]


def is_town(code: str) -> bool:
    """Whether the code names a township of Yuyao."""
    return session().scalar(select(Region.code).where(Region.parent_code == HOME, Region.code == code)) is not None


def region_names(codes: Collection[str | None]) -> dict[str, str]:
    """Names of regions by code; unknown codes are left out."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    columns = (Region.code, Region.name, Region.name_en)
    return _names(select(*columns).where(Region.code.in_(wanted)).order_by(Region.code))


def _names(statement: Select[str, str, str]) -> dict[str, str]:
    """``code: name`` in the reader's language, from rows of code, ``name`` and ``name_en``."""
    is_english = _speaks_english()
    return {code: name_en if is_english else name for code, name, name_en in session().execute(statement)}


def region_name(code: str | None) -> str | None:
    """The name of one region."""
    return region_names([code]).get(code) if code else None


def classes(version: str | None = None) -> list[InstrumentClass]:
    """All instrument classes of a version (the current one by default), by code."""
    statement = select(InstrumentClass).where(InstrumentClass.version == (version or CLASS_VERSION))
    return list(session().scalars(statement.order_by(InstrumentClass.code)))


def class_names(version: str | None = None) -> dict[str, str]:
    """Names of all instrument classes by code, read once per request."""
    key = (version or CLASS_VERSION, _speaks_english())
    known = cast("dict[tuple[str, bool], dict[str, str]]", g.setdefault("class_names", {}))
    if key not in known:
        columns = (InstrumentClass.code, InstrumentClass.name, InstrumentClass.name_en)
        of_version = select(*columns).where(InstrumentClass.version == key[0])
        known[key] = _names(of_version.order_by(InstrumentClass.code))
    return known[key]


def class_name(code: str | None, version: str | None = None) -> str:
    """The name of a class; of its parent where the 小类 itself is not listed; the code where nothing is known."""
    names = class_names(version)
    candidates = (code, (code or "")[:4], (code or "")[:2])
    return next((names[item] for item in candidates if item and item in names), code or "")


def class_tree(version: str | None = None) -> list[ClassNode]:
    """大类 in order, each with its 中类."""
    names = class_names(version)
    return [
        ClassNode(code, name, tuple(ClassNode(child, names[child]) for child in names if _is_beneath(child, code)))
        for code, name in names.items()
        if len(code) == 2
    ]


def _is_beneath(child: str, code: str) -> bool:
    return child != code and child.startswith(code)


def industries(edition: str | None = None) -> list[Industry]:
    """Sections of GB/T 4754 by letter."""
    statement = select(Industry).where(Industry.edition == (edition or INDUSTRY_EDITION))
    return list(session().scalars(statement.order_by(Industry.code)))


def industry_choices() -> list[tuple[str, str]]:
    """``(letter, name)``, for select fields."""
    return [(item.code, f"{item.code} {worded_name(item)}") for item in industries()]


def industry_name(code: str | None) -> str | None:
    """The name of a section of the current edition."""
    if not code:
        return None
    statement = select(Industry).where(Industry.edition == INDUSTRY_EDITION, Industry.code == code)
    found = session().scalar(statement)
    return worded_name(found) if found else None


def worded_name(item: Region | InstrumentClass | Industry) -> str:
    """``name`` or ``name_en``, by the reader's language."""
    return item.name_en if _speaks_english() else item.name


def _speaks_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
