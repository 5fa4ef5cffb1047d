"""The register of carriers: two people for each entry, dates that decide, a page for everyone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.carriers import queries, service
from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.carriers.rules import EntryState, state_on
from equipment_cloud.carriers.service import AlreadyConfirmed, NotConfirmed
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import Invalid, NotFound, SamePerson
from equipment_cloud.organisations.models import Kind, Organisation
from tests.conftest import Client
from tests.factories.carriers import carrier
from tests.factories.occupancy import member, organisation

JANUARY, DECEMBER = date(2026, 1, 1), date(2026, 12, 31)
SignIn = Callable[[Actor], FlaskClient]


@pytest.fixture
def provider(session: Session) -> Organisation:
    return organisation(session, "检测中心", kind=Kind.INSTITUTION)


@pytest.fixture
def keepers(session: Session) -> tuple[Actor, Actor]:
    bureau = organisation(session, "科技局", kind=Kind.BUREAU)
    return member(session, bureau, "policy", name="示例政策员"), member(session, bureau, "surveyor", name="示例调查员")


@pytest.fixture
def as_person(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> Callable[[Actor], FlaskClient]:
    monkeypatch.setattr(clock, "now", lambda: now)

    def sign_in(actor: Actor) -> FlaskClient:
        assert isinstance(client, Client)
        return client.sign_in(session.get_one(Person, actor.id))

    return sign_in


def entered(provider: Organisation, by: Actor, now: datetime, **changes: object) -> CarrierEntry:
    values = {"valid_from": JANUARY, "valid_to": DECEMBER} | changes
    return service.enter(provider.id, ["testing"], by=by, now=now, **values)  # type: ignore[arg-type]


def test_an_entry_counts_once_another_person_confirmed_it(
    provider: Organisation, keepers: tuple[Actor, Actor], now: datetime
) -> None:
    first, second = keepers
    entry = entered(provider, first, now)
    assert queries.entry_on(provider.id, "testing", JANUARY) is None
    with pytest.raises(SamePerson):
        service.confirm(entry.id, by=first, now=now)
    service.confirm(entry.id, by=second, now=now)
    for day, category, found in (
        (JANUARY, "testing", True), (DECEMBER, "testing", True), (date(2025, 12, 31), "testing", False),
        (date(2027, 1, 1), "testing", False), (JANUARY, "instrument_use", False),
    ):  # fmt: skip
        assert (queries.entry_on(provider.id, category, day) is not None) is found, (day, category)
    with pytest.raises(AlreadyConfirmed):
        service.confirm(entry.id, by=second, now=now)


def test_the_database_itself_refuses_one_person_for_both(session: Session, provider: Organisation) -> None:
    entry = carrier(session, provider)
    entry.confirmed_by = entry.entered_by
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_suspension_counts_from_its_day_until_it_is_lifted(
    session: Session, provider: Organisation, keepers: tuple[Actor, Actor], now: datetime
) -> None:
    entry = carrier(session, provider)
    service.suspend(entry.id, "年检未过", from_on=date(2026, 6, 1), by=keepers[0], now=now)
    assert queries.entry_on(provider.id, "testing", date(2026, 5, 31)) is not None
    assert queries.entry_on(provider.id, "testing", date(2026, 6, 1)) is None
    assert queries.carriers_among([provider.id], "testing", date(2026, 6, 1)) == set()
    service.resume(entry.id, by=keepers[0], now=now)
    assert queries.carriers_among([provider.id], "testing", date(2026, 6, 1)) == {provider.id}


def test_only_what_is_confirmed_is_suspended(
    provider: Organisation, keepers: tuple[Actor, Actor], now: datetime
) -> None:
    entry = entered(provider, keepers[0], now)
    with pytest.raises(NotConfirmed):
        service.suspend(entry.id, "?", from_on=JANUARY, by=keepers[0], now=now)


def test_an_end_is_only_ever_earlier(provider: Organisation, keepers: tuple[Actor, Actor], now: datetime) -> None:
    entry = entered(provider, keepers[0], now)
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(Invalid):
            service.end(entry.id, last_on=day, by=keepers[0], now=now)
    assert service.end(entry.id, last_on=date(2026, 3, 31), by=keepers[0], now=now).valid_to == date(2026, 3, 31)


def test_everything_wrong_with_an_entry_is_told_at_once(
    session: Session, provider: Organisation, keepers: tuple[Actor, Actor], now: datetime
) -> None:
    carrier(session, provider, valid_to=DECEMBER)
    with pytest.raises(Invalid) as refusal:
        service.enter(provider.id, ["magic"], valid_from=DECEMBER, by=keepers[0], now=now)
    assert {problem.code for problem in refusal.value.problems} == {"categories", "overlap"}
    with pytest.raises(Invalid) as refusal:
        service.enter(provider.id, [], valid_from=DECEMBER, valid_to=JANUARY, by=keepers[0], now=now)
    assert {problem.code for problem in refusal.value.problems} == {"categories", "dates"}
    with pytest.raises(NotFound):
        service.enter(404_404, ["testing"], valid_from=JANUARY, by=keepers[0], now=now)


@pytest.mark.parametrize(
    ("day", "confirmed", "last", "suspended", "state"),
    [
        ("2026-06-01", False, None, None, EntryState.ENTERED),
        ("2026-06-01", True, None, None, EntryState.CONFIRMED),
        ("2026-06-01", True, "2026-06-01", None, EntryState.CONFIRMED),
        ("2026-06-02", True, "2026-06-01", "2026-05-01", EntryState.ENDED),
        ("2026-06-01", True, None, "2026-06-01", EntryState.SUSPENDED),
        ("2026-05-31", True, None, "2026-06-01", EntryState.CONFIRMED),
    ],
)
def test_the_state_follows_from_the_dates(
    day: str, confirmed: bool, last: str | None, suspended: str | None, state: EntryState
) -> None:
    def read(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    found = state_on(
        date.fromisoformat(day), is_confirmed=confirmed, valid_to=read(last), suspended_from=read(suspended)
    )
    assert found is state


def test_everyone_reads_the_register_in_force(client: FlaskClient, session: Session, provider: Organisation) -> None:
    carrier(session, provider)
    hidden = organisation(session, "未确认机构")
    carrier(session, hidden, confirmed_by=None, confirmed_at=None)
    page = client.get("/carriers?all=1").get_data(as_text=True)
    assert provider.name in page
    assert hidden.name not in page
    assert provider.name not in client.get("/carriers?q=没有").get_data(as_text=True)
    assert client.get("/carriers?q=%00").status_code == 200
    assert client.get("/carriers?page=" + "9" * 40).status_code == 422


def test_the_pages_enter_confirm_suspend_and_end(
    session: Session, as_person: SignIn, provider: Organisation, keepers: tuple[Actor, Actor]
) -> None:
    first, second = keepers
    form = {"organisation_id": provider.id, "categories": ["testing"], "valid_from": "2026-01-01", "valid_to": ""}
    answer = as_person(first).post("/carriers/new", data=form)
    assert answer.status_code == 303
    url, entry = answer.location, session.get_one(CarrierEntry, int(answer.location.rsplit("/", 1)[1]))
    assert "/confirm" not in as_person(first).get(url).get_data(as_text=True)
    assert as_person(first).post(f"{url}/confirm").status_code == 403
    assert provider.name in as_person(second).get("/carriers?all=1").get_data(as_text=True)
    assert as_person(second).post(f"{url}/confirm").status_code == 303
    assert entry.confirmed_by == second.id
    browser = as_person(first)
    assert browser.post(f"{url}/suspend", data={"reason": "", "from_on": "x"}).status_code == 422
    assert browser.post(f"{url}/suspend", data={"reason": "年检", "from_on": "2026-11-23"}).status_code == 303
    assert "年检" in browser.get(url).get_data(as_text=True)
    assert browser.post(f"{url}/resume").status_code == 303
    assert browser.post(f"{url}/end", data={"last_on": "2025-01-01"}).status_code == 422
    assert browser.post(f"{url}/end", data={"last_on": "2026-12-31"}).status_code == 303
    assert entry.valid_to == DECEMBER


def test_a_wrong_entry_stands_beside_its_fields(
    as_person: SignIn, provider: Organisation, keepers: tuple[Actor, Actor]
) -> None:
    browser = as_person(keepers[0])
    for form in (
        {"organisation_id": provider.id, "valid_from": "2026-01-01"},
        {"organisation_id": provider.id, "categories": ["magic"], "valid_from": "2026-01-01"},
        {"organisation_id": "9" * 40, "categories": ["testing"], "valid_from": "2026-01-01"},
        {"organisation_id": provider.id, "categories": ["testing"], "valid_from": "2026-13-41"},
    ):
        assert browser.post("/carriers/new", data=form).status_code == 422


def test_only_the_bureau_enters_carriers(as_person: SignIn, session: Session, provider: Organisation) -> None:
    manager = member(session, provider, "manager")
    entry = carrier(session, provider)
    for path in ("/carriers/new", f"/carriers/{entry.id}"):
        assert as_person(manager).get(path).status_code == 403
    assert as_person(manager).post(f"/carriers/{entry.id}/end", data={}).status_code == 403
