"""Test services (检测项目) that fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Select, func, literal, select
from sqlalchemy.orm import joinedload, selectinload, with_expression

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Mode, ServiceState, TestService
from equipment_cloud.discovery.queries.instruments import labelled
from equipment_cloud.discovery.queries.one_pass import OnePass, one_pass
from equipment_cloud.discovery.queries.words import Answer, answer
from equipment_cloud.discovery.rules import SERVICE, FacetValue
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation


@dataclass(frozen=True)
class ServicesFound:
    """One page of services and the facets, in the order they are shown."""

    page: Page[TestService]
    facets: dict[str, list[FacetValue]]
    answer: Answer


def search_services(
    q: str,
    *,
    category: tuple[str, ...] = (),
    town: tuple[str, ...] = (),
    owner: tuple[int, ...] = (),
    mode: tuple[str, ...] = (),
    accredited: bool = False,
    today: date,
    number: int,
    size: int,
) -> ServicesFound:
    """Published test services by words, facets and accreditation; best first, then by price.

    The town is the institution's; the mode of every service is that samples are sent.
    """
    chosen = {"category": category, "town": town, "owner": owner, "mode": mode}

    def run(words: CTE | None) -> OnePass:
        order = ("-rank", "price", "length", "name")
        return one_pass(_matched(words, accredited, today), chosen, order=order, number=number, size=size)

    answered = answer(q, (SERVICE,), run, is_narrowed=accredited or any(chosen.values()))
    found = answered.found
    records = services_by_id(found.ids, today=today)
    page = Page([records[key] for key in found.ids if key in records], number, size, found.total)
    return ServicesFound(page, labelled(found.facets, chosen), answered)


def services_by_id(ids: list[int], *, today: date) -> dict[int, TestService]:
    """Test services as a list shows them."""
    if not ids:
        return {}
    found = session().scalars(_with_facts(today).where(TestService.id.in_(ids)).order_by(TestService.id))
    return {record.id: record for record in found}


def _matched(words: CTE | None, accredited: bool, today: date) -> Select[Any]:  # noqa: FBT001 - one of three limits
    statement = select(
        TestService.id.label("id"),
        func.substr(TestService.category, 1, 4).label("category"),
        Organisation.town_code.label("town"),
        TestService.organisation_id.label("owner"),
        literal(Mode.SAMPLE.value).label("mode"),
        TestService.price_fen.label("price"),
        TestService.name.label("name"),
        func.length(TestService.name).label("length"),
        (words.c.rank if words is not None else literal(0)).label("rank"),
    ).join(Organisation, Organisation.id == TestService.organisation_id)
    statement = statement.where(TestService.state == ServiceState.PUBLISHED)
    if words is not None:
        statement = statement.join(words, text_index.id_of(words.c.key) == TestService.id)
    if accredited:
        statement = statement.where(catalog.accredited_on(today))
    return statement


def offered_service(service_id: int, *, today: date) -> TestService:
    """One published test service, with whether it is accredited today. Raises :class:`NotFound`."""
    statement = _with_facts(today).where(TestService.id == service_id, TestService.state == ServiceState.PUBLISHED)
    found = session().scalar(statement)
    if found is None:
        raise NotFound
    return found


def services_like(name: str, besides: int, *, today: date, most: int = 5) -> list[TestService]:
    """The same test item elsewhere, cheapest first."""
    statement = (
        _with_facts(today)
        .where(TestService.state == ServiceState.PUBLISHED)
        .where(func.lower(TestService.name) == name.lower())
        .where(TestService.id != besides)
        .order_by(TestService.price_fen, TestService.id)
        .limit(most)
    )
    return list(session().scalars(statement).unique())


def _with_facts(today: date) -> Select[TestService]:
    facts = select(TestService).options(
        joinedload(TestService.organisation),
        selectinload(TestService.instruments),
        with_expression(TestService.accredited, catalog.accredited_on(today)),
    )
    return facts.execution_options(populate_existing=True)
