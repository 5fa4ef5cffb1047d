"""Organisations and their people for tests."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation.access import SYSTEM, Actor
from equipment_cloud.kernel.identifiers import make_credit_code, organisation_check
from equipment_cloud.organisations import queries, service
from equipment_cloud.organisations.models import Kind, Organisation
from tests.factories import accounts

START = datetime.fromisoformat("2026-01-05T00:00:00+00:00")
YANGMING = "330281004"
TODAY = date(2026, 11, 23)
_serial = count(1)


def credit_code(prefix: str = "91") -> str:
    """A code of Yuyao that nobody has and whose check digits fit."""
    body = f"MA9T{next(_serial):04d}"
    return make_credit_code(f"{prefix}330281{body}{organisation_check(body)}")


def failing_code() -> str:
    """A code of Yuyao whose check digit does not fit."""
    code = credit_code()
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def organisation(session: Session, kind: Kind = Kind.ENTERPRISE, **fields: Any) -> Organisation:
    """A registered organisation with a right credit code, in Yangming."""
    name = fields.pop("name", f"示例单位{next(_serial)}")
    code = fields.pop("credit_code", credit_code("91" if kind == Kind.ENTERPRISE else "12"))
    return service.register(kind, name, code, fields.pop("town_code", YANGMING), now=START, **fields)


def bureau(session: Session) -> Organisation:
    """The bureau."""
    return service.register(Kind.BUREAU, "示例科技局", credit_code("11"), YANGMING, now=START, is_user=False)


def member(
    session: Session, at: Organisation, *roles: str, person: Person | None = None, scope: str | None = None
) -> Person:
    """A person who holds the roles at an organisation."""
    who = person or accounts.person(session)
    for role in roles:
        service.grant(at.id, who.id, role, scope, by=SYSTEM, now=START)
    return who


def actor(person: Person) -> Actor:
    """The person as services see one on the day of the tests."""
    found = queries.load_actor(person.id, on=TODAY)
    assert found is not None
    return found
