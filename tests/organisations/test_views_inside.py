"""People, standing, accounts, figures and identity through the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.organisations import service
from equipment_cloud.organisations.models import BankAccount, Membership, Standing
from tests.conftest import NOW, Client
from tests.factories.organisations import actor, failing_code
from tests.organisations.conftest import Cast


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


INSIDE = ("/people", "/figures", "/bank-accounts")


@pytest.mark.parametrize("path", INSIDE)
def test_the_inside_is_closed_to_others(client: Client, cast: Cast, path: str) -> None:
    assert client.get(cast.at(path)).status_code == 303
    for person, status in ((cast.stranger, 404), (cast.other_owner, 404), (cast.researcher, 200), (cast.reviewer, 200)):
        text_of(client.sign_in(person), cast.at(path), status)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/people", {"owner", "admin"}),
        ("/figures", {"owner", "accountant"}),
        ("/bank-accounts", {"owner", "accountant"}),
        ("/edit", {"owner"}),
        ("/standing/request", {"owner"}),
        ("/standing/approve", {"reviewer"}),
        ("/standing/refuse", {"reviewer"}),
        ("/identity/name", {"reviewer"}),
        ("/identity/credit-code", {"reviewer"}),
        ("/identity/accept-code", {"reviewer"}),
    ],
)
def test_each_deed_is_refused_to_everyone_else(client: Client, cast: Cast, path: str, allowed: set[str]) -> None:
    for name in ("owner", "accountant", "researcher", "other_owner", "stranger", "reviewer", "admin"):
        status = client.sign_in(getattr(cast, name)).post(cast.at(path), data={}).status_code
        if name in allowed:
            assert status not in (401, 403, 404), (name, status)
        else:
            assert status in (403, 404), (name, status)


def test_an_owner_invites_a_colleague_and_ends_the_role(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.owner)
    form = {"contact": "13800005555", "person_name": "新同事", "role": "researcher"}
    assert client.post(cast.at("/people"), data=form).status_code == 303
    page = text_of(client, cast.at("/people"))
    assert "新同事" in page
    assert "138****5555" in page
    row = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert row is not None
    assert client.post(cast.at(f"/people/{row.id}/end")).status_code == 303
    assert "新同事" not in text_of(client, cast.at("/people"))


@pytest.mark.parametrize(
    "form",
    [
        {}, {"contact": "nobody", "role": "researcher"}, {"contact": "13800005555", "role": "reviewer"},
        {"contact": "13800005555", "role": "researcher"}, {"contact": "\0", "role": "researcher"},
        {"contact": "1" * 40, "person_name": "x", "role": "researcher"},
    ],
)  # fmt: skip
def test_a_bad_invitation_is_marked(client: Client, cast: Cast, form: dict[str, str]) -> None:
    assert client.sign_in(cast.owner).post(cast.at("/people"), data=form).status_code == 422


def test_the_last_owner_is_told_why_they_cannot_leave(client: Client, session: Session, cast: Cast) -> None:
    row = session.scalars(select(Membership).where(Membership.person_id == cast.owner.id)).one()
    client.sign_in(cast.owner)
    assert client.post(cast.at(f"/people/{row.id}/end")).status_code == 409
    other = session.scalars(select(Membership).where(Membership.person_id == cast.other_owner.id)).one()
    assert client.post(cast.at(f"/people/{other.id}/end")).status_code == 404


def test_from_request_to_approval_through_the_pages(client: Client, session: Session, cast: Cast) -> None:
    assert client.sign_in(cast.owner).post(cast.at("/standing/request")).status_code == 303
    client.sign_in(cast.reviewer)
    desk = text_of(client, "/organisations?standing=requested")
    assert cast.firm.name in desk
    assert "/standing/approve" in text_of(client, cast.at())
    assert client.post(cast.at("/standing/refuse"), data={"reason": ""}).status_code == 422
    assert client.post(cast.at("/standing/approve")).status_code == 303
    assert client.post(cast.at("/standing/approve")).status_code == 409
    session.refresh(cast.firm)
    assert cast.firm.standing is Standing.APPROVED


def test_a_refusal_tells_the_firm_why(client: Client, session: Session, cast: Cast) -> None:
    service.request_standing(cast.firm.id, by=actor(cast.owner), now=NOW)
    client.sign_in(cast.reviewer).post(cast.at("/standing/refuse"), data={"reason": "执照不清晰"})
    page = text_of(client.sign_in(cast.owner), cast.at())
    assert "执照不清晰" in page
    assert "/standing/request" in page


def test_a_reviewer_corrects_name_and_code(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.reviewer)
    form = {"name": "示例新名有限公司", "valid_from": "2026-06-01"}
    assert client.post(cast.at("/identity/name"), data=form).status_code == 303
    assert client.post(cast.at("/identity/name"), data=form).status_code == 422
    form = {"credit_code": failing_code(), "valid_from": "2026-06-01"}
    assert client.post(cast.at("/identity/credit-code"), data=form).status_code == 303
    page = text_of(client, cast.at("/identity"))
    assert "示例新名有限公司" in page
    assert "示例精密模具有限公司" in page
    assert client.post(cast.at("/identity/accept-code"), data={"reason": "与执照一致"}).status_code == 303
    assert client.post(cast.at("/identity/accept-code"), data={"reason": "与执照一致"}).status_code == 422


ACCOUNT = {"account_number": "6228480000000001", "bank_name": "示例银行余姚支行", "cnaps": "103332028101"}


def test_an_account_needs_two_people_through_the_pages(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.accountant)
    form = {**ACCOUNT, "account_name": cast.firm.name}
    assert client.post(cast.at("/bank-accounts"), data=form).status_code == 303
    account = session.scalars(select(BankAccount)).one()
    approve = cast.at(f"/bank-accounts/{account.id}/approve")
    assert approve not in text_of(client, cast.at("/bank-accounts"))
    assert client.post(approve).status_code == 403
    client.sign_in(cast.owner)
    assert approve in text_of(client, cast.at("/bank-accounts"))
    assert client.post(approve).status_code == 303
    assert client.post(approve).status_code == 409
    assert "6228480000000001" in text_of(client, cast.at("/bank-accounts"))
    assert "6228480000000001" not in text_of(client.sign_in(cast.reviewer), cast.at("/bank-accounts"))


@pytest.mark.parametrize(
    "changes",
    [
        {"account_name": "别人"}, {"account_number": "abc"}, {"account_number": "9" * 40}, {"bank_name": ""},
        {"cnaps": "1"}, {"account_number": "\0"},
    ],
)  # fmt: skip
def test_a_bad_account_is_marked(client: Client, cast: Cast, changes: dict[str, str]) -> None:
    form = {**ACCOUNT, "account_name": cast.firm.name, **changes}
    assert client.sign_in(cast.owner).post(cast.at("/bank-accounts"), data=form).status_code == 422


def test_yearly_figures_are_entered_and_give_the_size(client: Client, cast: Cast) -> None:
    client.sign_in(cast.accountant)
    form = {"year": "2025", "industry": "industry", "staff": "120", "revenue_fen": "35,000,000", "assets_fen": "0"}
    assert client.post(cast.at("/figures"), data=form).status_code == 303
    assert "小型" in text_of(client, cast.at("/figures"))
    assert "小型" in text_of(client, cast.at())
    for changes in (
        {"year": "2026"}, {"staff": "-1"}, {"staff": "9" * 40}, {"revenue_fen": "abc"}, {"revenue_fen": "-1"},
        {"assets_fen": "1e999999"}, {"industry": "magic"}, {"year": ""},
    ):  # fmt: skip
        assert client.post(cast.at("/figures"), data={**form, **changes}).status_code == 422, changes


def test_details_are_changed_by_who_is_in_charge(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.owner)
    form = {
        "town_code": "330281001",
        "industry_code": "C",
        "introduction": "做模具\n三十年",
        "is_provider": "y",
        "phone": "0574-1",
    }
    assert client.post(cast.at("/edit"), data=form).status_code == 303
    page = text_of(client, cast.at())
    assert "做模具<br>三十年" in page
    assert "梨洲街道" in page
    assert client.post(cast.at("/edit"), data={**form, "town_code": "999"}).status_code == 422


@pytest.mark.parametrize("path", ["", *INSIDE, "/identity"])
def test_each_page_takes_few_statements(client: Client, cast: Cast, statements: list[str], path: str) -> None:
    client.sign_in(cast.reviewer)
    where = cast.at(path)
    statements.clear()
    text_of(client, where)
    assert len(statements) <= 12, statements


@pytest.mark.parametrize("path", ["", *INSIDE, "/edit", "/identity"])
@pytest.mark.parametrize("number", ["0", "999999", "9" * 40, "-1", "x"])
def test_no_such_organisation_is_404(client: Client, cast: Cast, path: str, number: str) -> None:
    assert client.sign_in(cast.reviewer).get(f"/organisations/{number}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", *INSIDE, "/edit"])
def test_pages_speak_english_too(client: Client, cast: Cast, path: str) -> None:
    page = text_of(client.sign_in(cast.owner), cast.at(f"{path}?lang=en"))
    words = re.sub(r"<[^>]+>|示例\S*", " ", page.split("<main", 1)[1].split("</main>", 1)[0])
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", words))
    assert chinese <= {"工信部联企业", "号"}, chinese
