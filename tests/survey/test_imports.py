"""Imports: what a row becomes, what is said of it, and that a repetition changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.catalog import service as catalog_service
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.stored_file import StoredFile, path_of
from equipment_cloud.kernel.errors import Invalid, WrongState
from equipment_cloud.kernel.identifiers import make_credit_code
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey.models import Campaign, CampaignState, ImportRun, SurveyRow
from tests.factories.survey import CODE, HEAD, ROW, numbers, record, row, run, said, table


def test_a_row_becomes_a_draft_of_its_owner(session: Session, now: datetime, tmp_path: Path) -> None:
    answer = run(table(tmp_path, ROW), now)
    assert numbers(answer) == (1, 1, 0, 0, 0, 0)
    found = record(session)
    assert (found.state, found.original_value_fen, found.town_code) == (InstrumentState.DRAFT, 86_500_000, "330281004")
    assert (found.in_service_on, found.source, found.class_code) == (date(2021, 6, 1), "purchased", "030100")
    assert (found.organisation.credit_code, found.organisation.is_verified) == (CODE, False)
    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.code, campaign.state) == ("2026", CampaignState.OPEN)
    kept = session.scalars(select(StoredFile)).one()
    assert path_of(kept.sha256).read_bytes() == (tmp_path / "t.csv").read_bytes()
    assert session.scalar(select(func.count()).where(AuditNote.reference == f"instrument:{found.id}")) == 1


def test_a_dry_run_writes_nothing_and_says_the_same(session: Session, now: datetime, tmp_path: Path) -> None:
    path = table(tmp_path, ROW, row(number=""))
    dry = run(path, now, dry_run=True)
    for model in (Instrument, Organisation, Campaign, ImportRun, StoredFile, SurveyRow):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert run(path, now) == dry


def test_a_second_import_changes_nothing_even_after_a_correction_here(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    path = table(tmp_path, ROW)
    run(path, now)
    catalog_service.bulk_upsert(
        [catalog_service.BulkRow(0, "A-1", {"model": "CONTURA 9/12/8"}, record(session).id)],
        by=SYSTEM, now=now, source="test",
    )  # fmt: skip
    session.commit()
    assert numbers(run(path, now)) == (1, 0, 0, 1, 0, 0)
    assert record(session).model == "CONTURA 9/12/8"
    changed = table(tmp_path, row(maker="卡尔蔡司"), name="new.csv")
    assert numbers(run(changed, now)) == (1, 0, 1, 0, 0, 0)
    assert (record(session).manufacturer, record(session).model) == ("卡尔蔡司", "CONTURA 9/12/8")
    assert numbers(run(changed, now)) == (1, 0, 0, 1, 0, 0)


def test_an_empty_cell_erases_nothing(session: Session, now: datetime, tmp_path: Path) -> None:
    run(table(tmp_path, ROW), now)
    assert numbers(run(table(tmp_path, row(maker="", serial="")), now)) == (1, 0, 0, 1, 0, 0)
    assert record(session).manufacturer == "蔡司"


def test_a_verified_record_is_left_alone_and_the_difference_told(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    run(table(tmp_path, ROW), now)
    found = record(session)
    found.state, found.consented_at = InstrumentState.PUBLISHED, now
    session.commit()
    answer = run(table(tmp_path, row(model="PRISMO")), now)
    assert numbers(answer) == (1, 0, 0, 1, 0, 0)
    assert len(said(answer, "changed")) == 1
    assert record(session).model == "CONTURA"


@pytest.mark.parametrize(
    ("changes", "code", "cell"),
    [
        ({"number": ""}, "missing", "A2"),
        ({"name": " "}, "missing", "B2"),
        ({"number": "9" * 101}, "too-long", "A2"),
        ({"value": "八十六"}, "not-a-number", "F2"),
        ({"value": "-3"}, "negative", "F2"),
        ({"value": "9" * 40}, "too-large", "F2"),
        ({"day": "last year"}, "not-a-date", "G2"),
        ({"model": "#N/A"}, "error-cell", "C2"),
    ],
)
def test_a_value_that_cannot_be_read_refuses_its_row_with_the_cell(  # noqa: PLR0917 - fixtures and a case
    session: Session, now: datetime, tmp_path: Path, changes: dict[str, str], code: str, cell: str
) -> None:
    answer = run(table(tmp_path, row(**changes), row(number="B")), now)
    assert numbers(answer)[:5] == (2, 1, 0, 0, 1)
    (problem,) = [item for item in answer["problems"] if item["level"] == "error"]
    assert (problem["code"], problem["cell"], problem["row"]) == (code, cell, 2)
    assert problem["column"] == HEAD["ABCDEFG".index(cell[0])]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": "买的"}, "unknown-value"), ({"town": "火星"}, "unknown-value"),
        ({"class_": "999"}, "unknown-value"),
        ({"day": "2031-01-01"}, "impossible-date"), ({"day": "44348"}, "serial-date"),
        ({"day": "2021.6"}, "imprecise-date"), ({"maker": "长" * 60}, "long"),
        ({"maker": "长" * 300}, "too-long"), ({"model": "a\0b"}, "unprintable"),
        ({"maker": ""}, "missing"), ({"value": "865000"}, "unit-slip"), ({"value": "0.05"}, "unit-slip"),
        ({"class_": "0301"}, "short-class"),
    ],
)  # fmt: skip
def test_other_slips_are_warnings_and_the_row_is_kept(
    session: Session, now: datetime, tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    answer = run(table(tmp_path, row(**changes)), now)
    assert numbers(answer)[1] == 1
    assert [problem["level"] for problem in said(answer, code)] == ["warning"]
    assert all("%(" not in problem["message"] for problem in answer["problems"])


def test_what_has_no_field_or_cannot_be_placed_is_kept_beside_the_record(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    run(table(tmp_path, [*row(town="火星"), "蓝色"], head=[*HEAD, "颜色"]), now)
    assert record(session).extra == {"街道": "火星", "颜色": "蓝色"}


def test_a_number_used_twice_refuses_the_later_row(session: Session, now: datetime, tmp_path: Path) -> None:
    answer = run(table(tmp_path, ROW, row(name="别的")), now)
    assert numbers(answer) == (2, 1, 0, 0, 1, 1)
    assert said(answer, "duplicate-number")[0]["row"] == 3


def test_repeats_in_the_table_and_in_the_unit_are_flagged(session: Session, now: datetime, tmp_path: Path) -> None:
    rows = [ROW, row(number="B"), row(number="C", serial="S2"), row(number="D", serial=""), row(number="E", serial="")]
    answer = run(table(tmp_path, *rows), now)
    assert numbers(answer) == (5, 5, 0, 0, 0, 2)
    assert [problem["row"] for problem in said(answer, "duplicate")] == [3, 6]
    later = run(table(tmp_path, row(number="F", serial="S2"), name="later.csv"), now)
    assert "C" in said(later, "duplicate")[0]["message"]
    elsewhere = make_credit_code("12330281MB0X0001A")
    assert said(run(table(tmp_path, ROW), now, organisation=elsewhere), "duplicate") == []


def test_the_unit_of_money_follows_heading_cell_and_range(session: Session, now: datetime, tmp_path: Path) -> None:
    head = [*HEAD[:5], "原值(元)", *HEAD[6:], "原值区间"]
    rows = [
        [*row(value="865000.00"), ""],
        [*row(number="B", value="86.5万"), ""],
        [*row(number="C", value="412376.14万"), "20万-50万"],
    ]
    answer = run(table(tmp_path, *rows, head=head), now)
    assert [record(session, number).original_value_fen for number in "BC"] == [86_500_000, 41_237_614]
    assert record(session).original_value_fen == 86_500_000
    assert [problem["row"] for problem in said(answer, "unit-slip")] == [4]
    assert "412,376.14" in said(answer, "unit-slip")[0]["message"]


def test_the_owner_comes_from_a_column_and_a_row_without_one_is_refused(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    head = [*HEAD, "所属单位", "统一社会信用代码"]
    rows = [
        [*ROW, "余姚示例模具有限公司", ""],
        [*row(number="B"), "", CODE],
        [*row(number="C"), "", ""],
        [*row(number="D"), "余姚示例模具有限公司", "not-a-code"],
    ]
    answer = run(table(tmp_path, *rows, head=head), now, organisation=None)
    assert numbers(answer)[:5] == (4, 3, 0, 0, 1)
    assert said(answer, "no-owner")[0]["row"] == 4
    assert record(session).organisation.kind == "enterprise"
    assert record(session, "D").organisation_id == record(session).organisation_id


@pytest.mark.parametrize("code", ["123", "not a code", "9" * 18, "91330281\0"])
def test_a_malformed_owner_refuses_the_file(session: Session, now: datetime, tmp_path: Path, code: str) -> None:
    with pytest.raises(Invalid):
        run(table(tmp_path, ROW), now, organisation=code)
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_a_table_without_our_headings_is_refused_with_what_was_read(now: datetime, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        run(table(tmp_path, ["1", "2"], head=["甲", "乙"]), now)
    assert caught.value.problems[0].code == "no-headings"
    assert "甲 | 乙" in str(caught.value.problems[0].values["headings"])


def test_headings_are_found_below_a_title_and_rows_counted_as_in_the_sheet(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    path = table(tmp_path, [], HEAD, ROW, [], row(number="B", value="x"), head=["余姚市仪器普查表", ""])
    answer = run(path, now)
    assert numbers(answer)[:5] == (2, 1, 0, 0, 1)
    assert said(answer, "not-a-number")[0]["cell"] == "F6"


def test_a_closed_campaign_takes_nothing_and_an_unknown_mapping_is_named(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    run(table(tmp_path, ROW), now)
    session.scalars(select(Campaign)).one().state = CampaignState.CLOSED
    session.commit()
    with pytest.raises(WrongState):
        run(table(tmp_path, row(number="B")), now)
    with pytest.raises(Invalid) as caught:
        run(table(tmp_path, ROW), now, mapping="nobody-wrote-it")
    assert caught.value.problems[0].code == "no-such-mapping"
    with pytest.raises(Invalid) as caught:
        run(table(tmp_path, ROW), now, mapping="/etc/passwd")
    assert caught.value.problems[0].code == "mapping-unreadable"
