"""The people of these tests."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.organisations.models import Organisation
from tests.factories import accounts
from tests.factories.organisations import bureau, member, organisation


@dataclass
class Cast:
    """A firm, another firm, the bureau, and people of each."""

    firm: Organisation
    owner: Person
    accountant: Person
    researcher: Person
    other_owner: Person
    reviewer: Person
    admin: Person
    stranger: Person

    def at(self, rest: str = "") -> str:
        return f"/organisations/{self.firm.id}{rest}"


@pytest.fixture
def cast(session: Session) -> Cast:
    firm, office = organisation(session, name="示例精密模具有限公司", phone="0574-62701234"), bureau(session)
    return Cast(
        firm=firm,
        owner=member(session, firm, "owner"),
        accountant=member(session, firm, "accountant"),
        researcher=member(session, firm, "researcher"),
        other_owner=member(session, organisation(session), "owner"),
        reviewer=member(session, office, "reviewer"),
        admin=member(session, office, "admin"),
        stranger=accounts.person(session),
    )
