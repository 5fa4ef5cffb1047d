"""The template and other workbooks, and what many rows cost."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
from sqlalchemy.orm import Session

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.survey.commands import write_template
from tests.factories import catalog as make
from tests.factories.survey import HEAD, ROW, numbers, record, row, run, said, table


def test_the_template_is_read_back_and_its_example_passed_over(session: Session, now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    assert numbers(run(path, now)) == (0, 0, 0, 0, 0, 0)
    book = openpyxl.load_workbook(path)
    page, example = book.worksheets[0], book["示例 Example"]
    assert page.data_validations.count >= 12
    assert book["选项 Choices"].sheet_state == "hidden"
    headings = [cell.value for cell in page[1]]
    assert headings[4].splitlines() == ["名称*", "Name"]
    for index, cell in enumerate(example[2], 1):
        page.cell(2, index).value = cell.value
    page.cell(2, headings.index("所在单位仪器编号*\nUnit's own number") + 1).value = "T-1"
    page.cell(2, [words.splitlines()[0] for words in headings].index("分类编码") + 1).value = "030100 长度计量仪器"
    book.save(path)
    answer = run(path, now, organisation=None)
    assert numbers(answer) == (1, 1, 0, 0, 0, 0)
    assert answer["problems"] == []
    found = record(session, "T-1")
    assert found.calibration_valid_until == date(2027, 3, 1)
    assert found.class_code == "030100"
    assert (found.run_hours, found.original_value_fen, found.funds) == (1600, 86_500_000, ["own"])


def test_merged_cells_give_their_value_to_all_their_rows_and_are_told(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for cells in (HEAD, ROW, row(number="B", serial="S2")):
        page.append(cells)
    page["D3"] = None
    page.merge_cells("D2:D3")
    book.save(tmp_path / "m.xlsx")
    answer = run(tmp_path / "m.xlsx", now)
    assert [problem["cell"] for problem in said(answer, "merged")] == ["D2"]
    assert record(session, "B").manufacturer == "蔡司"


def test_last_values_and_twins_are_found_in_few_statements(
    session: Session, now: datetime, tmp_path: Path, statements: list[str]
) -> None:
    rows = [row(number=f"N{index}", serial=f"S{index}") for index in range(300)]
    run(table(tmp_path, *rows), now)
    statements.clear()
    assert numbers(run(table(tmp_path, *rows), now)) == (300, 0, 0, 300, 0, 0)
    assert len(statements) < 25
    owner = make.organisation()
    one = make.instrument(owner, serial_number="S5", model="CONTURA")
    assert [twin.unit_number for twin in catalog.twins(one)] == ["N5"]
