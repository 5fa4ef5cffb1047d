"""Finding organisations, and loading a person with today's roles."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts_service
from equipment_cloud.foundation.access import SYSTEM, Grant
from equipment_cloud.organisations import queries
from equipment_cloud.organisations.models import Kind, Standing
from tests.conftest import NOW
from tests.factories import accounts
from tests.factories.organisations import bureau, member, organisation


def test_an_actor_has_todays_roles_and_the_tokens_scopes(session: Session) -> None:
    firm, office = organisation(session), bureau(session)
    who = member(session, firm, "owner")
    member(session, office, "surveyor", person=who)
    actor = queries.load_actor(who.id, scopes=frozenset({"read"}), on=date(2026, 11, 23))
    assert actor is not None
    assert actor.grants == (Grant(firm.id, "owner"), Grant(office.id, "surveyor"))
    assert actor.scopes == frozenset({"read"})


def test_a_closed_or_unknown_account_is_nobody(session: Session) -> None:
    who = accounts.person(session)
    accounts_service.disable(who.id, by=SYSTEM, now=NOW)
    session.flush()
    assert queries.load_actor(who.id, on=date(2026, 11, 23)) is None
    assert queries.load_actor(999_999, on=date(2026, 11, 23)) is None


def test_loading_an_actor_takes_one_statement(session: Session, statements: list[str]) -> None:
    who = member(session, organisation(session), "owner")
    session.flush()
    session.expire_all()
    person_id = who.id
    session.expire_all()
    statements.clear()
    queries.load_actor(person_id, on=date(2026, 11, 23))
    assert len(statements) == 1


def test_the_register_is_searched_and_filtered(session: Session) -> None:
    one = organisation(session, name="示例甬江光学", name_en="Yongjiang Optics", town_code="330281006")
    two = organisation(session, Kind.INSTITUTION, name="示例检测中心")

    def found(**filters: object) -> set[int]:
        page = queries.page_of(number=1, size=100, **filters)  # type: ignore[arg-type]
        return {row.id for row in page.items} & {one.id, two.id}

    assert found() == {one.id, two.id}
    assert found(text="光学") == found(text="optics") == found(text=str(one.credit_code)[-6:]) == {one.id}
    assert found(kind=Kind.INSTITUTION) == {two.id}
    assert found(town_code="330281006") == {one.id}
    assert found(standing=Standing.APPROVED) == set()
    assert found(text="%") == found(text="_") == set()


def test_organisations_are_found_by_many_names_and_codes_in_one_statement(
    session: Session, statements: list[str]
) -> None:
    firms = [organisation(session) for _ in range(5)]
    names, codes = [firm.name for firm in firms], [str(firm.credit_code) for firm in firms]
    session.flush()
    statements.clear()
    assert list(queries.by_names([*names, "无此单位"]).values()) == firms
    assert len(queries.by_credit_codes([*codes, "91330281MA2YUYA01B"])) == 5
    assert len(statements) == 2


@pytest.mark.parametrize("text", ["", "\ud800"[:0], "9" * 40])
def test_nobody_is_called_that(session: Session, text: str) -> None:
    assert queries.by_name(text) is None
    assert queries.by_credit_code(text) is None


def test_nothing_is_on_record_before_it_is_entered(session: Session) -> None:
    firm = organisation(session)
    assert queries.bank_account_on(firm.id, date(2026, 11, 23)) is None
    assert queries.latest_profile(firm.id, 2026) is None
    assert queries.bank_accounts(firm.id) == []
