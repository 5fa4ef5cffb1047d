"""Sign-up, portrait and the bureau's register through the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.organisations import queries
from equipment_cloud.organisations.models import Kind, Organisation, Standing
from tests.conftest import Client
from tests.factories import accounts
from tests.factories.organisations import YANGMING, credit_code, organisation
from tests.organisations.conftest import Cast


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


SIGN_UP = {
    "kind": "enterprise", "name": "示例新企业有限公司", "town_code": YANGMING, "industry_code": "C",
    "person_name": "示例负责人", "mobile": "13800006666", "email": "", "password": accounts.PASSWORD,
    "again": accounts.PASSWORD, "accepts": "y",
}  # fmt: skip


def test_one_form_opens_account_and_organisation_and_leads_to_its_page(client: Client, session: Session) -> None:
    answer = client.post("/sign-up", data={**SIGN_UP, "credit_code": credit_code()})
    assert answer.status_code == 303
    page = text_of(client, answer.headers["Location"])
    assert "示例新企业有限公司" in page
    assert "/standing/request" in page
    assert "用券" in page
    firm = queries.by_name("示例新企业有限公司")
    assert firm is not None
    assert firm.standing is Standing.NONE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": "91330281MA2TEST121"}, "credit_code"), ({"name": ""}, "name"),
        ({"town_code": "x"}, "town_code"), ({"mobile": "123"}, "mobile"), ({"mobile": ""}, "mobile"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "different"}, "again"), ({"accepts": ""}, "accepts"), ({"kind": "bureau"}, "kind"),
        ({"name": "x\0y"}, "name"), ({"name": "x" * 300}, "name"), ({"credit_code": "9" * 40}, "credit_code"),
        ({"person_name": "x" * 100}, "person_name"), ({"email": "nonsense"}, "email"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_marked_and_nothing_is_kept(
    client: Client, session: Session, changes: dict[str, str], field: str
) -> None:
    before = session.scalar(select(func.count()).select_from(Organisation))
    answer = client.post("/sign-up", data={**SIGN_UP, "credit_code": credit_code(), **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Organisation)) == before


def test_everything_wrong_is_said_at_once(client: Client, session: Session) -> None:
    form = {"credit_code": "123", "mobile": "123", "email": "x", "password": "short", "again": "other"}
    page = client.post("/sign-up", data=form).get_data(as_text=True)
    marked = set(re.findall(r'id="(\w+)-error"', page))
    assert marked == {
        "name", "credit_code", "town_code", "person_name", "mobile", "email", "password", "again", "accepts",
    }  # fmt: skip


def test_a_registered_firm_is_joined_by_invitation_not_by_sign_up(client: Client, cast: Cast) -> None:
    answer = client.post("/sign-up", data={**SIGN_UP, "credit_code": str(cast.firm.credit_code)})
    assert answer.status_code == 422
    assert "邀请" in answer.get_data(as_text=True)


def test_a_firm_that_only_uses_is_hidden_from_strangers(client: Client, cast: Cast) -> None:
    text_of(client, cast.at(), 404)
    for person, status in (
        (cast.stranger, 404), (cast.other_owner, 404), (cast.researcher, 200), (cast.reviewer, 200), (cast.admin, 200),
    ):  # fmt: skip
        text_of(client.sign_in(person), cast.at(), status)


def test_a_provider_is_public_with_a_masked_telephone(client: Client, session: Session, cast: Cast) -> None:
    provider = organisation(session, Kind.INSTITUTION, phone="0574-62701234", contact_name="王老师")
    page = text_of(client, f"/organisations/{provider.id}")
    assert "62701234" not in page
    assert "王老师" not in page
    assert "/people" not in page
    page = text_of(client.sign_in(cast.stranger), f"/organisations/{provider.id}")
    assert "0574-62701234" in page
    assert "/bank-accounts" not in page


def test_the_register_is_the_bureaus_desk(client: Client, session: Session, cast: Cast) -> None:
    assert client.sign_in(cast.owner).get("/organisations").status_code == 403
    client.sign_in(cast.reviewer)
    assert cast.firm.name in text_of(client, "/organisations?q=模具&kind=enterprise&town=330281004&standing=none")
    assert cast.firm.name not in text_of(client, "/organisations?kind=institution")
    for query in ("q=%00", "kind=x&standing=y&town=%00", "q=%25", "q=" + "x" * 3000, "town=" + "9" * 40):
        text_of(client, f"/organisations?{query}")
    assert client.get("/organisations?page=0").status_code == 422


def test_the_desk_takes_few_statements_whatever_the_rows(
    client: Client, session: Session, cast: Cast, statements: list[str]
) -> None:
    for _ in range(25):
        organisation(session)
    session.flush()
    client.sign_in(cast.reviewer)
    statements.clear()
    text_of(client, "/organisations")
    assert len(statements) <= 12, statements


def test_my_organisations_lists_ones_roles(client: Client, cast: Cast) -> None:
    page = text_of(client.sign_in(cast.researcher), "/my-organisations")
    assert cast.firm.name in page
    page = text_of(client.sign_in(cast.stranger), "/my-organisations")
    assert "邀请" in page
