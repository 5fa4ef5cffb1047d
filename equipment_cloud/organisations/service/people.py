"""Roles of people: given, ended, never leaving an organisation without someone in charge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.accounts import service as accounts_service
from equipment_cloud.accounts.models import Person
from equipment_cloud.accounts.rules import sign_in_name
from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, raise_if
from equipment_cloud.organisations import queries, rules
from equipment_cloud.organisations.models import Membership, Organisation
from equipment_cloud.organisations.service.record import locked, note
from equipment_cloud.reference import queries as reference


class LastOne(Conflict):
    """The role cannot end: nobody else would look after the organisation's people (409)."""

    code = "last-one"
    message = N_("This is the last person who looks after the organisation's people.")
    remedy = N_("Give the role to a colleague first; if there is none, call the platform desk.")


def grant(
    organisation_id: int, person_id: int, role: str, scope: str | None = None, *, by: Actor, now: datetime
) -> Membership:
    """Give a person a role from today on; a role that is held already is given back unchanged.

    ``scope`` is a liaison's town code. Raises :class:`Invalid`.
    """
    organisation, today = locked(organisation_id), clock.today(now)
    held = queries.roles_held(organisation.id, person_id, today)
    same = next((row for row in held if row.role == role and row.scope == scope), None)
    if same is not None:
        return same
    allowed = rules.roles_of(organisation.kind, is_user=organisation.is_user, is_provider=organisation.is_provider)
    raise_if(
        rules.problems_with_grant(
            role,
            scope,
            allowed=allowed,
            held=[row.role for row in held],
            is_self=person_id == by.id and by.id != SYSTEM.id,
        )
    )
    if scope is not None and not reference.is_town(scope):
        raise Invalid.single("town-unknown", N_("There is no such township."), field="scope")
    row = _opened_today(organisation, person_id, role, scope, now=now)
    session().flush()
    note("grant", organisation.id, by=by, now=now, person=person_id, role=role, scope=scope)
    _tell(organisation, person_id, role, N_("%(organisation)s gave you the role %(role)s."), now=now)
    return row


def invite(
    organisation_id: int,
    contact: str,
    role: str,
    scope: str | None = None,
    *,
    person_name: str | None = None,
    by: Actor,
    now: datetime,
) -> Membership:
    """Give a role to whoever the mobile number or e-mail address belongs to; a new person signs in by one-time code.

    Raises :class:`Invalid` when the contact is neither, or when a new person's name is missing.
    """
    name = sign_in_name(contact)
    if name is None:
        raise Invalid.single("contact", N_("Give a mobile number of 11 digits or an e-mail address."), field="contact")
    person = accounts.by_sign_in_name(contact)
    if person is None:
        person = _new_person(person_name, name.kind, name.value, by=by, now=now)
    return grant(organisation_id, person.id, role, scope, by=by, now=now)


def end_grant(membership_id: int, *, by: Actor, now: datetime) -> Membership:
    """End a role at once. Raises :class:`LastOne` where nobody would be left in charge."""
    row, today = queries.membership(membership_id), clock.today(now)
    organisation = locked(row.organisation_id)
    session().refresh(row)
    if row.ended_on is not None and row.ended_on <= today:
        return row
    governing = [role for role in rules.GOVERNING_ROLES if role in _given_roles(organisation)]
    if row.role in governing and not _others_in_charge(row, governing, now=now):
        raise LastOne
    row.ended_on = today
    note("end-grant", organisation.id, by=by, now=now, person=row.person_id, role=row.role)
    _tell(organisation, row.person_id, row.role, N_("Your role %(role)s at %(organisation)s has ended."), now=now)
    return row


def _given_roles(organisation: Organisation) -> tuple[rules.Role, ...]:
    return rules.roles_of(organisation.kind, is_user=organisation.is_user, is_provider=organisation.is_provider)


def _others_in_charge(row: Membership, governing: list[rules.Role], *, now: datetime) -> bool:
    """Whether an active person holds a governing role there by another membership."""
    others = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == row.organisation_id,
            Membership.id != row.id,
            Membership.role.in_([str(role) for role in governing]),
            queries.holds(clock.today(now)),
            Person.state == "active",
        )
    )
    return session().scalar(others.limit(1)) is not None


def _opened_today(
    organisation: Organisation, person_id: int, role: str, scope: str | None, *, now: datetime
) -> Membership:
    """A membership from today on; one that began and ended today is opened again."""
    today = clock.today(now)
    row = session().scalar(
        select(Membership).where(
            Membership.organisation_id == organisation.id,
            Membership.person_id == person_id,
            Membership.role == role,
            Membership.valid_from == today,
        )
    )
    if row is None:
        row = Membership(
            person_id=person_id, organisation_id=organisation.id, role=role, scope=scope, valid_from=today,
            ended_on=None,
        )  # fmt: skip
        session().add(row)
    row.scope, row.ended_on = scope, None
    return row


def _new_person(person_name: str | None, kind: str, value: str, *, by: Actor, now: datetime) -> Person:
    if not (person_name or "").strip():
        raise Invalid.single(
            "person-unknown",
            N_("Nobody with this address has an account yet."),
            field="person_name",
            remedy=N_("Give the person's name too: the account is opened and they sign in with a one-time code."),
        )
    return accounts_service.create_person(
        person_name or "",
        email=value if kind == "email" else None,
        mobile=value if kind == "mobile" else None,
        password=None,
        now=now,
        by=by,
    )


def _tell(organisation: Organisation, person_id: int, role: str, message_id: str, *, now: datetime) -> None:
    values = {"organisation": organisation.name, "role": {"words": rules.ROLE_WORDS[rules.Role(role)]}}
    outbox.post("organisations.role", [person_id], message_id, now=now, link="/my-organisations", values=values)
