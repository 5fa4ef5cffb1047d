"""Tables in and out: every broken file is one clear refusal, no written cell starts a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from equipment_cloud.foundation import tabular
from equipment_cloud.foundation.tabular import Column, Limits, Sheet, Table
from equipment_cloud.kernel.errors import Invalid


def workbook(rows: list[list[object]], *, more: bytes = b"", cell: bytes | None = None) -> bytes:
    """A small xlsx; ``cell`` renames A2, ``more`` is XML put behind the last row."""
    plain = io.BytesIO()
    width = max(map(len, rows))
    tabular.write_xlsx(plain, [Sheet("表", [Column(f"h{index}") for index in range(width)], rows)])
    if not more and cell is None:
        return plain.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", more + b"</sheetData>")
                if cell is not None:
                    content = content.replace(b'r="A2"', b'r="' + cell + b'"')
            target.writestr(name, content)
    return changed.getvalue()


def read(content: bytes, name: str = "t.csv", **limits: int) -> Table:
    return tabular.read(io.BytesIO(content), name, limits=Limits(**limits))


def refusal(content: bytes, name: str = "t.csv", **limits: int) -> str:
    with pytest.raises(Invalid) as caught:
        read(content, name, **limits)
    (problem,) = caught.value.problems
    assert problem.remedy
    assert problem.field == "file"
    return problem.code


def test_a_workbook_is_read_as_text_where_it_stood() -> None:
    table = read(workbook([["甲", 12.5, date(2021, 6, 1)], [None, 3, Decimal("0.1")]]), "t.xlsx")
    assert table.rows == [["h0", "h1", "h2"], ["甲", "12.5", "2021-06-01"], ["", "3", "0.1"]]
    assert (table.sheet, table.sheets) == ("表", ("表",))


def test_places_are_named_as_in_a_workbook() -> None:
    assert [tabular.cell_name(7, index) for index in (0, 9, 25, 26, 701, 702)] == [
        "A7",
        "J7",
        "Z7",
        "AA7",
        "ZZ7",
        "AAA7",
    ]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "名称,型号\r\n光谱仪,A1\r\n"),
        ("utf-8-sig", "名称,型号\n光谱仪,A1\n"),
        ("gbk", "名称,型号\n光谱仪,A1\n"),
        ("gb18030", "名称;型号\n光谱仪;A1\n"),
        ("utf-16", "名称\t型号\n光谱仪\tA1\n"),
        ("utf-16-le", "name|model\nspectro|A1\n"),
    ],
)
def test_a_csv_is_read_in_its_encoding_by_its_delimiter(encoding: str, text: str) -> None:
    rows = read(text.encode(encoding)).rows
    assert [len(row) for row in rows] == [2, 2]
    assert rows[1][1] == "A1"
    assert rows[1][0] in {"光谱仪", "spectro"}


def test_western_accents_are_not_taken_for_chinese() -> None:
    assert read("Hersteller,Ort\nMüller,Köln\n".encode("cp1252")).rows[1] == ["Müller", "Köln"]


def test_quotes_newlines_and_blank_records_keep_their_place() -> None:
    rows = read(b'a,b\n"x\ny","say ""hi"""\n\n1,2\n').rows
    assert rows == [["a", "b"], ["x\ny", 'say "hi"'], [], ["1", "2"]]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "t.xlsx", "empty"),
        (b"  \n ,, \n", "t.csv", "no-data"),
        (b"Attachment", "t.xls", "not-a-workbook"),
        (b"<html><table></table></html>", "t.xls", "not-a-workbook"),
        (b"PK\x03\x04 and nothing more", "t.xlsx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "t.xls", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "t.xlsx", "encrypted"),
        (bytes(range(32)) * 200, "t.csv", "not-a-table"),
        (b'a,b\n1,"never closed\n2,3\n', "t.csv", "broken-quotes"),
        (b"a\n" + b"x" * 200_000, "t.csv", "broken-quotes"),
    ],
)
def test_a_broken_file_is_one_clear_refusal(content: bytes, name: str, code: str) -> None:
    assert refusal(content, name) == code


def test_limits_of_size_rows_and_columns() -> None:
    assert refusal(b"a,b\n" * 100, bytes=50) == "too-large"
    assert refusal(b"a,b\n" * 100, rows=50) == "too-many-rows"
    assert refusal(b"a,b,c,d\n" * 3, columns=3) == "too-many-columns"
    assert refusal(workbook([["x"]] * 60), "t.xlsx", rows=50) == "too-many-rows"
    assert refusal(workbook([["x"] * 6]), "t.xlsx", columns=5) == "too-many-columns"
    assert len(read(workbook([["x"] * 1000]), "t.xlsx").rows[1]) == 1000


def test_a_workbook_that_unpacks_to_more_than_allowed_is_refused() -> None:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>' + b"a" * 100_000 + b"</t></is></c></row>"
    bomb = workbook([["x"]], more=b"".join(row % (line, line) for line in range(5, 4000)))
    assert len(bomb) < 2_000_000
    assert refusal(bomb, "t.xlsx", memory=512 * 1024**2) == "too-large"


def test_one_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refusal(workbook([["x"]], more=far), "t.xlsx") in {"too-large", "too-many-rows"}


def test_error_cells_are_told() -> None:
    bad = b'<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>'
    assert read(workbook([["x"]], more=bad), "t.xlsx").rows[2] == ["#N/A"]


def test_an_unknown_sheet_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        tabular.read(io.BytesIO(workbook([["x"]])), "t.xlsx", sheet="nope")
    assert caught.value.problems[0].values["sheets"] == "表"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "\x00=1", "=cmd|' /C calc'!A0"]
)
def test_a_written_cell_never_starts_a_formula(text: str) -> None:
    line = b"".join(tabular.csv_lines(["=h"], [[text]])).decode("utf-8-sig")
    for (cell,) in csv.reader(io.StringIO(line, newline="")):
        assert cell.startswith("'")
    target = io.BytesIO()
    tabular.write_xlsx(target, [Sheet("a", [Column("=h")], [[text]])])
    page = openpyxl.load_workbook(target).active
    assert {page["A1"].data_type, page["A2"].data_type} == {"s"}


def test_numbers_stay_numbers_and_long_ones_stay_whole() -> None:
    line = b"".join(tabular.csv_lines(["n"], [[-5], [Decimal("-1.50")]])).decode("utf-8-sig")
    assert line.split() == ["n", "-5", "-1.50"]
    table = read(workbook([[12345678901234567890, True]]), "t.xlsx")
    assert table.rows[1] == ["12345678901234567890", "TRUE"]


def test_every_awkward_csv_is_read_rightly(corpus: Path) -> None:
    for path in sorted((corpus / "csv-edge").glob("*.csv")):
        head, *rows = tabular.read_path(path).rows
        read_as = [dict(zip(head, row, strict=True)) for row in rows if row]
        right = json.loads(path.with_suffix(".json").read_text(encoding="utf-8").replace("\\r\\n", "\\n"))
        right = [
            {key: str(value) for key, value in row.items()} for row in (right if isinstance(right, list) else [right])
        ]
        for row in [*read_as, *right]:
            row.pop("Contact Phone Number", None)  # the corpus itself disagrees about it
        assert read_as == right, path.name


def test_every_odd_workbook_is_read_or_refused_with_a_reason(corpus: Path) -> None:
    refused = {}
    for path in sorted((corpus / "xlsx-weird").iterdir()):
        try:
            assert tabular.read_path(path).rows, path.name
        except Invalid as refusal:
            refused[path.name] = refusal.problems[0].code
    assert refused == {
        "calamine_empty_sheet.xlsx": "no-data",
        "calamine_pass_protected.xlsx": "encrypted",
        "calamine_too_small.xls": "not-a-workbook",
    }
    assert tabular.read_path(corpus / "xlsx-weird" / "calamine_errors.xlsx").rows[0] == ["#DIV/0!"]
    dates = tabular.read_path(corpus / "xlsx-weird" / "calamine_date_1904.xlsx")
    assert dates.rows[0][0] == "2021-01-01"
    assert tabular.read_path(corpus / "xlsx-weird" / "calamine_merge_cells.xlsx").rows[0][:2] == ["Row Merge"] * 2
