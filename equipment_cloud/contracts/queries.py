"""Every read of contracts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.contracts import policy
from equipment_cloud.contracts.models import Contract
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation

_PARTIES = (joinedload(Contract.buyer), joinedload(Contract.provider), joinedload(Contract.file))


def contract_for(actor: Actor, contract_id: int) -> Contract:
    """The contract, if it is this person's to see. Raises :class:`NotFound` otherwise."""
    found = session().scalar(select(Contract).where(Contract.id == contract_id).options(*_PARTIES))
    if found is None or not policy.may_see(actor, found):
        raise NotFound
    return found


def page_for(actor: Actor, *, words: str | None, number: int, size: int) -> Page[Contract]:
    """The contracts the person may see, newest first; ``words`` looks into number, title and the parties' names."""
    statement = _visible_to(actor).options(*_PARTIES).order_by(Contract.id.desc())
    if words:
        named = select(Organisation.id).where(Organisation.name.contains(words, autoescape=True))
        statement = statement.where(
            or_(
                Contract.number.contains(words, autoescape=True),
                Contract.title.contains(words, autoescape=True),
                Contract.buyer_id.in_(named),
                Contract.provider_id.in_(named),
            )
        )
    return scalars_page(statement, number=number, size=size)


def between(buyer_id: int, provider_id: int, *, most: int = 50) -> Sequence[Contract]:
    """Contracts of a pair, newest first, at most ``most``: what a claim may choose from."""
    return (
        session()
        .scalars(
            select(Contract)
            .where(Contract.buyer_id == buyer_id)
            .where(Contract.provider_id == provider_id)
            .order_by(Contract.id.desc())
            .limit(most)
        )
        .all()
    )


def of_pair(contract_ids: Sequence[int], buyer_id: int, provider_id: int) -> Sequence[Contract]:
    """Those of the given contracts that are between this pair, in order of id."""
    return (
        session()
        .scalars(
            select(Contract)
            .where(Contract.id.in_(contract_ids))
            .where(Contract.buyer_id == buyer_id)
            .where(Contract.provider_id == provider_id)
            .order_by(Contract.id)
        )
        .all()
    )


def _visible_to(actor: Actor) -> Select[Contract]:
    statement = select(Contract)
    if policy.may_see_all(actor):
        return statement
    mine = actor.organisations(*policy.PARTY_ROLES)
    return statement.where(or_(Contract.buyer_id.in_(mine), Contract.provider_id.in_(mine)))
