"""Instruments and test services in one ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Select, func, literal, select, union_all

from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode, ServiceState, TestService
from equipment_cloud.discovery.queries.instruments import InstrumentHit, hits_of, labelled
from equipment_cloud.discovery.queries.one_pass import OnePass, one_pass
from equipment_cloud.discovery.queries.services import services_by_id
from equipment_cloud.discovery.queries.words import Answer, answer
from equipment_cloud.discovery.rules import INSTRUMENT, SERVICE, FacetValue
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.page import Page
from equipment_cloud.occupancy import queries as occupancy
from equipment_cloud.organisations.models import Organisation


@dataclass(frozen=True)
class Hit:
    """Either an instrument or a test service."""

    instrument: InstrumentHit | None = None
    service: TestService | None = None

    @property
    def kind(self) -> str:
        return INSTRUMENT if self.instrument is not None else SERVICE

    @property
    def key(self) -> int:
        """Its key in the index: kind and id."""
        first = _RANGES[self.kind][0]
        return first + (self.instrument.instrument.id if self.instrument is not None else self.service.id)  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return self.instrument.instrument.name if self.instrument is not None else self.service.name  # type: ignore[union-attr]


@dataclass(frozen=True)
class EverythingFound:
    """One page of both, facets (``kind`` among them), and how the words were understood."""

    page: Page[Hit]
    facets: dict[str, list[FacetValue]]
    answer: Answer


def search_everything(
    q: str,
    *,
    category: tuple[str, ...] = (),
    town: tuple[str, ...] = (),
    owner: tuple[int, ...] = (),
    mode: tuple[str, ...] = (),
    kind: tuple[str, ...] = (),
    since: datetime | None = None,
    today: date,
    now: datetime,
    number: int,
    size: int,
) -> EverythingFound:
    """What is published and fits, instruments and test services ranked together, best first.

    ``since`` leaves only what was published from then on.
    """
    chosen = {"kind": kind, "category": category, "town": town, "owner": owner, "mode": mode}

    def run(words: CTE | None) -> OnePass:
        return one_pass(_matched(words, since), chosen, order=("-rank", "length", "name"), number=number, size=size)

    answered = answer(q, (INSTRUMENT, SERVICE), run, is_narrowed=since is not None or any(chosen.values()))
    keys = answered.found.ids
    ids = {kind: [key - first for key in keys if first <= key <= last] for kind, (first, last) in _RANGES.items()}
    soonest = occupancy.next_free(ids[INSTRUMENT], now=now)
    machines = {hit.instrument.id: hit for hit in hits_of(ids[INSTRUMENT], soonest, today=today)}
    services = services_by_id(ids[SERVICE], today=today)
    hits = [_hit(key, machines, services) for key in keys]
    page = Page([hit for hit in hits if hit is not None], number, size, answered.found.total)
    return EverythingFound(page, labelled(answered.found.facets, chosen), answered)


_RANGES = {kind: text_index.key_range(kind) for kind in (INSTRUMENT, SERVICE)}


def _hit(key: int, machines: dict[int, InstrumentHit], services: dict[int, TestService]) -> Hit | None:
    """Gone between two statements: left out."""
    first, last = _RANGES[INSTRUMENT]
    if first <= key <= last:
        return Hit(instrument=machines[key - first]) if key - first in machines else None
    record = services.get(key - _RANGES[SERVICE][0])
    return Hit(service=record) if record is not None else None


def _matched(words: CTE | None, since: datetime | None) -> CompoundSelect[Any]:
    instruments: Select[Any] = select(
        text_index.key_of(INSTRUMENT, Instrument.id).label("id"),
        literal(INSTRUMENT).label("kind"),
        func.substr(Instrument.class_code, 1, 4).label("category"),
        Instrument.town_code.label("town"),
        Instrument.organisation_id.label("owner"),
        Instrument.mode.label("mode"),
        Instrument.name.label("name"),
        func.length(Instrument.name).label("length"),
        (words.c.rank if words is not None else literal(0)).label("rank"),
    ).where(Instrument.state == InstrumentState.PUBLISHED)
    services: Select[Any] = (
        select(
            text_index.key_of(SERVICE, TestService.id).label("id"),
            literal(SERVICE).label("kind"),
            func.substr(TestService.category, 1, 4).label("category"),
            Organisation.town_code.label("town"),
            TestService.organisation_id.label("owner"),
            literal(Mode.SAMPLE.value).label("mode"),
            TestService.name.label("name"),
            func.length(TestService.name).label("length"),
            (words.c.rank if words is not None else literal(0)).label("rank"),
        )
        .join(Organisation, Organisation.id == TestService.organisation_id)
        .where(TestService.state == ServiceState.PUBLISHED)
    )
    if words is not None:
        instruments = instruments.join(words, Instrument.id == words.c.key - _RANGES[INSTRUMENT][0])
        services = services.join(words, TestService.id == words.c.key - _RANGES[SERVICE][0])
    if since is not None:
        instruments = instruments.where(Instrument.published_at >= since)
        services = services.where(TestService.published_at >= since)
    return union_all(instruments, services)
