"""Real inventories through the importer: every row is accounted for, and a second import changes nothing."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation.tabular import column_name
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.survey.commands import import_file
from equipment_cloud.survey.models import Campaign, ImportProblem, ImportRun

HEADINGS = ["所在单位仪器编号", "名称", "规格型号", "原值", "建账日期", "技术指标", "联系电话", "街道", "来源"]
DONE = ("created", "updated", "unchanged", "refused")


def counts(answer: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in answer.items() if key != "problems"}


def codes(answer: dict) -> list[str]:
    return [problem["code"] for problem in answer["problems"]]


@pytest.mark.parametrize(
    ("name", "path", "rows", "duplicates"),
    [
        ("ooi-assets", "ooi-assets/sensor_bulk_load-AssetRecord.csv", 2876, 92),
        ("cn-university", "cn-university-27/equipment.csv", 27, 3),
    ],
)
def test_a_real_table_is_imported_whole_and_only_once(  # noqa: PLR0917 - fixtures and a case
    session: Session, now: datetime, corpus: Path, name: str, path: str, rows: int, duplicates: int
) -> None:
    file = corpus / path
    expected = {"rows": rows, "created": rows, "updated": 0, "unchanged": 0, "refused": 0, "duplicates": duplicates}
    dry = import_file(file, "t", name, dry_run=True, now=now)
    assert counts(dry) == expected
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0
    first = import_file(file, "t", name, now=now)
    assert counts(first) == expected
    assert first["problems"] == dry["problems"]
    assert session.scalar(select(func.count()).select_from(Instrument)) == rows
    assert session.scalar(select(func.count()).select_from(Position)) == rows
    assert session.scalar(select(func.count(func.distinct(Instrument.code)))) == rows
    again = import_file(file, "t", name, now=now)
    assert counts(again) == expected | {"created": 0, "unchanged": rows}
    assert session.scalar(select(func.count()).select_from(Instrument)) == rows


def test_five_true_slips_are_corrected_by_their_range_and_explained(
    session: Session, now: datetime, corpus: Path
) -> None:
    answer = import_file(corpus / "cn-university-27" / "equipment.csv", "t", "cn-university", now=now)
    slips = [problem for problem in answer["problems"] if problem["code"] == "unit-slip"]
    assert [problem["cell"] for problem in slips] == ["C2", "C3", "C4", "C5", "C6"]
    assert all(problem["level"] == "warning" and "¥" in problem["message"] for problem in slips)
    values = dict(session.execute(select(Instrument.unit_number, Instrument.original_value_fen)).all())
    assert values["00000001"] == values["00000020"] == 41_237_614
    assert max(values.values()) == 654_180_000
    repeated = [problem["row"] for problem in answer["problems"] if problem["code"] == "duplicate"]
    assert repeated == [21, 23, 24]
    first = session.scalar(select(Instrument).where(Instrument.unit_number == "00000006"))
    assert "<0.05vol%" in first.technical
    assert first.organisation.is_verified is False


def test_columns_without_a_field_are_kept_beside_the_record(session: Session, now: datetime, corpus: Path) -> None:
    import_file(corpus / "ooi-assets" / "sensor_bulk_load-AssetRecord.csv", "t", "ooi-assets", now=now)
    record = session.scalar(select(Instrument).where(Instrument.unit_number == "A00838"))
    assert record.extra["comments"] == "UW Claims they have asset"
    assert record.extra["ORIGINAL COST"] == "6665"
    assert record.original_value_fen is None


def test_any_awkward_file_gives_an_answer_or_one_clear_refusal(session: Session, now: datetime, corpus: Path) -> None:
    files = [
        *sorted((corpus / "xlsx-weird").iterdir()),
        *sorted((corpus / "csv-edge").glob("*.csv")),
        *sorted((corpus / "csv-injection").iterdir()),
        *sorted((corpus / "naughty-strings").iterdir()),
    ]
    for file in files:
        with pytest.raises(Invalid) as caught:
            import_file(file, "t", now=now)
        (problem,) = caught.value.problems
        assert problem.code in {"no-headings", "no-data", "encrypted", "not-a-workbook", "not-a-table", "broken-quotes"}
        assert problem.remedy, file.name
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_naughty_strings_in_every_field_are_kept_or_listed(
    session: Session, now: datetime, corpus: Path, tmp_path: Path
) -> None:
    strings = json.loads((corpus / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    strings += (corpus / "csv-injection" / "payloads.txt").read_text(encoding="utf-8").splitlines()
    table = tmp_path / "naughty.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["所在单位仪器编号", "名称", "规格型号", "原值", "建账日期", "技术指标", "联系电话", "街道", "来源"]
        )
        writer.writerows([f"N{row}", text, text, "", "", text, text, text, text] for row, text in enumerate(strings))
        writer.writerows([text, f"名{row}", "", "", "", "", "", "", ""] for row, text in enumerate(strings))
        writer.writerows([f"V{row}", "x", "", text, text, "", "", "", ""] for row, text in enumerate(strings[:100]))
    answer = import_file(table, "t", _mapping(tmp_path), now=now)
    assert answer["rows"] == 2 * len(strings) + 100
    assert answer["rows"] == sum(answer[key] for key in DONE)
    refused = {problem["row"] for problem in answer["problems"] if problem["level"] == "error"}
    assert len(refused) == answer["refused"]
    kept = session.scalar(select(func.count()).select_from(Instrument))
    assert kept == answer["created"]
    again = import_file(table, "t", _mapping(tmp_path), now=now)
    assert again["created"] == again["updated"] == 0
    assert session.scalar(select(func.count()).select_from(ImportProblem)) > 0


def test_a_place_beyond_z_is_named_rightly() -> None:
    assert column_name(27) == "AB"


def _mapping(folder: Path) -> str:
    mapping = folder / "naughty.toml"
    targets = ["unit_number", "name", "model", "original_value_fen", "in_service_on", "technical", "phone", "town_code"]
    columns = dict(zip(HEADINGS, [*targets, "source"], strict=True))
    lines = "\n".join(f'"{heading}" = "{target}"' for heading, target in columns.items())
    mapping.write_text(f'organisation = "示例研究所"\nmoney_unit = "wan"\n[columns]\n{lines}\n', encoding="utf-8")
    return str(mapping)
