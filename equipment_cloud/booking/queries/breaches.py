"""Breach points: policies, one's own, those at a provider."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking import policy, rules
from equipment_cloud.booking.models import Booking, Breach, BreachPolicy, BreachState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation


def breach_policies(provider_ids: Collection[int], on: date) -> dict[int, BreachPolicy]:
    """The policy of each provider that has one in force on a day."""
    rows = session().scalars(
        select(BreachPolicy)
        .where(BreachPolicy.provider_id.in_(provider_ids), BreachPolicy.valid_from <= on)
        .where(or_(BreachPolicy.valid_to.is_(None), BreachPolicy.valid_to > on))
        .order_by(BreachPolicy.provider_id)
    )
    return {row.provider_id: row for row in rows}


def breach_policies_of(provider_id: int) -> Sequence[BreachPolicy]:
    """A provider's policies, the latest first (at most 50)."""
    statement = select(BreachPolicy).where(BreachPolicy.provider_id == provider_id)
    return session().scalars(statement.order_by(BreachPolicy.valid_from.desc()).limit(50)).all()


def breach_for(actor: Actor, breach_id: int) -> Breach:
    """One breach its person, their organisation's owner or the provider's staff may see. Raises ``NotFound``."""
    found = session().scalar(_whole().where(Breach.id == breach_id))
    if found is None or not policy.may_see_breach(actor, found):
        raise NotFound
    return found


def breaches_of(actor: Actor, *, number: int, size: int) -> Page[Breach]:
    """One's own, and those of the people of organisations one is in charge of; the newest first."""
    in_charge = actor.organisations("owner", "manager")
    mine = or_(Breach.person_id == actor.id, Breach.organisation_id.in_(in_charge))
    return scalars_page(_whole().where(mine).order_by(Breach.id.desc()), number=number, size=size)


def breaches_at(provider_ids: Collection[int], *, number: int, size: int) -> Page[Breach]:
    """At these providers, appeals first."""
    statement = _whole().where(Breach.provider_id.in_(provider_ids))
    order = (Breach.state != BreachState.APPEALED, Breach.id.desc())
    return scalars_page(statement.order_by(*order), number=number, size=size)


def points_now(person_id: int, *, now: datetime) -> list[tuple[str, int]]:
    """Points that count now: ``(provider, points)``, the most first (at most 20)."""
    rows = (
        session()
        .execute(
            select(Breach.provider_id, func.sum(Breach.points))
            .where(Breach.person_id == person_id, Breach.ends_at > now, Breach.state.in_(rules.COUNTING))
            .group_by(Breach.provider_id)
            .order_by(func.sum(Breach.points).desc(), Breach.provider_id)
            .limit(20)
        )
        .all()
    )
    names = _names([row[0] for row in rows])
    return [(names[row[0]], int(row[1])) for row in rows]


def _names(provider_ids: Sequence[int]) -> dict[int, str]:
    rows = session().execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(provider_ids)))
    return {row[0]: row[1] for row in rows}


def _whole() -> Select[Breach]:
    return select(Breach).options(
        joinedload(Breach.booking).joinedload(Booking.instrument),
        joinedload(Breach.provider),
        joinedload(Breach.person),
    )
