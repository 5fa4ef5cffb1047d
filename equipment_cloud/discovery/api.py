"""The public catalogue for programs."""

from __future__ import annotations

from typing import Any

from equipment_cloud.discovery import queries, schemas
from equipment_cloud.discovery.rules import Asked, asked_period
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.endpoint import Blueprint, page_of

blp = Blueprint("discovery-api", __name__, description="The public catalogue: instruments and test services")


@blp.get("/instruments")
@public
@blp.arguments(schemas.InstrumentsQuery, location="query")
@blp.response(200, page_of(schemas.InstrumentShown, schemas.WithFacets))
def instruments(query: dict[str, Any]) -> dict[str, Any]:
    """Search the published instruments; facets come with the page."""
    now = clock.now()
    asked = Asked(
        q=query["q"] or "",
        category=tuple(query["category"]),
        town=tuple(query["town"]),
        owner=tuple(query["owner"]),
        mode=tuple(mode.value for mode in query["mode"]),
        service=query["service"],
        voucher=query["voucher"],
        accredited=query["accredited"],
        calibrated=query["calibrated"],
        min_price_fen=query["min_price_fen"],
        max_price_fen=query["max_price_fen"],
        free=asked_period(query["free_from"], query["free_to"], now=now),
        sort=query["sort"],
    )
    found = queries.search_instruments(
        asked, today=clock.today(now), now=now, number=query["page"], size=query["per_page"]
    )
    return {"page": found.page, "facets": found.facets}


@blp.get("/services")
@public
@blp.arguments(schemas.ServicesQuery, location="query")
@blp.response(200, page_of(schemas.ServiceShown, schemas.WithFacets))
def services(query: dict[str, Any]) -> dict[str, Any]:
    """Search the published test services."""
    found = queries.search_services(
        query["q"] or "",
        category=tuple(query["category"]),
        town=tuple(query["town"]),
        owner=tuple(query["owner"]),
        mode=tuple(mode.value for mode in query["mode"]),
        accredited=query["accredited"],
        today=clock.today(clock.now()),
        number=query["page"],
        size=query["per_page"],
    )
    return {"page": found.page, "facets": found.facets}


@blp.get("/search")
@public
@blp.arguments(schemas.SearchQuery, location="query")
@blp.response(200, page_of(schemas.HitShown, schemas.WithAnswer))
def search(query: dict[str, Any]) -> dict[str, Any]:
    """Search instruments and test services in one ranking."""
    now = clock.now()
    found = queries.search_everything(
        query["q"] or "",
        kind=tuple(query["kind"]),
        category=tuple(query["category"]),
        town=tuple(query["town"]),
        owner=tuple(query["owner"]),
        mode=tuple(mode.value for mode in query["mode"]),
        today=clock.today(now),
        now=now,
        number=query["page"],
        size=query["per_page"],
    )
    answer = found.answer
    understood = {"is_exact": answer.is_exact, "read_as": answer.read_as, "not_found": answer.unknown}
    return {"page": found.page, "facets": found.facets, **understood}
