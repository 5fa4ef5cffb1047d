"""Who holds which role where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import BindParameter, ColumnElement, Date, Table, and_, bindparam, or_, select

from equipment_cloud.accounts.models import Person, PersonState
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.foundation.db import session, settled
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Kind, Membership, Organisation
from equipment_cloud.organisations.rules import GOVERNING_ROLES


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A role someone holds, with the person."""

    membership: Membership
    person: Person


def holds(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """The membership holds on the day."""
    return and_(Membership.valid_from <= on, or_(Membership.ended_on.is_(None), Membership.ended_on > on))


def grants_of(person_id: int, on: date) -> tuple[Grant, ...]:
    """The roles a person holds on a day, in order of organisation and role."""
    rows = session().execute(
        select(Membership.organisation_id, Membership.role, Membership.scope)
        .where(Membership.person_id == person_id, holds(on))
        .order_by(Membership.organisation_id, Membership.role, Membership.id)
    )
    return tuple(Grant(row.organisation_id, row.role, row.scope) for row in rows)


def load_actor(person_id: int, scopes: frozenset[str] | None = None, *, on: date) -> Actor | None:
    """A person with the roles of a day, as services see one; ``None`` when the account is unknown or closed."""
    rows = settled().execute(_PERSON_WITH_GRANTS, {"person_id": person_id, "on": on}).all()
    if not rows or rows[0].state != PersonState.ACTIVE:
        return None
    grants = tuple(Grant(row.organisation_id, row.role, row.scope) for row in rows if row.role is not None)
    return Actor(rows[0].id, rows[0].name, grants, scopes)


def membership(membership_id: int) -> Membership:
    """Raises :class:`NotFound`."""
    found = session().get(Membership, membership_id)
    if found is None:
        raise NotFound
    return found


def member_rows(organisation_id: int, on: date) -> list[MemberRow]:
    """The people of an organisation with their roles on a day, by name (at most 200 roles)."""
    rows = session().execute(
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, holds(on))
        .order_by(Person.name, Person.id, Membership.role)
        .limit(200)
    )
    return [MemberRow(row.Membership, row.Person) for row in rows]


def roles_held(organisation_id: int, person_id: int, on: date) -> list[Membership]:
    """A person's roles at an organisation on a day."""
    statement = select(Membership).where(
        Membership.organisation_id == organisation_id,
        Membership.person_id == person_id,
        holds(on),
    )
    return list(session().scalars(statement.order_by(Membership.id)))


def people_with_role(organisation_id: int, *roles: str, on: date) -> list[int]:
    """Ids of active people who hold any of the roles (any role at all if none is named) there on a day."""
    if not roles:
        return _person_ids([Membership.organisation_id == organisation_id], roles, on)
    asked = {"organisation_id": organisation_id, "roles": [str(role) for role in roles], "on": on}
    return list(settled().scalars(_PEOPLE_WITH_ROLE, asked))


def bureau_people(*roles: str, on: date) -> list[int]:
    """Ids of active people who hold any of the roles at the bureau on a day."""
    at_bureau = Membership.organisation_id.in_(select(Organisation.id).where(Organisation.kind == Kind.BUREAU))
    return _person_ids([at_bureau], roles, on)


def governing_people(organisation_id: int, on: date) -> list[int]:
    """Ids of the people who look after an organisation's people."""
    return people_with_role(organisation_id, *GOVERNING_ROLES, on=on)


def _person_ids(where: list[ColumnElement[bool]], roles: Iterable[str], on: date) -> list[int]:
    wanted = [str(role) for role in roles]
    statement = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*where, holds(on), Person.state == PersonState.ACTIVE)
        .distinct()
    )
    if wanted:
        statement = statement.where(Membership.role.in_(wanted))
    return list(session().scalars(statement.order_by(Membership.person_id)))


# Asked by every request and by every message, so built once; the first on plain tables.
_HOLDS = holds(bindparam("on", type_=Date))
_PERSON, _MEMBERSHIP = cast("Table", Person.__table__), cast("Table", Membership.__table__)
_PERSON_WITH_GRANTS = (
    select(
        _PERSON.c.id,
        _PERSON.c.name,
        _PERSON.c.state,
        _MEMBERSHIP.c.organisation_id,
        _MEMBERSHIP.c.role,
        _MEMBERSHIP.c.scope,
    )
    .outerjoin(_MEMBERSHIP, and_(_MEMBERSHIP.c.person_id == _PERSON.c.id, _HOLDS))
    .where(_PERSON.c.id == bindparam("person_id"))
    .order_by(_MEMBERSHIP.c.organisation_id, _MEMBERSHIP.c.role, _MEMBERSHIP.c.id)
)
_PEOPLE_WITH_ROLE = (
    select(Membership.person_id)
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.organisation_id == bindparam("organisation_id"))
    .where(_HOLDS)
    .where(Person.state == PersonState.ACTIVE)
    .where(Membership.role.in_(bindparam("roles", expanding=True)))
    .distinct()
    .order_by(Membership.person_id)
)
