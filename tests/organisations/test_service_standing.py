"""Standing, bank accounts, yearly figures and relations: through the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.organisations import queries, service
from equipment_cloud.organisations.models import BankAccount, Organisation, Standing
from tests.factories import organisations
from tests.factories.organisations import actor, bureau, member, organisation

TODAY = date(2026, 11, 23)


def told(session: Session, kind: str) -> list[int]:
    return list(session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == kind)))


# --- standing


def test_standing_is_asked_for_and_approved_by_the_bureau(session: Session, now: datetime) -> None:
    firm, office = organisation(session), bureau(session)
    owner, reviewer = member(session, firm, "owner"), member(session, office, "reviewer")
    service.request_standing(firm.id, by=actor(owner), now=now)
    assert told(session, "organisations.standing-requested") == [reviewer.id]
    with pytest.raises(WrongState):
        service.request_standing(firm.id, by=actor(owner), now=now)
    service.approve_standing(firm.id, by=actor(reviewer), now=now)
    session.flush()
    assert told(session, "organisations.standing-approved") == [owner.id]
    assert queries.standing(firm.id, TODAY) is Standing.APPROVED
    assert queries.standing(firm.id, TODAY - timedelta(days=1)) is not Standing.APPROVED


def test_a_refusal_has_a_reason_and_can_be_asked_again(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner, reviewer = actor(member(session, firm, "owner")), actor(member(session, bureau(session), "reviewer"))
    service.request_standing(firm.id, by=owner, now=now)
    with pytest.raises(Invalid):
        service.refuse_standing(firm.id, " ", by=reviewer, now=now)
    service.refuse_standing(firm.id, "执照不清晰", by=reviewer, now=now)
    assert (firm.standing, firm.standing_note) == (Standing.REFUSED, "执照不清晰")
    service.request_standing(firm.id, by=owner, now=now)
    service.approve_standing(firm.id, by=reviewer, now=now)
    service.refuse_standing(firm.id, "已注销", by=reviewer, now=now)
    assert queries.standing(firm.id, TODAY) is Standing.REFUSED


def test_nobody_decides_about_their_own_organisation(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner = member(session, firm, "owner")
    service.grant(bureau(session).id, owner.id, "reviewer", by=SYSTEM, now=now)
    service.request_standing(firm.id, by=actor(owner), now=now)
    with pytest.raises(SamePerson):
        service.approve_standing(firm.id, by=actor(owner), now=now)


def test_nothing_is_approved_that_was_not_asked_for(session: Session, now: datetime) -> None:
    reviewer = actor(member(session, bureau(session), "reviewer"))
    with pytest.raises(WrongState):
        service.approve_standing(organisation(session).id, by=reviewer, now=now)


# --- accounts


def propose(firm: Organisation, person: Person, now: datetime, number: str = "6228 4800 0000 0001") -> int:
    return service.propose_bank_account(firm.id, firm.name, number, "示例银行余姚支行", by=actor(person), now=now).id


def test_money_goes_only_where_two_people_said(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner, accountant = member(session, firm, "owner"), member(session, firm, "accountant")
    account_id = propose(firm, accountant, now)
    assert queries.bank_account_on(firm.id, TODAY) is None
    with pytest.raises(SamePerson):
        service.approve_bank_account(account_id, by=actor(accountant), now=now)
    service.approve_bank_account(account_id, by=actor(owner), now=now)
    session.flush()
    account = queries.bank_account_on(firm.id, TODAY)
    assert account is not None
    assert account.account_number == "6228480000000001"
    with pytest.raises(WrongState):
        service.approve_bank_account(account_id, by=actor(owner), now=now)


def test_a_new_account_replaces_the_one_before_from_its_day_on(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner, accountant = member(session, firm, "owner"), member(session, firm, "accountant")
    first = propose(firm, accountant, now - timedelta(days=30))
    service.approve_bank_account(first, by=actor(owner), now=now - timedelta(days=30))
    second = propose(firm, owner, now, "6228480000000002")
    service.approve_bank_account(second, by=actor(accountant), now=now)
    session.flush()
    before, today = queries.bank_account_on(firm.id, date(2026, 11, 22)), queries.bank_account_on(firm.id, TODAY)
    assert before is not None
    assert today is not None
    assert (before.id, today.id) == (first, second)


def test_a_dropped_proposal_never_counts(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner, accountant = member(session, firm, "owner"), member(session, firm, "accountant")
    account_id = propose(firm, accountant, now)
    service.withdraw_bank_account(account_id, by=actor(owner), now=now)
    with pytest.raises(WrongState):
        service.approve_bank_account(account_id, by=actor(owner), now=now)


def test_the_second_look_is_said_in_the_database_too(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner = member(session, firm, "owner")
    account = session.get_one(BankAccount, propose(firm, owner, now))
    account.approved_by = owner.id
    with pytest.raises(IntegrityError):
        session.flush()


# --- figures and relations


def test_yearly_figures_give_the_size_class_and_can_be_corrected(session: Session, now: datetime) -> None:
    firm = organisation(session)
    for staff, expected in ((299, "small"), (300, "medium")):
        row = service.record_profile(
            firm.id, 2025, industry="industry", staff=staff, revenue_fen=5000 * 10**6, assets_fen=0, by=SYSTEM, now=now
        )
        assert row.size_class == expected
    assert [(row.year, row.staff) for row in queries.profiles(firm.id)] == [(2025, 300)]
    with pytest.raises(Invalid):
        service.record_profile(
            firm.id, 2026, industry="industry", staff=1, revenue_fen=0, assets_fen=0, by=SYSTEM, now=now
        )


def test_related_parties_are_known_from_either_side(session: Session, now: datetime) -> None:
    one, other, third = (organisation(session) for _ in range(3))
    service.relate(one.id, other.id, "shareholder", "企业信用公示", as_of=TODAY, by=SYSTEM, now=now)
    service.relate(one.id, other.id, "shareholder", "年报", as_of=TODAY, by=SYSTEM, now=now)
    assert queries.are_related(one.id, other.id)
    assert queries.are_related(other.id, one.id)
    assert queries.are_related(third.id, third.id)
    assert not queries.are_related(one.id, third.id)


def test_unknown_organisations_are_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.request_standing(999_999, by=SYSTEM, now=now)
    assert organisations.queries.organisations_named([999_999, None]) == {}
