"""Reads of the register."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation


def entry(entry_id: int) -> CarrierEntry:
    """One entry with its organisation. Raises :class:`NotFound`."""
    statement = select(CarrierEntry).options(joinedload(CarrierEntry.organisation))
    found = session().scalar(statement.where(CarrierEntry.id == entry_id))
    if found is None:
        raise NotFound
    return found


def entry_on(organisation_id: int, category: str, on: date) -> CarrierEntry | None:
    """The entry under which an organisation may be paid for a category of services on a day, if any.

    Confirmed, within its dates, not suspended, the category listed.
    """
    in_force = _in_force(on).where(CarrierEntry.organisation_id == organisation_id)
    found = session().scalars(in_force.order_by(CarrierEntry.valid_from.desc(), CarrierEntry.id.desc()))
    return next((each for each in found if category in each.categories), None)


def carriers_among(organisation_ids: list[int], category: str, on: date) -> set[int]:
    """Which of the organisations may be paid for the category on the day; one statement for a page of them."""
    in_force = session().scalars(_in_force(on).where(CarrierEntry.organisation_id.in_(organisation_ids)))
    return {each.organisation_id for each in in_force if category in each.categories}


def register(*, on: date, text: str | None, everything: bool, number: int, size: int) -> Page[CarrierEntry]:
    """A page of the register by name: entries in force, or ``everything`` there ever was (the bureau's view)."""
    statement = select(CarrierEntry) if everything else _in_force(on)
    statement = statement.join(Organisation).options(joinedload(CarrierEntry.organisation))
    if text:
        statement = statement.where(Organisation.name.contains(text, autoescape=True))
    return scalars_page(statement.order_by(Organisation.name, CarrierEntry.valid_from.desc()), number=number, size=size)


def providers(*, limit: int = 1_000) -> list[Organisation]:
    """Providers to choose from when an entry is made, by name; the field searches as one types."""
    statement = select(Organisation).where(Organisation.is_provider.is_(True))
    return list(session().scalars(statement.order_by(Organisation.name, Organisation.id).limit(limit)))


def unconfirmed(*, not_by: int, limit: int) -> list[CarrierEntry]:
    """Entries that wait for another person than this one, the oldest first."""
    waiting = select(CarrierEntry).where(CarrierEntry.confirmed_by.is_(None), CarrierEntry.entered_by != not_by)
    whole = waiting.options(joinedload(CarrierEntry.organisation)).order_by(CarrierEntry.id).limit(limit)
    return list(session().scalars(whole))


def people_of(entry: CarrierEntry) -> dict[int, str]:
    """Names of who entered and confirmed an entry."""
    ids = [person_id for person_id in (entry.entered_by, entry.confirmed_by) if person_id is not None]
    return {person_id: person.name for person_id, person in accounts.people(ids).items()}


def periods_of(organisation_id: int) -> list[tuple[date, date | None]]:
    """First and last days of every entry of an organisation."""
    statement = select(CarrierEntry.valid_from, CarrierEntry.valid_to)
    rows = session().execute(statement.where(CarrierEntry.organisation_id == organisation_id).order_by(CarrierEntry.id))
    return [(first, last) for first, last in rows]


def _in_force(on: date) -> Select[CarrierEntry]:
    return (
        select(CarrierEntry)
        .where(CarrierEntry.confirmed_by.is_not(None))
        .where(CarrierEntry.valid_from <= on)
        .where(or_(CarrierEntry.valid_to.is_(None), CarrierEntry.valid_to >= on))
        .where(or_(CarrierEntry.suspended_from.is_(None), CarrierEntry.suspended_from > on))
    )
