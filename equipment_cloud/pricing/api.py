"""Prices for programs: the same service as the page."""

from __future__ import annotations

from typing import Any

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, PageQuery, page_of
from equipment_cloud.foundation.page import Page
from equipment_cloud.pricing import policy, queries, schemas, service
from equipment_cloud.pricing.models import PricePlan

blp = Blueprint("pricing-api", __name__, description="What an hour on an instrument costs")


@blp.get("/instruments/<int:instrument_id>/prices")
@only("manager")
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.PlanShown))
def prices(query: dict[str, Any], instrument_id: int) -> Page[dict[str, Any]]:
    """Price plans of an instrument, the newest first."""
    _check_managed(instrument_id)
    number, size, plans = query["page"], query["per_page"], queries.plans_of(instrument_id)
    return Page([_shown(plan) for plan in plans[(number - 1) * size : number * size]], number, size, len(plans))


@blp.post("/instruments/<int:instrument_id>/prices")
@only("manager")
@blp.arguments(schemas.PlanGiven)
@blp.response(201, schemas.PlanShown)
def set_prices(body: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """Set the prices from a day on; the plan till then ends the day before, and bookings already made keep theirs."""
    _check_managed(instrument_id)
    now = clock.now()
    rates = {customer: body[name] for name, customer in schemas.RATES.items() if body[name] is not None}
    with transaction():
        plan = service.set_plan(
            instrument_id,
            body["valid_from"] or clock.today(now),
            body["basis"],
            body["minimum_minutes"],
            body["setup_fen"],
            rates,
            note=body["note"],
            by=current_actor(),
            now=now,
        )
        return _shown(plan)


def _check_managed(instrument_id: int) -> None:
    actor = current_actor()
    permit(policy.may_set_prices(actor, catalog.visible_to(actor, instrument_id)))


def _shown(plan: PricePlan) -> dict[str, Any]:
    names = ("id", "valid_from", "valid_to", "basis", "minimum_minutes", "setup_fen", "note")
    rates = {name: plan.terms.rates.get(customer) for name, customer in schemas.RATES.items()}
    return {name: getattr(plan, name) for name in names} | rates | {"is_used": plan.used_at is not None}
