"""The instrument a customer asks for, with its positions and both parties, in one narrow row per position."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, select

from equipment_cloud.booking.policy import CUSTOMERS
from equipment_cloud.booking.rules import Offer
from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode, Position, ShareMode
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation

BOOKABLE_STATES = (InstrumentState.PUBLISHED, InstrumentState.PAUSED, InstrumentState.RETIRED)
"""What the public may know of; anything else is not found."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One of the two parties of a booking, as prices see it."""

    id: int
    name: str
    town_code: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """An instrument, its positions lowest first, its owner, and the customer who asks (``None`` for a visitor)."""

    instrument_id: int
    code: str | None
    name: str
    offer: Offer
    provider: Customer
    customer: Customer | None
    position_ids: tuple[int, ...]


def place(instrument_id: int, organisation_id: int | None = None) -> Place:
    """One statement. Raises :class:`NotFound` for an instrument the public does not know, or an unknown customer."""
    rows = session().execute(_PLACE, {"instrument_id": instrument_id, "organisation_id": organisation_id}).all()
    if not rows or rows[0].state not in BOOKABLE_STATES or (organisation_id and rows[0].customer_id is None):
        raise NotFound
    row = rows[0]
    owner = Customer(row.provider_id, row.provider_name, row.provider_town)
    payer = Customer(row.customer_id, row.customer_name, row.customer_town) if row.customer_id else None
    positions = tuple(item.position_id for item in rows if item.position_id is not None)
    offer = Offer(
        is_published=row.state is InstrumentState.PUBLISHED,
        pause_reason=row.pause_reason,
        is_self_operated=row.mode is not Mode.SAMPLE,
        is_shared_with_customer=row.share_mode is ShareMode.EXTERNAL or payer == owner,
        has_position=bool(positions),
        customs_supervised=row.customs_supervised,
        calibration_required=row.calibration_required,
        calibration_valid_until=row.calibration_valid_until,
    )
    return Place(row.id, row.code, row.name, offer, owner, payer, positions)


def customers_of(actor: Actor, *, among: Collection[int] | None = None) -> list[Customer]:
    """Organisations the actor may book for, by name."""
    ids = set(actor.organisations(*CUSTOMERS))
    if among is not None:
        ids &= set(among)
    rows = session().execute(
        select(Organisation.id, Organisation.name, Organisation.town_code)
        .where(Organisation.id.in_(ids), Organisation.is_user)
        .order_by(Organisation.name, Organisation.id)
        .limit(100)
    )
    return [Customer(*row) for row in rows]


# Read by every booking, so built once and on plain tables.
_INSTRUMENT, _POSITION = cast("Table", Instrument.__table__), cast("Table", Position.__table__)
_PROVIDER = cast("Table", Organisation.__table__).alias("provider")
_CUSTOMER = cast("Table", Organisation.__table__).alias("customer")
_PLACE = (
    select(
        _INSTRUMENT.c.id,
        _INSTRUMENT.c.code,
        _INSTRUMENT.c.name,
        _INSTRUMENT.c.state,
        _INSTRUMENT.c.mode,
        _INSTRUMENT.c.share_mode,
        _INSTRUMENT.c.pause_reason,
        _INSTRUMENT.c.customs_supervised,
        _INSTRUMENT.c.calibration_required,
        _INSTRUMENT.c.calibration_valid_until,
        _PROVIDER.c.id.label("provider_id"),
        _PROVIDER.c.name.label("provider_name"),
        _PROVIDER.c.town_code.label("provider_town"),
        _CUSTOMER.c.id.label("customer_id"),
        _CUSTOMER.c.name.label("customer_name"),
        _CUSTOMER.c.town_code.label("customer_town"),
        _POSITION.c.id.label("position_id"),
    )
    .select_from(
        _INSTRUMENT.join(_PROVIDER, _PROVIDER.c.id == _INSTRUMENT.c.organisation_id)
        .outerjoin(_CUSTOMER, _CUSTOMER.c.id == bindparam("organisation_id"))
        .outerjoin(_POSITION, _POSITION.c.instrument_id == _INSTRUMENT.c.id)
    )
    .where(_INSTRUMENT.c.id == bindparam("instrument_id"))
    .order_by(_POSITION.c.number)
)
