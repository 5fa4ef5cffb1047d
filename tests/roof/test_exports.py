"""``flask export``: what is written, for whom, and that an import of it changes nothing."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules.exchange import FORMS
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.tabular import read_path
from equipment_cloud.organisations import service as organisations
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey.commands import import_file
from tests.factories import catalog as make
from tests.factories.survey import CODE


def _export(app: Flask, what: str, out: Path, *more: str) -> Path:
    done = app.test_cli_runner().invoke(args=["export", what, "--out", str(out), *more])
    assert done.exit_code == 0, done.output
    return out


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("what", FORMS)
def test_importing_an_own_export_changes_no_stored_value(
    app: Flask, session: Session, now: datetime, tmp_path: Path, what: str
) -> None:
    owner = organisations.register(
        Kind.INSTITUTION, "示例检测中心", CODE, None, now=now, by=SYSTEM, is_provider=True, is_verified=True
    )
    record = make.instrument(
        owner, state=InstrumentState.DRAFT, source="surplus", original_value_fen=86_501_234,
        technical="=1+1 " + "长" * 600, class_code="0301", phone="+86 574 62000000",
    )  # fmt: skip
    session.commit()
    before = {column.key: getattr(record, column.key) for column in Instrument.__table__.columns}
    first = _export(app, what, tmp_path / "first.csv", "--scope", "inventory")
    answer = import_file(first, "2026", now=now)
    assert (answer["rows"], answer["unchanged"]) == (1, 1), answer
    session.expire_all()
    assert {column.key: getattr(record, column.key) for column in Instrument.__table__.columns} == before
    second = _export(app, what, tmp_path / "second.csv", "--scope", "inventory")
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("what", ["nrii", "zhejiang"])
def test_what_another_city_imports_it_exports_the_same(
    app: Flask, session: Session, now: datetime, tmp_path: Path, what: str
) -> None:
    make.instrument(make.organisation(), name="=天平", technical="a\r\nb", phone="+86 574 62000000", class_code="0301")
    session.commit()
    first = _export(app, what, tmp_path / "first.csv")
    moved = tmp_path / "moved.csv"
    moved.write_text(first.read_text(encoding="utf-8").replace("示例检测中心", "另一检测中心"), encoding="utf-8")
    assert import_file(moved, "2026", now=now)["created"] == 1
    own = {"id", "serviceUrl"}
    before, after = _rows(_export(app, what, tmp_path / "second.csv"))
    assert {name for name in before if before[name] != after[name]} <= own | {"orgName", "companyName"}


def test_the_public_forms_hold_only_what_owners_show_and_nothing_secret(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    owner = make.organisation()
    make.instrument(owner, name="公开", public_fields=["phone"])
    make.instrument(owner, name="未公开", state=InstrumentState.VERIFIED)
    make.instrument(owner, name="涉密", state=InstrumentState.VERIFIED, is_secret=True)
    session.commit()
    [shown] = _rows(_export(app, "uniquip", tmp_path / "u.csv"))
    assert (shown["Name"], shown["Contact Telephone"], shown["Contact Name"]) == ("公开", "0574-62000000", "")
    assert "涉密" not in _export(app, "nrii", tmp_path / "n.csv").read_text(encoding="utf-8")


def test_pidinst_documents_name_what_the_schema_demands(app: Flask, session: Session, tmp_path: Path) -> None:
    record = make.instrument(make.organisation(), manufacturer=None)
    session.commit()
    [document] = json.loads(_export(app, "pidinst", tmp_path / "p.json").read_text(encoding="utf-8"))
    assert document["LandingPage"] == f"{app.config['PUBLIC_URL']}/instruments/{record.id}"
    assert {"Identifier", "SchemaVersion", "LandingPage", "Name", "Owner", "Manufacturer"} <= document.keys()
    assert (document["SchemaVersion"], document["Manufacturer"]) == ("1.0", [{"manufacturerName": ":unav"}])
    assert "SerialNumber" not in json.dumps(document)


def test_a_workbook_keeps_leading_zeros(app: Flask, session: Session, tmp_path: Path) -> None:
    make.instrument(make.organisation())
    session.commit()
    table = read_path(_export(app, "nrii", tmp_path / "n.xlsx")).rows
    assert dict(zip(*table, strict=True))["instrCategory"] == "030100"


def test_uniquip_has_the_columns_of_the_published_template(corpus: Path) -> None:
    assert read_path(corpus / "uniquip" / "UniquipTemplate.xlsx").rows[0] == FORMS["uniquip"].headings
