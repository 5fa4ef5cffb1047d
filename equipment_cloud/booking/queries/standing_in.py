"""Who answers requests in somebody's place, and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking import policy
from equipment_cloud.booking.models import Booking, Delegation
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations.models import Membership
from equipment_cloud.organisations.queries import holds


def may_decide(actor: Actor, booking: Booking, on: date) -> bool:
    """The provider's staff, or who stands in for one of them; see :func:`policy.may_decide`."""
    return policy.may_decide(actor, booking) or (
        policy.is_provider(actor, booking)
        and policy.may_decide(actor, booking, standing_in_for=standing_in_for(actor.id, booking.provider_id, on))
    )


def standing_in_for(person_id: int, provider_id: int, on: date) -> list[int]:
    """People of the provider's staff in whose place the person answers on a day."""
    statement = select(Delegation.from_person_id).where(
        Delegation.to_person_id == person_id, Delegation.provider_id == provider_id, _in_force(on)
    )
    return list(session().scalars(statement.order_by(Delegation.from_person_id).limit(50)))


def stands_in_at(person_id: int, on: date) -> list[int]:
    """Providers for which the person answers requests in somebody's place on a day."""
    statement = select(Delegation.provider_id).where(Delegation.to_person_id == person_id, _in_force(on)).distinct()
    return list(session().scalars(statement.order_by(Delegation.provider_id).limit(50)))


def deciding_at(actor: Actor, on: date) -> list[int]:
    """Providers for which the person answers requests, by role or in somebody's place."""
    return sorted({*actor.organisations(*policy.STAFF), *stands_in_at(actor.id, on)})


def stand_ins(provider_id: int, on: date) -> list[int]:
    """People who answer a provider's requests in somebody's place on a day."""
    statement = select(Delegation.to_person_id).where(Delegation.provider_id == provider_id, _in_force(on)).distinct()
    return list(session().scalars(statement.order_by(Delegation.to_person_id).limit(50)))


def delegations_of(provider_ids: Sequence[int], on: date) -> Sequence[Delegation]:
    """Delegations that hold or will hold, the first to begin first (at most 100)."""
    return (
        session()
        .scalars(
            select(Delegation)
            .where(Delegation.provider_id.in_(provider_ids))
            .where(Delegation.ended_at.is_(None), Delegation.last_on >= on)
            .options(joinedload(Delegation.giver), joinedload(Delegation.taker))
            .order_by(Delegation.first_on, Delegation.id)
            .limit(100)
        )
        .all()
    )


def _in_force(on: date) -> ColumnElement[bool]:
    """It holds on the day, and who gave it is still of the staff."""
    return (
        Delegation.ended_at.is_(None)
        & (Delegation.first_on <= on)
        & (Delegation.last_on >= on)
        & exists().where(
            Membership.person_id == Delegation.from_person_id,
            Membership.organisation_id == Delegation.provider_id,
            Membership.role.in_(policy.STAFF),
            holds(on),
        )
    )
