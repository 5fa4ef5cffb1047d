"""Sign-up: a person and their organisation in one act."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.accounts import service as accounts
from equipment_cloud.accounts.models import Person
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, Problem, raise_if
from equipment_cloud.organisations import rules
from equipment_cloud.organisations.models import Kind, Membership, Organisation
from equipment_cloud.organisations.service.identity import register
from equipment_cloud.organisations.service.record import note


def sign_up(
    *,
    person_name: str,
    mobile: str | None,
    email: str | None,
    password: str,
    kind: Kind,
    name: str,
    credit_code: str,
    town_code: str,
    now: datetime,
    is_provider: bool = False,
    industry_code: str | None = None,
    address: str | None = None,
    locale: str = "zh_CN",
) -> tuple[Person, Organisation]:
    """A person and their organisation in one act, good for enquiry and booking at once.

    Raises :class:`Invalid` with everything that is wrong with either.
    """
    if kind not in (Kind.ENTERPRISE, Kind.INSTITUTION):
        raise Invalid.single("kind", N_("Only enterprises and institutions sign up here."), field="kind")
    problems: list[Problem] = []
    try:
        organisation = register(
            kind, name, credit_code, town_code, now=now, is_provider=is_provider or kind == Kind.INSTITUTION,
            industry_code=industry_code, address=address, contact_name=person_name,
        )  # fmt: skip
    except Invalid as refusal:
        problems += refusal.problems
    try:
        person = accounts.create_person(
            person_name, email=email, mobile=mobile, password=password, locale=locale, now=now
        )
    except Invalid as refusal:
        problems += refusal.problems
    raise_if(problems)
    _give_first_roles(person, organisation, now=now)
    note("sign-up", organisation.id, by=Actor(person.id, person.name), now=now)
    return person, organisation


def _give_first_roles(person: Person, organisation: Organisation, *, now: datetime) -> None:
    for role in rules.first_roles(organisation.kind, is_provider=organisation.is_provider):
        session().add(
            Membership(
                person_id=person.id, organisation_id=organisation.id, role=role, scope=None,
                valid_from=clock.today(now), ended_on=None,
            )
        )  # fmt: skip
    session().flush()
