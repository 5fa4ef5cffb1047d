"""Open data: the inventory in foreign forms, read in a stream. Secret equipment is in none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules.exchange import (
    Form,
    Known,
    page_address,
    problems_before_report,
    public_values,
    row,
    values_from,
)
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.reference import queries as reference

PIDINST_VERSION = "1.0"
PART = 10_000
"""Instruments in one part of the site map; search engines take 50,000 addresses a file."""
NOT_KNOWN = ":unav"
"""What PIDINST writes where a mandatory value is not available."""
_VERIFIED = (InstrumentState.VERIFIED, InstrumentState.PUBLISHED, InstrumentState.PAUSED)


class Scope(StrEnum):
    """Which records: all that are not retired, the verified ones that lack nothing, or the public catalogue."""

    INVENTORY = "inventory"
    READY = "ready"
    PUBLIC = "public"


_STATES = {
    Scope.INVENTORY: tuple(state for state in InstrumentState if state is not InstrumentState.RETIRED),
    Scope.READY: _VERIFIED,
    Scope.PUBLIC: (InstrumentState.PUBLISHED,),
}


def known() -> Known:
    """What the forms are written with."""
    towns = {region.code: region.name for region in reference.towns()}
    codes = frozenset(item.code for item in reference.classes())
    return Known(towns, codes, current_app.config["PUBLIC_URL"])


def records(scope: Scope) -> Iterator[dict[str, Any]]:
    """The records by id, 500 at a time; of the public catalogue only what each owner shows."""
    statement = (
        select(Instrument, Organisation.name, Organisation.credit_code)
        .join(Organisation, Organisation.id == Instrument.organisation_id)
        .where(Instrument.state.in_(_STATES[scope]))
        .where(Instrument.is_secret.is_(False))
        .order_by(Instrument.id)
        .execution_options(yield_per=500)
    )
    for instrument, owner, owner_code in session().execute(statement):
        values = values_from(instrument, owner=owner, owner_code=owner_code)
        yield public_values(values, instrument.public_fields) if scope is Scope.PUBLIC else values


def rows(form: Form, scope: Scope, setting: Known) -> Iterator[dict[str, str]]:
    """The records in the words of a form; of the ready ones only those that lack nothing."""
    for values in records(scope):
        problems = problems_before_report(form, values, setting) if scope is Scope.READY else []
        if not any(problem.level == "error" for problem in problems):
            yield row(form, values, setting)


def labelled(actor: Actor, wanted: Sequence[int], *, most: int) -> list[Instrument]:
    """Instruments to print labels for: those named that are public or the person's own, else all of the own."""
    own = Instrument.organisation_id.in_(actor.organisations("manager", "operator"))
    seen = or_(own, Instrument.state == InstrumentState.PUBLISHED) if wanted else own
    statement = select(Instrument).where(seen, Instrument.state != InstrumentState.RETIRED)
    statement = statement.where(Instrument.id.in_(wanted)) if wanted else statement
    statement = statement.options(joinedload(Instrument.organisation)).order_by(Instrument.id).limit(most)
    return list(session().scalars(statement))


def sitemap_parts() -> int:
    """How many parts the site map has: one for each :data:`PART` numbers of instruments."""
    last = session().scalar(select(func.max(Instrument.id)).where(Instrument.state == InstrumentState.PUBLISHED))
    return -(-(last or 0) // PART)


def sitemap_part(number: int) -> list[tuple[int, datetime]]:
    """Id and last change of the published instruments of a part, from 1."""
    statement = (
        select(Instrument.id, Instrument.updated_at)
        .where(Instrument.state == InstrumentState.PUBLISHED)
        .where(Instrument.id > (number - 1) * PART)
        .where(Instrument.id <= number * PART)
        .order_by(Instrument.id)
    )
    return [(found, changed) for found, changed in session().execute(statement)]


def pidinst(scope: Scope, setting: Known) -> Iterator[dict[str, Any]]:
    """The records as PIDINST 1.0 documents; the public page is identifier and landing page alike."""
    names = reference.class_names()
    for values in records(scope):
        yield _pidinst(values, names, page_address(values, setting))


def _pidinst(values: dict[str, Any], names: dict[str, str], address: str) -> dict[str, Any]:
    kind = names.get((values["class_code"] or "")[:4])
    described = "\n".join(text for text in (values["function"], values["technical"]) if text)
    numbers = ((values["code"], "InventoryNumber"), (values["serial_number"], "SerialNumber"))
    started = values["in_service_on"]
    document = {
        "Identifier": {"identifierValue": address, "identifierType": "URL"},
        "SchemaVersion": PIDINST_VERSION,
        "LandingPage": address,
        "Name": values["name"],
        "Owner": [{"ownerName": values["owner"]}],
        "Manufacturer": [{"manufacturerName": values["manufacturer"] or NOT_KNOWN}],
        "Model": {"modelName": values["model"]} if values["model"] else None,
        "Description": described or None,
        "InstrumentType": [{"instrumentTypeName": kind}] if kind else None,
        "Date": [{"dateValue": started.isoformat(), "dateType": "Commissioned"}] if started else None,
        "AlternateIdentifier": [
            {"alternateIdentifierValue": number, "alternateIdentifierType": what} for number, what in numbers if number
        ],
    }
    return {name: value for name, value in document.items() if value}
