"""A visit is written down at the machine, sent once however often, and waits for the firm."""

from __future__ import annotations

import base64
import io
import uuid
from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.models import Campaign, CampaignUnit, ReturnRow, RowSource, SurveyContact
from equipment_cloud.survey.rules import UnitState
from tests.conftest import Client
from tests.factories import campaigns as city
from tests.factories import organisations as units

KEY = "3f0a2b10-6f0e-4a3c-9a51-0c7d1f2e4b6a"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SIX = {
    "name": "注塑机", "model": "MA1200", "manufacturer": "示例", "serial_number": "S9", "in_service_on": "2019-05-01",
    "address": "二车间",
}  # fmt: skip


@pytest.fixture
def surveyor(session: Session) -> Actor:
    return city.surveyor(session)


@pytest.fixture
def campaign(session: Session, surveyor: Actor, now: datetime) -> Campaign:
    return service.open_campaign("2026", "普查", date(2026, 12, 31), by=surveyor, now=now, form="short")


@pytest.fixture
def unit(session: Session, campaign: Campaign, surveyor: Actor, now: datetime) -> CampaignUnit:
    return city.asked(session, campaign, surveyor, now)


@pytest.fixture
def liaison(client: Client, session: Session, unit: CampaignUnit) -> Client:
    """The liaison of the unit's township, signed in."""
    return client.sign_in(city.sign_in_as(session, "township", scope=city.FENGSHAN))


def visit(unit: CampaignUnit, photo: bytes | None = PNG, **changes: str) -> dict[str, object]:
    said: dict[str, object] = {"key": KEY, "unit_id": str(unit.id), **SIX, **changes}
    if photo is not None:
        said["photo"] = (io.BytesIO(photo), "nameplate.jpg")
    return said


def test_the_same_visit_sent_again_is_one_row_with_one_photo(
    liaison: Client, session: Session, unit: CampaignUnit
) -> None:
    answers = [liaison.post("/visits/sync", data=visit(unit)) for _each in range(3)]
    assert [(answer.status_code, answer.json["status"]) for answer in answers] == [
        (201, "created"), (200, "unchanged"), (200, "unchanged"),
    ]  # fmt: skip
    row = session.scalars(select(ReturnRow)).one()
    assert (row.source, row.confirmed_at, row.values["serial_number"]) == (RowSource.VISIT, None, "S9")
    assert session.get_one(StoredFile, row.photo_id).mime == "image/png"
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert session.scalar(select(func.count()).select_from(SurveyContact)) == 1
    assert session.get_one(CampaignUnit, unit.id).state is UnitState.DRAFT
    photo = liaison.get(f"/survey/returns/{unit.id}/rows/{row.id}/photo")
    assert photo.data == PNG
    photo.close()


def test_the_firm_confirms_before_it_is_handed_in_and_may_put_its_own_number(
    session: Session, unit: CampaignUnit, surveyor: Actor, now: datetime
) -> None:
    owner = units.actor(units.member(session, unit.organisation, "owner"))
    values = SIX | {"in_service_on": date(2019, 5, 1)}
    assert service.record_visit(unit.id, KEY, values, by=surveyor, now=now)
    with pytest.raises(Invalid):
        service.submit(unit.id, by=owner, now=now)
    (row,) = queries.all_rows(unit.id)
    service.save_row(unit.id, row.id, values, by=owner, now=now, unit_number="ZS-07")
    assert (row.unit_number, row.source, row.confirmed_by) == ("ZS-07", RowSource.VISIT, owner.id)
    service.submit(unit.id, by=owner, now=now)


@pytest.mark.parametrize(
    ("photo", "changes"),
    [
        (b"%PDF-1.4 no picture", {}),
        (b"\xff\xd8\xff" + bytes(2000), {}),
        (None, {"name": ""}),
        (None, {"key": "not-a-uuid"}),
        (None, {"in_service_on": "2099-01-01"}),
        (None, {"unit_id": "99999"}),
    ],
)
def test_what_cannot_be_taken_is_said_and_leaves_nothing(
    liaison: Client,
    session: Session,
    unit: CampaignUnit,
    photo: bytes | None,
    changes: dict[str, str],
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("equipment_cloud.survey.views.visits.LARGEST_PHOTO", 1000)
    answer = liaison.post("/visits/sync", data=visit(unit, photo, **changes))
    assert answer.status_code == 422
    assert answer.json["errors"]
    assert session.scalar(select(func.count()).select_from(ReturnRow)) == 0
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_visit_to_another_township_or_to_a_return_handed_in_is_refused(
    liaison: Client, session: Session, unit: CampaignUnit
) -> None:
    unit.state = UnitState.SUBMITTED
    session.commit()
    assert liaison.post("/visits/sync", data=visit(unit)).status_code == 422
    unit.state = UnitState.DRAFT
    session.commit()
    liaison.sign_in(city.sign_in_as(session, "township", scope=units.YANGMING))
    assert unit.organisation.name not in liaison.get("/visits/new").text
    assert liaison.post("/visits/sync", data=visit(unit)).status_code == 422


def test_the_plain_form_works_without_scripts(liaison: Client, session: Session, unit: CampaignUnit) -> None:
    page = liaison.get("/visits/new")
    assert unit.organisation.name in page.text
    assert liaison.post("/visits/new", data=visit(unit, None, key=str(uuid.uuid4()), name="")).status_code == 422
    assert liaison.post("/visits/new", data=visit(unit, key=str(uuid.uuid4()))).status_code == 303
    assert session.scalar(select(func.count()).select_from(ReturnRow)) == 1
    assert liaison.get("/visits/token").json["csrf_token"]
    worker = liaison.get("/visits/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "default-src 'self'" in worker.headers["Content-Security-Policy"]


def test_only_those_who_chase_may_visit(client: Client, session: Session, unit: CampaignUnit) -> None:
    client.sign_in(city.sign_in_as(session, "auditor"))
    for path in ("/visits/new", "/visits/token", "/visits/worker.js"):
        assert client.get(path).status_code == 403
    assert client.post("/visits/sync", data=visit(unit)).status_code == 403
