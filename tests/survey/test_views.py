"""Surveys on pages: open, upload, look at the preview, confirm."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey.models import ImportRun
from tests.factories import occupancy as people

TABLE = "所在单位仪器编号,名称,所属单位,原值\nA-1,三坐标测量机,示例模具有限公司,86.5\nA-2,,示例模具有限公司,x\n"


@pytest.fixture
def surveyor(client, session: Session) -> Person:
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = session.get(Person, people.member(session, bureau, "surveyor").id)
    session.commit()
    client.sign_in(person)
    return person


@pytest.fixture
def campaign(client, surveyor: Person) -> str:
    data = {"code": "2026-survey", "name": "2026 年普查", "due_on": "2026-12-31"}
    assert client.post("/survey/new", data=data).status_code == 303
    return "/survey/2026-survey"


def upload(client, campaign: str, content: bytes, name: str = "t.csv", **more: str):
    data = {"file": (io.BytesIO(content), name), "mapping": "standard", **more}
    return client.post(f"{campaign}/import", data=data, content_type="multipart/form-data")


def test_upload_preview_confirm(client, session: Session, campaign: str) -> None:
    answer = upload(client, campaign, TABLE.encode("gbk"))
    assert answer.status_code == 303, answer.text
    preview = answer.headers["Location"]
    text = client.get(preview).text
    assert "D3" in text
    assert "gb18030" in text
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0
    lines = client.get(f"{preview}/problems.csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) > 2
    done = client.post(f"{preview}/confirm")
    assert done.status_code == 303
    assert session.scalar(select(func.count()).select_from(Instrument)) == 1
    assert (
        "86.5" in client.get(done.headers["Location"]).text or client.get(done.headers["Location"]).status_code == 200
    )
    assert client.post(f"{done.headers['Location']}/confirm").status_code == 404
    client.post(f"{preview}/confirm")
    assert session.scalar(select(func.count()).select_from(Instrument)) == 1
    board = client.get(campaign).text
    assert "示例模具有限公司" in board
    assert client.get(f"{preview}?level=error").status_code == 200


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "t.csv"), (b"x", "t.xlsx"), (b"%PDF-1.4" + bytes(range(30)) * 9, "t.pdf"), (b"a,b\n1,2\n", "t.csv"),
     ("所在单位仪器编号,名称\n".encode(), "t.csv")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    client, campaign: str, content: bytes, name: str
) -> None:
    answer = upload(client, campaign, content, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_a_wrong_owner_and_an_unknown_campaign(client, session: Session, campaign: str) -> None:
    assert upload(client, campaign, TABLE.encode(), organisation="123").status_code == 422
    assert upload(client, campaign, TABLE.encode(), sheet="\0").status_code in {303, 422}
    assert client.get("/survey/nothing").status_code == 404
    assert client.get("/survey/imports/999999").status_code == 404
    assert session.scalar(select(func.count()).select_from(ImportRun).where(ImportRun.is_dry_run.is_(False))) == 0


def test_campaign_codes_are_checked_and_unique(client, campaign: str) -> None:
    base = {"name": "x", "due_on": "2026-12-31"}
    for code in ("new", "a/b", "", "2026-survey", "x" * 65, "a b"):
        assert client.post("/survey/new", data={**base, "code": code}).status_code == 422, code
    assert client.post("/survey/new", data={**base, "code": "ok", "due_on": "2020-01-01"}).status_code == 422


def test_a_closed_campaign_offers_no_import(client, campaign: str) -> None:
    assert client.post(f"{campaign}/close").status_code == 303
    assert upload(client, campaign, TABLE.encode()).status_code == 422
    assert "/import" not in client.get(campaign).text


def test_mappings_are_saved_and_used(client, session: Session, campaign: str) -> None:
    bad = client.post("/survey/mappings", data={"name": "x", "text": '[columns]\n"a" = "nonsense"'})
    assert bad.status_code == 422
    assert client.post("/survey/mappings", data={"name": "x", "text": "a = ["}).status_code == 422
    columns = '[columns]\n"no" = "unit_number"\n"what" = "name"\n"eur" = "original_value_fen"'
    good = f'organisation = "示例厂"\nmoney_unit = "yuan"\n{columns}'
    assert client.post("/survey/mappings", data={"name": "plant", "text": good}).status_code == 303
    assert "plant" in client.get(f"{campaign}/import").text
    answer = upload(client, campaign, b"no,what,eur\nP1,press,865000\n", mapping="plant")
    assert client.post(f"{answer.headers['Location']}/confirm").status_code == 303
    assert session.scalars(select(Instrument.original_value_fen)).one() == 86_500_000


def test_the_template_is_a_workbook_and_managers_may_have_it(client, surveyor: Person) -> None:
    assert client.get("/survey/template").data.startswith(b"PK")


def test_only_the_bureau_sees_surveys(client, session: Session, campaign: str) -> None:
    firm = people.organisation(session, "企业")
    person = session.get(Person, people.member(session, firm, "owner").id)
    session.commit()
    client.sign_in(person)
    for path in ("/survey", campaign, f"{campaign}/import", "/survey/mappings", "/survey/imports/1"):
        assert client.get(path).status_code == 403


def test_any_awkward_file_on_the_page_is_answered_clearly(
    client, session: Session, campaign: str, corpus: Path
) -> None:
    for folder in ("xlsx-weird", "csv-edge", "csv-injection", "naughty-strings"):
        for path in sorted((corpus / folder).iterdir()):
            answer = upload(client, campaign, path.read_bytes(), path.name)
            assert answer.status_code == 422, path
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0
