"""A small survey table, and what an import of it said."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.kernel.identifiers import make_credit_code
from equipment_cloud.survey.commands import import_file

CODE = make_credit_code("12330281MB0X0000A")
HEAD = [
    "所在单位仪器编号",
    "名称",
    "规格型号",
    "制造商",
    "出厂编号",
    "原值（万元）",
    "建账日期",
    "来源",
    "街道",
    "分类编码",
]
ROW = ["A-1", "三坐标测量机", "CONTURA", "蔡司", "S1", "86.50", "2021-06-01", "购置", "阳明街道", "030100"]


def table(folder: Path, *rows: list[str], head: list[str] | None = None, name: str = "t.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([head or HEAD, *rows])
    return path


def run(path: Path, now: datetime, **options: Any) -> dict[str, Any]:
    return import_file(path, "2026", organisation=options.pop("organisation", CODE), now=now, **options)


def said(answer: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [problem for problem in answer["problems"] if problem["code"] == code]


def numbers(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(answer[key] for key in ("rows", "created", "updated", "unchanged", "refused", "duplicates"))


def row(**changes: str) -> list[str]:
    names = ["number", "name", "model", "maker", "serial", "value", "day", "source", "town", "class_"]
    return [changes.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


def record(session: Session, number: str = "A-1") -> Instrument:
    session.expire_all()
    return session.scalars(select(Instrument).where(Instrument.unit_number == number)).one()
