"""Names of codes, in the reader's language."""

from __future__ import annotations

from datetime import date

from flask import Flask, g
from flask_babel import force_locale
from sqlalchemy.orm import Session

from equipment_cloud.reference import queries


def test_yuyao_has_21_townships_in_order_of_code(session: Session) -> None:
    towns = queries.towns()
    assert len(towns) == 21
    assert [towns[0].name, towns[-1].name] == ["梨洲街道", "鹿亭乡"]
    assert queries.is_town("330281004")
    assert not queries.is_town("330282")
    assert not queries.is_town("x" * 5000)


def test_names_come_in_the_readers_language(session: Session) -> None:
    assert queries.region_names(["330281004", None, "999"]) == {"330281004": "阳明街道"}
    with force_locale("en"):
        assert queries.region_name("330281004") == "Yangming Subdistrict"
        assert queries.industry_name("C") == "Manufacturing"
        assert queries.class_name("0301") == "Length metrology"


def test_an_unlisted_subclass_is_called_by_its_parent_and_an_unknown_code_by_itself(session: Session) -> None:
    assert queries.class_name("030199") == "长度计量仪器"
    assert queries.class_name("990000") == "其他仪器"
    assert queries.class_name("770000") == "770000"
    assert queries.class_name(None) == ""


def test_the_tree_has_every_subclass_beneath_its_class(session: Session) -> None:
    tree = queries.class_tree()
    assert [node.code for node in tree] == [f"{number:02}" for number in range(1, 15)] + ["99"]
    assert [child.code for child in tree[-1].children] == ["990000"]
    assert sum(len(node.children) for node in tree) == len(queries.classes()) - 15


def test_the_work_calendar_is_read_once(session: Session, statements: list[str], app: Flask) -> None:
    g.pop("work_calendar", None)
    statements.clear()
    assert queries.work_calendar().after(date(2026, 2, 12), 7) == date(2026, 2, 28)
    queries.work_calendar()
    assert len(statements) == 1
    g.pop("work_calendar", None)
