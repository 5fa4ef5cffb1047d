"""Foreign tables: columns guessed, corrected on a page, kept under a name, recognised the next time."""

from __future__ import annotations

import io
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey.models import ImportRun, ImportStage, SavedMapping
from equipment_cloud.survey.rules import fits, guess_head_row, guess_targets, is_standard
from tests.factories import occupancy as people

FOREIGN = (
    "设备台账,,,,,\n"
    "卡片编号,仪器设备中文名称,规格/型号,单价,购置年月,颜色\n"
    "K-1,扫描电镜,S-4800,2500000,2019-03,灰\n"
    "K-2,天平,AB204,80000,2020-05,白\n"
)
BY_HAND = ["unit_number", "name", "model", "original_value_fen", "acquired_on", "extra"]


@pytest.fixture
def surveyor(client, session: Session) -> Person:
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = session.get(Person, people.member(session, bureau, "surveyor").id)
    session.commit()
    client.sign_in(person)
    data = {"code": "2026-survey", "name": "2026 年普查", "due_on": "2026-12-31"}
    assert client.post("/survey/new", data=data).status_code == 303
    return person


def upload(client, content: bytes, name: str = "t.csv", **more: str) -> str:
    data = {"file": (io.BytesIO(content), name), "mapping": "guess", **more}
    answer = client.post("/survey/2026-survey/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def fields(targets: list[str], **more: str) -> dict[str, str]:
    chosen = {f"targets-{index}": target for index, target in enumerate(targets)}
    return {"head_row": "2", "money_unit": "yuan", "organisation": "示例厂", **chosen, **more}


def test_headings_of_other_offices_are_guessed() -> None:
    headings = [
        "序号",
        "使用单位全称",
        "设备资产编号",
        "仪器设备中文名称",
        "规格/型号",
        "生产厂家（国别）",
        "单价（元）",
        "放置地点",
    ]
    found = [guess.target for guess in guess_targets(headings)]
    assert found == [
        None,
        "organisation",
        "unit_number",
        "name",
        "model",
        "manufacturer",
        "original_value_fen",
        "address",
    ]
    assert guess_targets(["Foo", "Bar"])[0].target is None
    assert [guess.target for guess in guess_targets(["型号", "规格型号"])].count("model") == 1


def test_the_row_of_headings_is_found_below_titles() -> None:
    rows = [line.split(",") for line in FOREIGN.splitlines()]
    assert guess_head_row(rows) == 1
    assert not is_standard(rows)
    assert is_standard([["x"], ["资产编号", "名称", "型号"]])
    assert fits({"卡片编号": "unit_number", "仪器设备中文名称": "name"}, rows) == 1
    assert fits({"别的": "unit_number", "仪器设备中文名称": "name"}, rows) == 0


def test_a_foreign_table_is_mapped_previewed_saved_and_known_again(client, session: Session, surveyor: Person) -> None:
    page = upload(client, FOREIGN.encode())
    assert page.endswith("/columns")
    text = unescape(client.get(page).text)
    assert "扫描电镜" in text
    assert 'value="original_value_fen" selected' in text or 'selected value="original_value_fen"' in text
    answer = client.post(page, data=fields(BY_HAND, save_as="plant"))
    assert answer.status_code == 303, answer.text
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0
    assert client.post(f"{answer.headers['Location']}/confirm").status_code == 303
    found = session.scalars(select(Instrument).order_by(Instrument.unit_number)).all()
    assert [(item.unit_number, item.original_value_fen) for item in found] == [("K-1", 250_000_000), ("K-2", 8_000_000)]
    assert (found[0].extra, found[0].organisation.name) == ({"颜色": "灰"}, "示例厂")
    assert session.scalars(select(SavedMapping.name)).all() == ["plant"]
    again = upload(client, FOREIGN.replace("设备台账,,,,,\n", "").encode(), "next.csv")
    assert "/columns" not in again
    run = session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert (run.mapping["name"], run.unchanged, run.created) == ("plant", 2, 0)


def test_columns_agreed_without_a_name_are_remembered_by_the_preview(
    client, session: Session, surveyor: Person
) -> None:
    answer = client.post(upload(client, FOREIGN.encode()), data=fields(BY_HAND))
    preview = answer.headers["Location"]
    assert 'selected value="unit_number"' in client.get(f"{preview}/columns").text
    other = [*BY_HAND[:5], "manufacturer"]
    changed = client.post(f"{preview}/columns", data=fields(other)).headers["Location"]
    client.post(f"{changed}/confirm")
    assert set(session.scalars(select(Instrument.manufacturer))) == {"灰", "白"}


@pytest.mark.parametrize(
    "targets",
    [["extra"] * 6, ["unit_number", "name", "name", "extra", "extra", "extra"], ["nonsense"] * 6,
     ["unit_number", "name", "extra", "extra", "acquired_on", "original_value_fen"][:1]],
)  # fmt: skip
def test_mistakes_of_a_mapping_are_told_and_nothing_is_kept(
    client, session: Session, surveyor: Person, targets: list[str]
) -> None:
    page = upload(client, FOREIGN.encode())
    answer = client.post(page, data=fields(targets, save_as="bad"))
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert session.scalar(select(func.count()).select_from(SavedMapping)) == 0


def test_the_sheet_and_the_row_of_headings_can_be_chosen(client, session: Session, surveyor: Person) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    made.active.append(["nothing here", "at all"])
    page = made.create_sheet("台账")
    for cells in (["x", "y"], ["号", "名"], ["K-9", "烘箱"]):
        page.append(cells)
    content = io.BytesIO()
    made.save(content)
    address = upload(client, content.getvalue(), "two.xlsx")
    text = client.get(f"{address}?sheet=台账&head_row=2").text
    assert "K-9" in text
    data = fields(["unit_number", "name"], sheet="台账")
    preview = client.post(address, data=data).headers["Location"]
    client.post(f"{preview}/confirm")
    assert session.scalars(select(Instrument.name)).one() == "烘箱"
    assert client.get(f"{address}?sheet=no-such").status_code == 422


def test_a_thousand_columns_make_a_page_of_two_hundred(client, session: Session, surveyor: Person) -> None:
    wide = ",".join(f"c{number}" for number in range(1000)) + "\n" + ",".join(["x"] * 1000) + "\n"
    text = client.get(upload(client, wide.encode())).text
    assert text.count('name="targets-') == 200
    assert "800" in text


def test_a_staged_table_has_no_preview_and_cannot_be_confirmed(client, session: Session, surveyor: Person) -> None:
    page = upload(client, FOREIGN.encode())
    run = session.scalars(select(ImportRun)).one()
    assert run.stage is ImportStage.COLUMNS
    assert client.get(f"/survey/imports/{run.id}").headers["Location"].endswith("/columns")
    assert client.post(f"/survey/imports/{run.id}/confirm").status_code == 404
    assert client.post(f"/survey/imports/{run.id}/undo").status_code == 409
    firm = people.organisation(session, "企业")
    person = session.get(Person, people.member(session, firm, "manager").id)
    session.commit()
    client.sign_in(person)
    for path in (page, f"/survey/imports/{run.id}", f"/survey/imports/{run.id}/progress"):
        assert client.get(path).status_code == 403
    for verb in ("confirm", "undo", "retry", "columns"):
        assert client.post(f"/survey/imports/{run.id}/{verb}").status_code == 403
