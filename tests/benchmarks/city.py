"""A large city, cloned by the database from one of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import db
from equipment_cloud.occupancy.models import ApprovalMode
from tests.factories import booking as bookings

WHAT = (
    "光谱",
    "显微",
    "拉伸",
    "盐雾",
    "硬度",
    "轮廓",
    "粗糙度",
    "色谱",
    "电磁兼容",
    "高低温",
    "三坐标",
    "热分析",
    "探针",
)
HOW = (
    "直读",
    "金相",
    "万能",
    "中性",
    "数显",
    "手持",
    "激光",
    "气相",
    "扫描",
    "台式",
    "半导体",
    "自动",
    "红外",
    "双光束",
)
SORT = ("试验机", "测试仪", "分析仪", "测量机", "显微镜", "检测系统", "试验箱", "比较仪", "综合装置")


@dataclass(frozen=True)
class City:
    """Instruments with their only position, a token of somebody who books, names by id."""

    token: str
    places: list[tuple[int, int]]
    names: dict[int, str]


def clone(session: Session, table: Table, where: str, count: int, **changes: str) -> None:
    """Copy one row ``count`` times; ``changes`` are SQL over ``s`` (the row) and ``g`` (1..count)."""
    columns = [column.name for column in table.columns if column.name != "id"]
    values = ", ".join(changes.get(name, f's."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    source = f'"{table.name}" s, generate_series(1, {count}) g'
    session.execute(text(f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM {source} WHERE {where}'))


def built(session: Session, *, instruments: int, each: int, now: datetime) -> City:
    """So many instruments, each with so many bookings from half a year ago until in two weeks."""
    scene = bookings.scene(session, hours="08:00-20:00", days=range(7), follows_workdays=False)
    session.execute(text("UPDATE booking_rules SET approval = :instant"), {"instant": ApprovalMode.INSTANT.value})
    one = scene.machine
    clone(
        session, Instrument.__table__, f"s.id = {one.id}", instruments, code="'9-' || g", unit_number="'B-' || g",
        name=_name(), name_en="NULL", model="NULL", manufacturer="NULL", class_code="NULL",
    )  # fmt: skip
    _beside(session, one.id)
    _occupied(session, each, now)
    rows = session.execute(
        text("SELECT i.id, p.id, i.name FROM instrument i JOIN position p ON p.instrument_id = i.id WHERE i.id > :one"),
        {"one": one.id},
    ).all()
    text_index.put_many("instrument", [(row[0], [row[2]]) for row in rows])
    token, _record = accounts.issue_token(scene.researcher.id, "benchmark", now=now)
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    return City(token, [(row[0], row[1]) for row in rows], {row[0]: row[2] for row in rows})


def _name() -> str:
    def pick(words: tuple[str, ...], step: int) -> str:
        listed = ", ".join(f"'{word}'" for word in words)
        return f"(ARRAY[{listed}])[1 + (g * {step}) % {len(words)}]"

    return f"{pick(HOW, 5)} || {pick(WHAT, 7)} || {pick(SORT, 1)} || (g % 97)"


def _beside(session: Session, one: int) -> None:
    statements = (
        "INSERT INTO position (instrument_id, number, label) SELECT id, 1, '1' FROM instrument WHERE id > :one",
        "INSERT INTO calendar (position_id, revision) SELECT p.id, 0 FROM position p WHERE p.instrument_id > :one",
        """INSERT INTO opening_hours (instrument_id, kind, weekday, opens, closes, valid_from)
            SELECT i.id, h.kind, h.weekday, h.opens, h.closes, h.valid_from FROM instrument i, opening_hours h
            WHERE i.id > :one AND h.instrument_id = :one""",
    )
    for statement in statements:
        session.execute(text(statement), {"one": one})
    _copied(session, "booking_rules", one)
    _copied(session, "price_plan", one)
    columns = [
        column.name for column in db.metadata.tables["price_rate"].columns if column.name not in ("id", "plan_id")
    ]
    names = ", ".join(columns)
    session.execute(
        text(
            f"INSERT INTO price_rate (plan_id, {names}) SELECT p.id, {', '.join(f'r.{name}' for name in columns)}"
            " FROM price_plan p, price_rate r JOIN price_plan o ON o.id = r.plan_id"
            " WHERE o.instrument_id = :one AND p.instrument_id > :one"
        ),
        {"one": one},
    )


def _copied(session: Session, name: str, one: int) -> None:
    """The one's row for every other instrument."""
    columns = [column.name for column in db.metadata.tables[name].columns if column.name not in ("id", "instrument_id")]
    values = ", ".join(f"s.{column}" for column in columns)
    session.execute(
        text(
            f"INSERT INTO {name} (instrument_id, {', '.join(columns)}) SELECT i.id, {values}"
            f" FROM instrument i, {name} s WHERE s.instrument_id = :one AND i.id > :one"
        ),
        {"one": one},
    )


def _occupied(session: Session, each: int, now: datetime) -> None:
    """Two hours from eight o'clock every other day."""
    last = now.replace(hour=0, minute=0, second=0)
    values: dict[str, Any] = {"base": last, "each": each}
    session.execute(
        text(
            "INSERT INTO occupation (position_id, starts_at, ends_at, kind, is_firm, reference)"
            " SELECT p.id, CAST(:base AS timestamptz) + make_interval(days => 14 - 2 * g),"
            " CAST(:base AS timestamptz) + make_interval(days => 14 - 2 * g, hours => 2),"
            " 'booking', true, 'booking:' || (p.id * 1000 + g) FROM position p, generate_series(1, :each) g"
        ),
        values,
    )
