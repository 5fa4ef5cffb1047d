"""The table sent back with its problems marked: cells, comments, a list; mended and sent again."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.organisations.models import Kind
from tests.factories import occupancy as people

TABLE = (
    "所在单位仪器编号,名称,所属单位,原值,规格型号\n"
    'A-1,三坐标测量机,示例厂,86.5,"=HYPERLINK(""http://x.example"",""x"")"\n'
    "A-2,,示例厂,x,M\n"
    "0012,天平,示例厂,3,+1\n"
)


@pytest.fixture
def surveyor(client, session: Session) -> Person:
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = session.get(Person, people.member(session, bureau, "surveyor").id)
    session.commit()
    client.sign_in(person)
    client.post("/survey/new", data={"code": "2026", "name": "普查", "due_on": "2026-12-31"})
    return person


def upload(client, content: bytes, name: str) -> str:
    data = {"file": (io.BytesIO(content), name), "mapping": "guess"}
    answer = client.post("/survey/2026/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_marked_cells_are_mended_and_the_workbook_sent_again(client, session: Session, surveyor: Person) -> None:
    preview = upload(client, TABLE.encode(), "表.csv")
    answer = client.get(f"{preview}/problems.xlsx")
    assert answer.data.startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    page = book.worksheets[0]
    assert page["D3"].comment is not None
    assert page["D3"].fill.fgColor.rgb.endswith("F8C9C4".lower()) or page["D3"].fill.fgColor.rgb.endswith("F8C9C4")
    assert page["B3"].comment is not None
    assert page["A2"].comment is None
    assert page["E2"].data_type == "s"
    assert page["E2"].value.startswith("=HYPERLINK")
    assert page["A4"].value == "0012"
    assert "D3" in [cell.value for cell in book.worksheets[1]["B"]]
    page["B3"], page["D3"] = "台秤", "12.5"
    mended = io.BytesIO()
    book.save(mended)
    again = upload(client, mended.getvalue(), "mended.xlsx")
    client.post(f"{again}/confirm")
    names = dict(session.execute(select(Instrument.unit_number, Instrument.name)).all())
    assert names == {"A-1": "三坐标测量机", "A-2": "台秤", "0012": "天平"}


def test_the_marked_workbook_is_for_those_who_see_the_import(client, session: Session, surveyor: Person) -> None:
    preview = upload(client, TABLE.encode(), "t.csv")
    firm = people.organisation(session, "企业")
    person = session.get(Person, people.member(session, firm, "manager").id)
    session.commit()
    client.sign_in(person)
    assert client.get(f"{preview}/problems.xlsx").status_code == 403
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0
