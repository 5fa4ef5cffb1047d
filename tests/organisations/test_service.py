"""Registration, sign-up, names, codes and people: through the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service as accounts_service
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.outbox import OutboxMessage
from equipment_cloud.kernel.errors import Invalid, NotFound
from equipment_cloud.organisations import queries, service
from equipment_cloud.organisations.models import CheckState, Kind, Membership, Organisation, Standing
from tests.factories import accounts
from tests.factories.organisations import YANGMING, actor, bureau, credit_code, failing_code, member, organisation

TODAY = date(2026, 11, 23)


def sign_up(now: datetime, **changes: object) -> tuple[Person, Organisation]:
    values: dict[str, object] = {
        "person_name": "示例负责人", "mobile": "13800007777", "email": None, "password": accounts.PASSWORD,
        "kind": Kind.ENTERPRISE, "name": "示例精密模具有限公司", "credit_code": credit_code(), "town_code": YANGMING,
    } | changes  # fmt: skip
    return service.sign_up(now=now, **values)  # type: ignore[arg-type]


def problem_codes(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def told(session: Session, kind: str) -> list[int]:
    return list(session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == kind)))


# --- identity


def test_sign_up_takes_effect_at_once(session: Session, now: datetime) -> None:
    person, firm = sign_up(now)
    found = queries.load_actor(person.id, on=TODAY)
    assert found is not None
    assert found.has_at(firm.id, "owner")
    assert (firm.standing, firm.code_check, firm.is_provider) == (Standing.NONE, CheckState.PASSED, False)
    assert (firm.contact_name, firm.phone) == (person.name, None), "a personal number is not an organisation's"


def test_who_shares_instruments_signs_up_as_manager_too(session: Session, now: datetime) -> None:
    person, firm = sign_up(now, is_provider=True)
    assert {grant.role for grant in queries.grants_of(person.id, TODAY)} == {"owner", "manager"}
    assert firm.is_provider
    person, institute = sign_up(now, kind=Kind.INSTITUTION, credit_code=credit_code("12"), mobile="13800007778")
    assert {grant.role for grant in queries.grants_of(person.id, TODAY)} == {"manager"}
    assert institute.is_provider


def test_everything_wrong_with_person_and_organisation_is_said_at_once(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(now, person_name="", mobile="123", password="x", name="", credit_code="nonsense", town_code="330282")
    assert {problem.field for problem in refused.value.problems} == {
        "person_name", "mobile", "password", "name", "credit_code", "town_code",
    }  # fmt: skip


def test_a_known_credit_code_is_refused_with_a_remedy_and_nothing_is_kept(session: Session, now: datetime) -> None:
    known = organisation(session)
    people = session.scalar(select(func.count()).select_from(Person))
    with pytest.raises(Invalid) as refused, session.begin_nested():
        sign_up(now, credit_code=f" {str(known.credit_code).lower()} ")
    assert problem_codes(refused) == {"credit-code-known"}
    assert refused.value.problems[0].remedy
    assert session.scalar(select(func.count()).select_from(Person)) == people


@pytest.mark.parametrize("kind", [Kind.BUREAU, Kind.UMBRELLA])
def test_nobody_signs_up_a_bureau(session: Session, now: datetime, kind: Kind) -> None:
    with pytest.raises(Invalid):
        sign_up(now, kind=kind)


def test_a_failing_check_digit_is_taken_and_waits_for_a_reviewer(session: Session, now: datetime) -> None:
    person, firm = sign_up(now, credit_code=failing_code())
    assert firm.code_check is CheckState.FAILED
    with pytest.raises(Invalid) as refused:
        service.request_standing(firm.id, by=actor(person), now=now)
    assert problem_codes(refused) == {"check-digit"}
    reviewer = actor(member(session, bureau(session), "reviewer"))
    with pytest.raises(Invalid):
        service.override_code_check(firm.id, "  ", by=reviewer, now=now)
    service.override_code_check(firm.id, "执照原件核对一致", by=reviewer, now=now)
    assert firm.code_check is CheckState.OVERRIDDEN
    row = queries.code_row_on(firm.id, TODAY)
    assert row is not None
    assert (row.override_by, row.override_reason) == (reviewer.id, "执照原件核对一致")
    service.request_standing(firm.id, by=actor(person), now=now)
    with pytest.raises(NotFound):
        service.override_code_check(firm.id, "再来一次", by=reviewer, now=now)


def test_an_import_may_know_a_name_alone(session: Session, now: datetime) -> None:
    firm = service.register(Kind.ENTERPRISE, "示例名称", None, None, is_verified=False, now=now)
    assert (firm.credit_code, firm.code_check, firm.is_verified) == (None, None, False)
    assert queries.by_name(" 示例名称 ") is firm


def test_papers_keep_the_name_of_their_date(session: Session, now: datetime) -> None:
    firm = organisation(session, name="示例旧名公司", valid_from=date(2020, 1, 1))
    service.rename(firm.id, "示例新名公司", date(2026, 6, 1), by=SYSTEM, now=now)
    session.flush()
    assert firm.name == "示例新名公司"
    assert queries.name_on(firm, date(2026, 5, 31)) == "示例旧名公司"
    assert queries.name_on(firm, date(2026, 6, 1)) == "示例新名公司"
    assert queries.name_on(firm.id, date(2019, 1, 1)) == "示例旧名公司"
    assert queries.by_name("示例旧名公司") is firm
    with pytest.raises(Invalid):
        service.rename(firm.id, "示例又名公司", date(2026, 6, 1), by=SYSTEM, now=now)


def test_a_new_credit_code_leaves_the_old_one_findable(session: Session, now: datetime) -> None:
    firm = organisation(session, valid_from=date(2020, 1, 1))
    old, new = str(firm.credit_code), credit_code()
    service.change_credit_code(firm.id, new, date(2026, 6, 1), by=SYSTEM, now=now)
    assert queries.credit_code_on(firm, date(2026, 5, 31)) == old
    assert queries.credit_code_on(firm.id, TODAY) == firm.credit_code == new
    assert queries.by_credit_code(old) is queries.by_credit_code(new) is firm
    with pytest.raises(service.CodeKnown):
        service.change_credit_code(organisation(session).id, old, TODAY, by=SYSTEM, now=now)


# --- people


def test_a_role_holds_from_today_until_it_ends(session: Session, now: datetime) -> None:
    firm = organisation(session)
    member(session, firm, "owner")
    who = accounts.person(session)
    row = service.grant(firm.id, who.id, "accountant", by=SYSTEM, now=now)
    assert service.grant(firm.id, who.id, "accountant", by=SYSTEM, now=now) is row
    assert queries.people_with_role(firm.id, "accountant", on=TODAY) == [who.id]
    assert queries.people_with_role(firm.id, "accountant", on=TODAY - timedelta(days=1)) == []
    service.end_grant(row.id, by=SYSTEM, now=now)
    session.flush()
    assert queries.people_with_role(firm.id, "accountant", on=TODAY) == []
    assert service.grant(firm.id, who.id, "accountant", by=SYSTEM, now=now).id == row.id
    assert queries.people_with_role(firm.id, on=TODAY).count(who.id) == 1


def test_the_last_person_in_charge_cannot_leave(session: Session, now: datetime) -> None:
    firm = organisation(session)
    first = member(session, firm, "owner")
    row = session.scalars(select(Membership).where(Membership.person_id == first.id)).one()
    with pytest.raises(service.LastOne):
        service.end_grant(row.id, by=actor(first), now=now)
    service.grant(firm.id, accounts.person(session).id, "owner", by=actor(first), now=now)
    service.end_grant(row.id, by=actor(first), now=now)
    assert row.ended_on == TODAY


def test_a_closed_account_does_not_count_as_being_in_charge(session: Session, now: datetime) -> None:
    firm = organisation(session)
    first, second = member(session, firm, "owner"), member(session, firm, "owner")
    accounts_service.disable(second.id, by=SYSTEM, now=now)
    row = session.scalars(select(Membership).where(Membership.person_id == first.id)).one()
    with pytest.raises(service.LastOne):
        service.end_grant(row.id, by=actor(first), now=now)


def test_nobody_gives_themselves_another_role(session: Session, now: datetime) -> None:
    office = bureau(session)
    admin = member(session, office, "admin")
    with pytest.raises(Invalid) as refused:
        service.grant(office.id, admin.id, "reviewer", by=actor(admin), now=now)
    assert problem_codes(refused) == {"role-self", "role-clash"}


def test_an_invited_stranger_gets_an_account_and_is_told(session: Session, now: datetime) -> None:
    firm = organisation(session)
    owner = actor(member(session, firm, "owner"))
    with pytest.raises(Invalid) as refused:
        service.invite(firm.id, "13800009999", "researcher", by=owner, now=now)
    assert problem_codes(refused) == {"person-unknown"}
    row = service.invite(firm.id, "138 0000 9999", "researcher", person_name="新同事", by=owner, now=now)
    person = session.get_one(Person, row.person_id)
    assert (person.name, person.mobile, person.password_hash) == ("新同事", "13800009999", None)
    assert row.person_id in told(session, "organisations.role")
    again = service.invite(firm.id, "13800009999", "accountant", by=owner, now=now)
    assert again.person_id == row.person_id


@pytest.mark.parametrize("contact", ["", "nobody", "1" * 40, "a\0b@c.de"])
def test_an_invitation_needs_an_address(session: Session, now: datetime, contact: str) -> None:
    firm = organisation(session)
    with pytest.raises(Invalid) as refused:
        service.invite(firm.id, contact, "researcher", person_name="某", by=SYSTEM, now=now)
    assert problem_codes(refused) == {"contact"}


def test_a_liaison_belongs_to_a_township_that_exists(session: Session, now: datetime) -> None:
    office, who = bureau(session), accounts.person(session)
    with pytest.raises(Invalid):
        service.grant(office.id, who.id, "township", "330282001", by=SYSTEM, now=now)
    service.grant(office.id, who.id, "township", YANGMING, by=SYSTEM, now=now)
    assert actor(who).scope_of("township") == YANGMING
    assert queries.bureau_people("township", on=TODAY) == [who.id]
