"""An instrument, its calendar, a test service."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _

from equipment_cloud.booking import policy as booking_policy
from equipment_cloud.booking import queries as bookings
from equipment_cloud.catalog import policy as catalog_policy
from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument, InstrumentState, Mode, ServiceState
from equipment_cloud.catalog.rules.exchange import Known, linked_data, public_values, values_from
from equipment_cloud.discovery import queries
from equipment_cloud.discovery.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none, public
from equipment_cloud.kernel.errors import N_
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.models import Basis, CustomerClass, PricePlan
from equipment_cloud.reference import queries as reference

CLASS_WORDS = {
    CustomerClass.INTERNAL: N_("The owner's own staff"),
    CustomerClass.LOCAL: N_("Enterprises of Yuyao"),
    CustomerClass.OUTSIDE: N_("Others"),
}
BASIS_WORDS = {
    Basis.BOOKED: N_("The booked time is charged"),
    Basis.USED: N_("The time used is charged"),
    Basis.LONGER: N_("The longer of booked and used time is charged"),
}


@bp.get("/instruments/<int:instrument_id>")
@public
def instrument(instrument_id: int) -> str:
    """One instrument: facts, price, next free time, services."""
    actor, now = actor_or_none(), clock.now()
    record = catalog.visible_to(actor, instrument_id)
    today = clock.today(now)
    plan = pricing.plan_on(instrument_id, today)
    week = bookings.week(instrument_id, _monday(today), actor=actor, now=now)
    return render_template(
        "discovery/instrument.html",
        instrument=record,
        positions=catalog.positions(instrument_id),
        plan=plan,
        services=[service for service in catalog.services_on(instrument_id) if service.state is ServiceState.PUBLISHED],
        free_from=_first_free(week.rows),
        week=week if week.rows else None,
        town=reference.region_name(record.town_code),
        category=reference.class_name(record.class_code),
        shows_value=catalog_policy.may_see_original_value(actor, record) if actor else _value_is_public(record),
        may_edit=actor is not None and catalog_policy.may_edit(actor, record),
        may_book=_bookable(record, actor) and bool(week.rows),
        linked=_linked(record),
        is_kept=queries.is_favourite(actor.id, instrument_id) if actor is not None else None,
        **_price_words(plan),
    )


@bp.get("/instruments/<int:instrument_id>/calendar")
@public
def calendar(instrument_id: int) -> str:
    """A week of one instrument; ``?week=2026-11-23`` names any day of it."""
    actor, now = actor_or_none(), clock.now()
    record = catalog.visible_to(actor, instrument_id)
    monday = _monday(_day_asked(clock.today(now)))
    week = bookings.week(instrument_id, monday, actor=actor, now=now)
    return render_template("discovery/calendar.html", instrument=record, week=week, may_book=_bookable(record, actor))


@bp.get("/services/<int:service_id>")
@public
def service(service_id: int) -> str:
    """One test service."""
    today = clock.today(clock.now())
    record = queries.offered_service(service_id, today=today)
    return render_template(
        "discovery/service.html",
        service=record,
        scope=catalog.accreditations([record], today),
        others=queries.services_like(record.name, record.id, today=today),
    )


def _linked(record: Instrument) -> dict[str, Any] | None:
    """What search engines read of a published instrument."""
    if record.state is not InstrumentState.PUBLISHED:
        return None
    values = public_values(values_from(record, owner=record.organisation.name), record.public_fields)
    return linked_data(values, Known(base=current_app.config["PUBLIC_URL"]))


def _first_free(rows: list[dict[str, Any]]) -> datetime | None:
    """The earliest free cell of the week, if any."""
    return min((cell["starts_at"] for row in rows for cell in row["cells"] if cell["kind"] == "free"), default=None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day_asked(default: date) -> date:
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return default
    return day if abs((day - default).days) <= 366 else default  # further away there is nothing to see


def _bookable(record: Instrument, actor: Actor | None) -> bool:
    """Whether to lead this reader to the booking form; a visitor signs in on the way."""
    return (
        (actor is None or actor.has(*booking_policy.CUSTOMERS))
        and record.state is InstrumentState.PUBLISHED
        and record.mode in (Mode.SELF_OPERATED, Mode.BOTH)
    )


def _price_words(plan: PricePlan | None) -> dict[str, Any]:
    return {
        "rate_words": {kind: _(words) for kind, words in CLASS_WORDS.items()},
        "basis_words": _(BASIS_WORDS[plan.basis]) if plan is not None else "",
    }


def _value_is_public(record: Instrument) -> bool:
    return "original_value_fen" in record.public_fields
