"""Foreign forms: what is read from a written row is written the same again, whatever the record holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.catalog.rules.exchange import (
    FORMS,
    Known,
    news_in,
    problems_before_report,
    public_values,
    row,
    unguarded,
)
from equipment_cloud.foundation.tabular import plain_cell
from equipment_cloud.survey.rules import STANDARD_LAYOUT, Layout, Setting
from equipment_cloud.survey.rules.amounts import Amount
from equipment_cloud.survey.rules.cells import clean, read_cell

TOWNS = {"330281001": "梨洲街道", "330281004": "阳明街道", "330281100": "泗门镇"}
CLASSES = frozenset({"03", "0301", "0104", "990000"})
KNOWN = Known(TOWNS, CLASSES, "https://cloud.example")

texts = st.one_of(
    st.none(),
    st.text(max_size=700),
    st.sampled_from(["=1+1", "'=1+1", "-5", "＠x", "#N/A", "无", "Model: X\n\ny", "a\r\nb\rc", " / ", "阳明街道 1号"]),
)
records = st.fixed_dictionaries(
    {
        **{name: texts for name, item in BY_NAME.items() if item.kind in {"text", "prose"}},
        **{name: st.none() | st.sampled_from(sorted(item.choices)) for name, item in BY_NAME.items()
           if item.kind == "code"},
        **{name: st.none() | st.dates(date(1900, 1, 1), date(2026, 1, 1)) for name, item in BY_NAME.items()
           if item.kind == "day"},
        **{name: st.booleans() for name, item in BY_NAME.items() if item.kind == "truth"},
        **{name: st.none() | st.integers(0, 8784) for name, item in BY_NAME.items() if item.kind == "whole"},
        "original_value_fen": st.none() | st.integers(0, 10**12),
        "subjects": st.lists(st.text(min_size=1, max_size=64), max_size=4),
        "funds": st.lists(st.sampled_from(sorted(BY_NAME["funds"].choices)), unique=True),
        "town_code": st.none() | st.sampled_from(sorted(TOWNS)),
        "class_code": st.none() | st.sampled_from(["03", "0301", "030100", "010415", "990000", "77"]),
        "share_mode": st.sampled_from(sorted(BY_NAME["share_mode"].choices)),
        "mode": st.sampled_from(sorted(BY_NAME["mode"].choices)),
        "unit_number": st.just("A-1"), "code": st.just("330281-000001"), "id": st.just(1),
        "owner": st.sampled_from(["示例检测中心", "A B Ltd."]), "owner_code": st.none() | st.just("12330281MB0X0000A1"),
        "ins_code": st.none() | st.just("33028101"),
    }
)  # fmt: skip


def _setting(layout: Layout) -> Setting:
    names = {name: code for code, name in TOWNS.items()} | {code: code for code in TOWNS}
    return Setting(layout, date(2026, 11, 23), None, names, {}, CLASSES, KNOWN)  # type: ignore[arg-type]


def _read(form_name: str, cells: dict[str, str]) -> dict[str, Any]:
    """A new record from a row, as an import makes it: cleaned, taken apart, read field by field."""
    found: dict[str, Any] = {"id": 1, "code": "330281-000001", "subjects": [], "funds": [], "ins_code": None}
    layout = replace(STANDARD_LAYOUT, form=FORMS[form_name])
    setting = _setting(layout)
    for column in FORMS[form_name].columns:
        text = unguarded(clean(str(plain_cell(cells[column.name])), layout)[0])
        for name, part in (column.parts(text, KNOWN) if text else {}).items():
            if name in BY_NAME:
                value, _problem = read_cell(name, part, "wan", setting)
                found[name] = value.fen if isinstance(value, Amount) else value
            else:
                found[{"organisation": "owner", "organisation_code": "owner_code"}.get(name, name)] = part
    return found


@pytest.mark.parametrize("name", FORMS)
@given(record=records)
def test_what_is_read_from_an_export_is_exported_the_same_again(name: str, record: dict[str, Any]) -> None:
    written = row(FORMS[name], record, KNOWN)
    again = row(FORMS[name], {**_read(name, written), "ins_code": record["ins_code"]}, KNOWN)
    assert again == written


@pytest.mark.parametrize("name", FORMS)
@given(record=records)
def test_an_own_export_is_no_news_whatever_was_rounded_or_cut(name: str, record: dict[str, Any]) -> None:
    cells = {heading: str(plain_cell(text)) for heading, text in row(FORMS[name], record, KNOWN).items()}
    assert news_in(FORMS[name], cells, record, KNOWN) == set()


@pytest.mark.parametrize("name", FORMS)
def test_a_changed_cell_is_news(name: str) -> None:
    record = {"name": "三坐标测量机", "unit_number": "A-1", "subjects": [], "funds": []}
    cells = row(FORMS[name], record, KNOWN)
    column = next(column.name for column in FORMS[name].columns if column.fields == ("name",))
    assert news_in(FORMS[name], {**cells, column: "影像测量仪"}, record, KNOWN) == {column}


def test_a_record_is_told_all_it_lacks_and_what_is_cut() -> None:
    record = {"name": "长" * 101, "unit_number": "A-1", "customs_supervised": True, "ins_code": "33028101"}
    problems = problems_before_report(FORMS["nrii"], record, KNOWN)
    assert {problem.field for problem in problems if problem.level == "warning"} == {"name"}
    lacking = {problem.field for problem in problems if problem.level == "error"}
    assert {"name_en", "original_value_fen", "customs_declaration", "address", "funds"} <= lacking
    assert not {"name", "unit_number", "insCode", "achievement"} & lacking
    without = problems_before_report(FORMS["nrii"], {**record, "customs_supervised": False}, KNOWN)
    assert "customs_declaration" not in {problem.field for problem in without}


def test_the_public_see_only_what_the_owner_shows() -> None:
    record = {"name": "天平", "phone": "0574-62000000", "original_value_fen": 5, "email": "a@b.example", "id": 1}
    assert public_values(record, ["phone"]) == {**record, "original_value_fen": None, "email": None}


def test_money_is_ten_thousands_of_yuan_half_up() -> None:
    assert row(FORMS["nrii"], {"original_value_fen": 86_500_000 + 5_000}, KNOWN)["worth"] == "86.51"
