"""A unit without an account answers by a personal link, and everything is noted as that link's."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.foundation import channels
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import db
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.kernel.errors import Forbidden, Invalid
from equipment_cloud.messages.jobs import send_outbox
from equipment_cloud.survey import service
from equipment_cloud.survey.models import AnswerLink, Campaign, CampaignUnit, ReturnRow, RowSource
from equipment_cloud.survey.rules import LinkGone, UnitState
from tests import databases
from tests.conftest import Client
from tests.factories import campaigns as city
from tests.factories import organisations as units

BASE = "https://example.test"
DUE = date(2026, 12, 31)
ROW = {
    "unit_number": "A-1", "name": "投影仪", "model": "V-12", "manufacturer": "示例", "serial_number": "S1",
    "in_service_on": "2020-01-01", "address": "一车间",
}  # fmt: skip


@pytest.fixture
def surveyor(session: Session) -> Actor:
    return city.surveyor(session)


@pytest.fixture
def campaign(session: Session, surveyor: Actor, now: datetime) -> Campaign:
    return service.open_campaign("2026", "普查", DUE, by=surveyor, now=now, form="short")


@pytest.fixture
def unit(session: Session, campaign: Campaign, surveyor: Actor, now: datetime) -> CampaignUnit:
    return city.asked(session, campaign, surveyor, now)


def link_of(unit: CampaignUnit, by: Actor, now: datetime, address: str | None = None) -> tuple[AnswerLink, str]:
    link, url = service.make_link(unit.id, "张经理", days=7, base=BASE, by=by, now=now, address=address)
    return link, url.removeprefix(f"{BASE}/answer/")


def test_the_bearer_answers_for_this_unit_alone_and_is_noted_as_the_link(
    client: Client, session: Session, unit: CampaignUnit, surveyor: Actor, *, now: datetime
) -> None:
    other = city.asked(session, unit.campaign, surveyor, now)
    link, token = link_of(unit, surveyor, now)
    session.commit()
    answer = client.get(f"/answer/{token}")
    page = f"/survey/returns/{unit.id}"
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    shown = client.get(page)
    assert "no-store" in shown.headers["Cache-Control"]
    assert token not in shown.text
    assert client.post(f"{page}/rows/new", data=ROW).status_code == 303
    assert client.post(f"{page}/submit", data={"consents": "y"}).status_code == 303
    assert client.get(f"/survey/returns/{other.id}").status_code == 303
    assert client.post(f"/survey/returns/{other.id}/begin").headers["Location"].startswith("/sign-in")
    for path in ("/survey", "/survey/returns", f"/survey/units/{unit.id}", f"/survey/units/{unit.id}/review"):
        assert client.get(path).status_code == 303, path
    session.expire_all()
    row = session.scalars(select(ReturnRow)).one()
    assert (row.entered_by, row.source, row.confirmed_at is not None) == (-link.id, RowSource.UNIT, True)
    assert (unit.state, unit.submitted_by, unit.consents) == (UnitState.SUBMITTED, -link.id, True)
    notes = session.execute(select(AuditNote.action, AuditNote.person_name).where(AuditNote.person_id == -link.id))
    assert {action for action, name in notes if "张经理" in name} == {
        "survey.open-link", "survey.begin-return", "survey.add-row", "survey.submit-return",
    }  # fmt: skip


def test_only_the_hash_of_the_secret_is_kept(
    session: Session, unit: CampaignUnit, surveyor: Actor, now: datetime
) -> None:
    link, token = link_of(unit, surveyor, now)
    assert token not in str({column.key: getattr(link, column.key) for column in AnswerLink.__table__.c})
    details = session.scalars(select(AuditNote.detail)).all()
    assert token not in str(details)


@pytest.mark.parametrize("what", ["over", "revoked", "closed", "unknown", "removed"])
def test_a_link_that_is_over_opens_nothing_not_even_for_whoever_came_in_before(
    client: Client, session: Session, unit: CampaignUnit, surveyor: Actor, *, now: datetime, what: str
) -> None:
    link, token = link_of(unit, surveyor, now)
    session.commit()
    client.get(f"/answer/{token}")
    if what == "over":
        link.expires_at = now
    elif what == "revoked":
        service.revoke_link(unit.id, link.id, by=surveyor, now=now)
    elif what == "closed":
        service.close_campaign("2026", by=surveyor, now=now)
    elif what == "removed":
        service.remove(unit.id, "不在范围", by=surveyor, now=now)
    session.commit()
    assert client.get(f"/answer/{'x' if what == 'unknown' else token}").status_code == 404
    if what != "unknown":
        assert client.get(f"/survey/returns/{unit.id}").status_code == 404
        with pytest.raises(LinkGone):
            service.bearer_of(link.id, now=now)


def test_guessing_links_is_slowed_down(tmp_path: Path) -> None:
    with databases.fresh_database() as url:
        app = databases.make_app(url, tmp_path, RATELIMIT_ENABLED=True)
        limiter.enabled = True
        try:
            client = app.test_client()
            answers = [client.get(f"/answer/{number}").status_code for number in range(22)]
        finally:
            limiter.reset()
            limiter.enabled = False
        with app.app_context():
            db.engine.dispose()
    assert answers == [404] * 20 + [429] * 2


def test_a_link_is_sent_through_the_outbox_which_forgets_it(
    session: Session, unit: CampaignUnit, surveyor: Actor, *, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(channels.Console, "send", lambda _self, to, _subject, text: sent.append((to, text)))
    link, token = link_of(unit, surveyor, now, address="13805740001")
    session.commit()
    send_outbox(DUE, now)
    session.expire_all()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "survey.link")).one()
    assert [to for to, text in sent if token in text] == ["13805740001"]
    assert (row.state, row.values["url"]) == (Delivery.SENT, "***")
    assert link.sent_to == "138****0001"


def test_a_message_that_cannot_leave_is_tried_again_and_forgotten_in_the_end(
    session: Session, unit: CampaignUnit, surveyor: Actor, *, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object) -> None:
        raise channels.Undeliverable("no gateway")

    monkeypatch.setattr(channels.Console, "send", refuse)
    _link, token = link_of(unit, surveyor, now, address="zhang@firm.example")
    session.commit()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "survey.link")).one()
    for hour in range(6):
        send_outbox(DUE, now + timedelta(hours=hour))
        session.refresh(row)
        assert (token in str(row.values)) == (hour < 5)
    assert row.state is Delivery.FAILED


def test_who_may_make_a_link_and_what_it_needs(
    session: Session, unit: CampaignUnit, surveyor: Actor, now: datetime
) -> None:
    owner = units.actor(units.member(session, unit.organisation, "owner"))
    with pytest.raises(Forbidden):
        link_of(unit, owner, now)
    with pytest.raises(Invalid) as refused:
        service.make_link(unit.id, " ", days=400, base=BASE, by=surveyor, now=now, address="12")
    assert {problem.field for problem in refused.value.problems} == {"addressee", "address", "days"}
    for _each in range(5):
        link_of(unit, surveyor, now)
    with pytest.raises(Invalid):
        link_of(unit, surveyor, now)


def test_the_address_is_shown_once_with_its_code(client: Client, session: Session, unit: CampaignUnit) -> None:
    client.sign_in(city.sign_in_as(session, "surveyor"))
    page = f"/survey/units/{unit.id}"
    answer = client.post(f"{page}/links", data={"addressee": "张经理", "days": "7"})
    assert answer.status_code == 200
    token = re.search(r"/answer/([\w-]+)", answer.text)
    assert token is not None
    assert "data:image/svg+xml" in answer.text
    assert token[1] not in client.get(page).text
    assert client.post(f"{page}/links", data={"addressee": "", "days": "7"}).status_code == 422
    link = session.scalars(select(AnswerLink)).one()
    assert client.post(f"{page}/links/{link.id}/revoke").status_code == 303
    assert client.post(f"{page}/links/99999/revoke").status_code == 404
    client.sign_in(city.sign_in_as(session, "township", scope=units.YANGMING))
    assert client.post(f"{page}/links", data={"addressee": "张", "days": "7"}).status_code == 404
