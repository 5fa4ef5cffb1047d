"""The pages on which a manager sets hours, rules and quotas."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor
from equipment_cloud.occupancy.models import BookingRules, OpeningHours, Quota, SpecialDay, WeekKind
from equipment_cloud.organisations.models import Kind, Organisation
from tests.conftest import Client
from tests.factories import occupancy as make

PAGES = ("opening", "booking-rules", "quotas", "peak-hours", "kept-hours")


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make.organisation(session, "检测中心", kind=Kind.INSTITUTION)


@pytest.fixture
def machine(session: Session, owner: Organisation) -> Instrument:
    row = make.instrument(session, owner)
    make.opened(session, row)
    return row


def signed_in(client: FlaskClient, session: Session, actor: Actor) -> FlaskClient:
    assert isinstance(client, Client)
    return client.sign_in(session.get_one(Person, actor.id))


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_in_both_languages(
    client: FlaskClient, session: Session, owner: Organisation, machine: Instrument, page: str
) -> None:
    browser = signed_in(client, session, make.member(session, owner, "manager"))
    for lang in ("zh_CN", "en"):
        answer = browser.get(f"/instruments/{machine.id}/{page}?lang={lang}")
        assert answer.status_code == 200
        assert "%(" not in answer.text


@pytest.mark.parametrize("page", PAGES[1:])
def test_operators_and_strangers_set_no_rules(
    client: FlaskClient, session: Session, owner: Organisation, machine: Instrument, page: str
) -> None:
    url = f"/instruments/{machine.id}/{page}"
    operator = signed_in(client, session, make.member(session, owner, "operator"))
    assert (operator.get(url).status_code, operator.post(url, data={}).status_code) == (403, 403)
    other = make.organisation(session, "别处", kind=Kind.INSTITUTION)
    stranger = signed_in(client, session, make.member(session, other, "manager"))
    assert (stranger.get(url).status_code, stranger.post(url, data={}).status_code) == (403, 403)


def test_a_manager_plans_rules_hours_a_day_and_a_quota(
    client: FlaskClient, session: Session, owner: Organisation, machine: Instrument
) -> None:
    browser = signed_in(client, session, make.member(session, owner, "manager"))
    url = f"/instruments/{machine.id}"
    rules = {
        "valid_from": "2026-12-01", "step_minutes": 30, "shortest_minutes": 60, "longest_minutes": 240,
        "lead_minutes": 0, "horizon_days": 30, "before_minutes": 15, "after_minutes": 15, "peak_longest_minutes": 120,
        "release_hours": 48, "pending_hours": 48, "remind_hours": 24, "escalate_hours": 36, "cancel_hours": 24,
        "approval": "trained", "needs_training": "y",
    }  # fmt: skip
    sent = {
        "/booking-rules": rules,
        "/kept-hours": {"friday": "13:00-17:00"},
        "/peak-hours": {"monday": "09:00-12:00"},
        "/opening/days": {"on": "2026-11-28", "hours": "", "note": "厂休"},
        "/quotas": {"of": "person", "per": "week", "most_hours": "10"},
    }
    for path, form in sent.items():
        answer = browser.post(url + path, data=form)
        assert answer.status_code == 303, (path, answer.text)
    planned = session.scalars(select(BookingRules).where(BookingRules.approval == "trained")).one()
    assert (planned.valid_from.isoformat(), planned.after_minutes) == ("2026-12-01", 15)
    assert session.scalars(select(Quota.most_minutes)).all() == [600]
    assert session.scalars(select(SpecialDay.note)).all() == ["厂休"]
    kinds = session.scalars(select(OpeningHours.kind).where(OpeningHours.kind.in_(["peak", "outside"]))).all()
    assert sorted(kinds) == [WeekKind.OUTSIDE, WeekKind.PEAK]
    shown = browser.get(f"{url}/opening").text
    assert "厂休" in shown


def test_what_makes_no_sense_comes_back_beside_its_field(
    client: FlaskClient, session: Session, owner: Organisation, machine: Instrument
) -> None:
    browser = signed_in(client, session, make.member(session, owner, "manager"))
    url = f"/instruments/{machine.id}"
    assert browser.post(f"{url}/opening/hours", data={"monday": "8-x"}).status_code == 422
    assert browser.post(f"{url}/kept-hours", data={"valid_from": "2020-01-01"}).status_code == 422
    assert browser.post(f"{url}/quotas", data={"of": "person", "per": "week", "most_hours": "0"}).status_code == 422
    assert browser.post(f"{url}/opening/days", data={"on": "2026-11-28"}).status_code == 422
