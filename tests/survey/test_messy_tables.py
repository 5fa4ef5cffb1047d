"""Tables as units really send them: titles above, totals below, figures that a spreadsheet spoilt."""

from __future__ import annotations

import datetime as dates
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.survey.rules.days import read_day
from equipment_cloud.survey.rules.words import truth_of
from tests.factories.survey import HEAD, ROW, numbers, record, row, run, said, table

ZONE = ZoneInfo("Asia/Shanghai")


def book(folder: Path, *rows: list[object], name: str = "b.xlsx") -> Path:
    made = openpyxl.Workbook()
    for cells in rows:
        made.active.append(cells)
    made.save(folder / name)
    return folder / name


def test_title_above_numbering_totals_and_signature_are_passed_over_and_listed(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    rows = [
        ["余姚市大型仪器普查表", *[""] * 9],
        ["填报单位：示例厂", *[""] * 9],
        HEAD,
        [str(number) for number in range(1, 11)],
        ROW,
        ["小计", "", "", "", "", "86.50", *[""] * 4],
        row(number="B", serial="S2"),
        ["合 计", "2台", "", "", "", "￥173.00", *[""] * 4],
        ["填表人：王示例", "", "", "审核人：李示例", *[""] * 6],
    ]
    answer = run(table(tmp_path, *rows[1:], head=rows[0]), now)
    assert numbers(answer) == (2, 2, 0, 0, 0, 0)
    listed = {(item["row"], item["code"]) for item in answer["problems"] if item["code"].endswith("-row")}
    assert listed == {(4, "numbering-row"), (6, "totals-row"), (8, "totals-row"), (9, "note-row")}


def test_an_instrument_whose_name_begins_like_a_total_is_no_total(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    answer = run(table(tmp_path, row(number="总计", name="总计数器"), row(number="B", name="合计算器")), now)
    assert numbers(answer)[:2] == (2, 2)


def test_headings_on_two_rows_merged_across_and_down(session: Session, now: datetime, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    page = made.active
    page.append(["仪器普查", *[None] * 4])
    page.append(["资产编号", "仪器名称", "联系", None, "原值(元)"])
    page.append([None, None, "联系人", "联系电话", None])
    page.append(["A-1", "天平", "王示例", "０５７４－６２００００００", "８６５，０００"])
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        page.merge_cells(cells)
    made.save(tmp_path / "h.xlsx")
    assert numbers(run(tmp_path / "h.xlsx", now)) == (1, 1, 0, 0, 0, 0)
    found = record(session)
    assert (found.contact_name, found.phone, found.original_value_fen) == ("王示例", "0574-62000000", 86_500_000)


def test_numbers_that_a_spreadsheet_made_of_names_are_restored_or_told(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    rows = [row(number="20210001.0", serial="771.0"), row(number="Ａ－２", serial="1.23457E+11"),
            row(number="2.02E+15", serial="S9")]  # fmt: skip
    answer = run(table(tmp_path, *rows), now)
    assert numbers(answer)[:5] == (3, 2, 0, 0, 1)
    assert record(session, "20210001").serial_number == "771"
    assert record(session, "A-2").serial_number == "1.23457E+11"
    assert [(item["cell"], item["level"]) for item in said(answer, "rounded")] == [("E3", "warning"), ("A4", "error")]
    path = book(tmp_path, HEAD, [20210005.0, *ROW[1:4], 1234567890123456789, *ROW[5:]])
    again = run(path, now)
    assert record(session, "20210005").name == "三坐标测量机"
    assert [item["cell"] for item in said(again, "rounded")] == ["E2"]


def test_a_workbook_that_counts_from_1904_is_read_on_the_right_day(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(HEAD)
    made.active.append([*ROW[:6], dates.date(2021, 6, 1), *ROW[7:]])
    made.active.append(["B", *ROW[1:4], "S2", 86.5, 42886, *ROW[7:]])
    made.save(tmp_path / "mac.xlsx")
    assert numbers(run(tmp_path / "mac.xlsx", now))[1] == 2
    assert record(session).in_service_on == record(session, "B").in_service_on == dates.date(2021, 6, 1)


def test_a_formula_without_a_value_refuses_its_row_and_no_formula_is_run(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    answer = run(book(tmp_path, HEAD, [*ROW[:5], "=80+6.5", *ROW[6:]], ROW), now)
    assert numbers(answer)[:5] == (2, 1, 0, 0, 1)
    assert [item["cell"] for item in said(answer, "formula")] == ["F2"]


def test_entities_are_undone_and_told_once(session: Session, now: datetime, tmp_path: Path) -> None:
    answer = run(table(tmp_path, row(model="&lt;0.5 &amp; &gt;2"), row(number="B", model="R&D")), now)
    assert (record(session).model, record(session, "B").model) == ("<0.5 & >2", "R&D")
    assert len(said(answer, "entities")) == 1


def test_the_sheets_not_read_are_named(session: Session, now: datetime, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "第一批"
    for title, number in (("第一批", "A-1"), ("第二批", "B-1")):
        page = made[title] if title in made.sheetnames else made.create_sheet(title)
        page.append(HEAD)
        page.append(row(number=number))
    made.save(tmp_path / "two.xlsx")
    answer = run(tmp_path / "two.xlsx", now)
    assert "第二批" in said(answer, "other-sheets")[0]["message"]
    assert numbers(run(tmp_path / "two.xlsx", now, sheet="第二批"))[1] == 1
    assert {found.unit_number for found in session.scalars(select(Instrument))} == {"A-1", "B-1"}


@pytest.mark.parametrize(
    "text",
    ["2021-06-01", "2021/6/1", "2021年6月1日", "2021.6.1", "20210601", "２０２１－０６－０１", "2021-6-1 00:00:00",
     "二〇二一年六月一日", "21年6月1日", "1 Jun 2021", "June 1, 2021", "1-Jun-2021", "20210601.0"],
)  # fmt: skip
def test_one_day_in_its_spellings(text: str) -> None:
    assert read_day(text, formats=(), zone=ZONE) == (dates.date(2021, 6, 1), None)


def test_a_day_is_read_month_or_day_first_only_where_one_order_makes_sense() -> None:
    assert read_day("31/12/2016", formats=(), zone=ZONE)[0] == dates.date(2016, 12, 31)
    assert read_day("12/31/2016", formats=(), zone=ZONE)[0] == dates.date(2016, 12, 31)
    assert read_day("05/05/2016", formats=(), zone=ZONE)[0] == dates.date(2016, 5, 5)
    found, problem = read_day("03/04/2016", formats=(), zone=ZONE)
    assert (found, problem.code, problem.level) == (None, "ambiguous-date", "error")
    assert read_day("二十三", formats=(), zone=ZONE)[1].code == "not-a-date"
    assert read_day("2016年", formats=(), zone=ZONE)[1].code == "imprecise-date"
    assert read_day("二〇一六年十二月三十日", formats=(), zone=ZONE)[0] == dates.date(2016, 12, 30)


def test_yes_and_no_in_their_spellings() -> None:
    assert [truth_of(text) for text in ("是", "Yes", "√", "Ｙ", "1", "TRUE")] == [True] * 6
    assert [truth_of(text) for text in ("否", "no", "×", "Ｎ", "0", "FALSE")] == [False] * 6
    assert truth_of("maybe") is None


def test_an_archive_that_claims_too_much_is_refused_before_it_is_opened(
    session: Session, now: datetime, tmp_path: Path
) -> None:

    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _turn in range(600):
            member.write(bytes(1024 * 1024))
    assert path.stat().st_size < 2_000_000
    with pytest.raises(Invalid) as caught:
        run(path, now)
    assert [problem.code for problem in caught.value.problems] == ["too-large"]


def test_a_thousand_columns_and_links_to_other_files_are_read_as_they_stand(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    wide = [*HEAD, *(f"列{number}" for number in range(990))]
    answer = run(book(tmp_path, wide, [*ROW, *["x"] * 989, "='[other.xlsx]Sheet1'!A1"]), now)
    assert numbers(answer) == (1, 0, 0, 0, 1, 0)
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0
    assert [item["cell"] for item in said(answer, "formula")] == ["ALL2"]
