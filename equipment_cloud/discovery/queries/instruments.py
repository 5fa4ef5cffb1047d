"""Instruments that fit, with facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, Date, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import joinedload, load_only

from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import (
    Instrument,
    InstrumentState,
    Mode,
    Position,
    ServiceInstrument,
    ServiceState,
    TestService,
)
from equipment_cloud.discovery.queries.one_pass import OnePass, one_pass
from equipment_cloud.discovery.queries.words import Answer, answer
from equipment_cloud.discovery.rules import INSTRUMENT, SERVICE, Asked, FacetValue, Sort
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import session, settled
from equipment_cloud.foundation.page import Page
from equipment_cloud.foundation.state_words import state_word
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.models import CustomerClass, PricePlan, PriceRate
from equipment_cloud.reference import queries as reference

SOONEST_AMONG = 400
"""Sorting by the next free start looks at so many best matches: free time is computed, not stored."""


@dataclass(frozen=True)
class InstrumentHit:
    """An instrument in a list."""

    instrument: Instrument
    category: str
    town: str
    positions: int
    price_from_fen: int | None
    next_free_at: datetime | None
    voucher: bool

    @property
    def owner(self) -> Organisation:
        return self.instrument.organisation


@dataclass(frozen=True)
class Found:
    """One page of hits and the facets, in the order they are shown."""

    page: Page[Any]
    facets: dict[str, list[FacetValue]]
    answer: Answer


def search_instruments(asked: Asked, *, today: date, now: datetime, number: int, size: int) -> Found:
    """Published instruments that fit, best first. Five statements or so, whatever the size of the catalogue."""
    chosen = {"category": asked.category, "town": asked.town, "owner": asked.owner, "mode": asked.mode}
    soonest_first = asked.sort is Sort.NEXT_FREE
    order = {Sort.PRICE: ("no_price", "price"), Sort.NAME: ("name",), Sort.NEWEST: ("-published",)}.get(
        asked.sort, ("-rank", "length", "name")
    )

    def run(words: CTE | None) -> OnePass:
        matched = _matched(asked, words, today=today, now=now)
        if soonest_first:
            return one_pass(matched, chosen, order=order, number=1, size=SOONEST_AMONG)
        return one_pass(matched, chosen, order=order, number=number, size=size)

    answered = answer(asked.q, (INSTRUMENT,), run, is_narrowed=asked.is_narrowed)
    found = answered.found
    soonest = occupancy.next_free(found.ids, now=now)
    if soonest_first:
        ids = sorted(found.ids, key=lambda key: (soonest.get(key) is None, soonest.get(key) or now))
        found = replace(found, ids=ids[(number - 1) * size : number * size])
    hits = hits_of(found.ids, soonest, today=today)
    return Found(Page(hits, number, size, found.total), labelled(found.facets, chosen), answered)


def _matched(asked: Asked, words: CTE | None, *, today: date, now: datetime) -> Select[Any]:
    is_priced = asked.sort is Sort.PRICE or asked.min_price_fen is not None or asked.max_price_fen is not None
    hour = _hour_price(today) if is_priced else None
    price = hour.c.price if hour is not None else literal(0)
    statement = (
        select(
            Instrument.id.label("id"),
            func.substr(Instrument.class_code, 1, 4).label("category"),
            Instrument.town_code.label("town"),
            Instrument.organisation_id.label("owner"),
            Instrument.mode.label("mode"),
            Instrument.name.label("name"),
            func.length(Instrument.name).label("length"),
            Instrument.published_at.label("published"),
            (words.c.rank if words is not None else literal(0)).label("rank"),
            func.coalesce(price, 0).label("price"),
            price.is_(None).label("no_price") if hour is not None else literal(0).label("no_price"),
        )
        .where(*_limits(asked, today=today, now=now))
        .select_from(Instrument)
    )
    if words is not None:
        statement = statement.join(words, text_index.id_of(words.c.key) == Instrument.id)
    if hour is not None:
        statement = statement.outerjoin(hour, hour.c.instrument_id == Instrument.id)
        if asked.min_price_fen is not None:
            statement = statement.where(hour.c.price >= asked.min_price_fen)
        if asked.max_price_fen is not None:
            statement = statement.where(hour.c.price <= asked.max_price_fen)
    return statement


def _limits(asked: Asked, *, today: date, now: datetime) -> Iterator[ColumnElement[bool]]:
    """What every hit must be, besides its words and its price."""
    yield Instrument.state == InstrumentState.PUBLISHED
    if asked.voucher:
        yield Instrument.organisation_id.in_(_carriers(today))
        if asked.customer is not None:
            yield Instrument.organisation_id != asked.customer
    if asked.calibrated:
        yield Instrument.calibration_valid_until >= today
    if asked.accredited:
        done = select(ServiceInstrument.instrument_id).join(TestService, TestService.id == ServiceInstrument.service_id)
        published = done.where(TestService.state == ServiceState.PUBLISHED)
        yield Instrument.id.in_(published.where(catalog.accredited_on(today)))
    if asked.service is not None:
        of_service = select(ServiceInstrument.instrument_id).where(ServiceInstrument.service_id == asked.service)
        yield Instrument.id.in_(of_service)
    if asked.free is not None:
        yield Instrument.id.in_(occupancy.free_between(None, asked.free, now=now))


def _hour_price(today: date) -> Any:
    """The hourly price of a local enterprise in force today, by instrument."""
    return (
        select(PricePlan.instrument_id, func.min(PriceRate.hour_fen).label("price"))
        .join(PriceRate, PriceRate.plan_id == PricePlan.id)
        .where(PriceRate.customer_class == CustomerClass.LOCAL)
        .where(PricePlan.valid_from <= today)
        .where(or_(PricePlan.valid_to.is_(None), PricePlan.valid_to >= today))
        .group_by(PricePlan.instrument_id)
        .subquery("hour_price")
    )


def _carriers(today: date | BindParameter[date]) -> Select[Any]:
    """Organisations on the carriers' register today."""
    return select(CarrierEntry.organisation_id).where(
        and_(
            CarrierEntry.confirmed_at.is_not(None),
            CarrierEntry.valid_from <= today,
            or_(CarrierEntry.valid_to.is_(None), CarrierEntry.valid_to >= today),
            or_(CarrierEntry.suspended_from.is_(None), CarrierEntry.suspended_from > today),
        )
    )


def hits_of(ids: list[int], soonest: dict[int, datetime | None], *, today: date) -> list[InstrumentHit]:
    """Instruments as a list shows them, in the order of the ids; three statements or so."""
    if not ids:
        return []
    found = {row[0].id: tuple(row) for row in settled().execute(_HITS, {"ids": ids, "today": today})}
    prices = pricing.hour_prices(ids, today)
    towns = reference.region_names([record.town_code for record, _positions, _takes in found.values()])
    classes = reference.class_names()
    return [
        InstrumentHit(
            instrument=record,
            category=classes.get((record.class_code or "")[:4], ""),
            town=towns.get(record.town_code or "", ""),
            positions=count,
            price_from_fen=prices.get(record.id, {}).get(CustomerClass.LOCAL),
            next_free_at=soonest.get(record.id),
            voucher=bool(takes),
        )
        for record, count, takes in (found[key] for key in ids if key in found)
    ]


_SHOWN = (
    load_only(
        Instrument.code,
        Instrument.name,
        Instrument.name_en,
        Instrument.model,
        Instrument.manufacturer,
        Instrument.class_code,
        Instrument.town_code,
        Instrument.organisation_id,
        Instrument.mode,
        Instrument.state,
        Instrument.calibration_valid_until,
        raiseload=True,
    ),
    joinedload(Instrument.organisation).load_only(Organisation.name, raiseload=True),
)
"""A record has some sixty fields; a list shows a dozen, and one that is missing here is told at once."""

_HITS = (
    select(
        Instrument,
        select(func.count()).where(Position.instrument_id == Instrument.id).scalar_subquery(),
        Instrument.organisation_id.in_(_carriers(bindparam("today", type_=Date))),
    )
    .where(Instrument.id.in_(bindparam("ids", expanding=True)))
    .options(*_SHOWN)
    .order_by(Instrument.id)
)
"""With the number of positions and whether vouchers are taken; built once."""


def labelled(facets: dict[str, dict[str, int]], chosen: Mapping[str, Any]) -> dict[str, list[FacetValue]]:
    """Facets of instruments or services in the reader's words, the most frequent value first."""
    classes = reference.class_names()
    towns = reference.region_names(facets["town"].keys())
    owner_ids = [int(value) for value in facets["owner"]]
    owners = session().execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(owner_ids)))
    names = {str(key): name for key, name in owners}
    modes = {mode.value: state_word("mode", mode) for mode in Mode}
    kinds = {kind: state_word("found_kind", kind) for kind in (INSTRUMENT, SERVICE)}
    labels = {"category": classes, "town": towns, "owner": names, "mode": modes, "kind": kinds}
    return {
        facet: [
            FacetValue(value, labels[facet].get(value, value), count, value in {str(item) for item in chosen[facet]})
            for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]
        for facet, counts in facets.items()
    }
