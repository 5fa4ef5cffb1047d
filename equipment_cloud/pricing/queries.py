"""Which plan prices an instrument on a date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Date, Table, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from equipment_cloud.foundation.db import session, settled
from equipment_cloud.pricing.models import CustomerClass, PricePlan, PriceRate
from equipment_cloud.pricing.rules import PlanTerms


def plan_on(instrument_id: int, on: date) -> PricePlan | None:
    """The plan in force on a date, with its rates (one statement)."""
    return session().scalars(_PLAN_ON, {"instrument_id": instrument_id, "on": on}).unique().first()


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan as a price needs it."""

    id: int
    is_used: bool
    terms: PlanTerms


def terms_on(instrument_id: int, on: date) -> PlanInForce | None:
    """The terms in force on a date, for those who only price by them (one statement, no records)."""
    rows = session().execute(_TERMS_ON, {"instrument_id": instrument_id, "on": on}).all()
    if not rows:
        return None
    first = rows[0]
    rates = {row.customer_class: row.hour_fen for row in rows if row.id == first.id}
    terms = PlanTerms(first.basis, first.minimum_minutes, first.setup_fen, rates)
    return PlanInForce(first.id, first.used_at is not None, terms)


def terms_among(instrument_ids: Collection[int], on: date) -> dict[int, PlanInForce]:
    """The terms in force on a date by instrument, the newest plan of each (one statement)."""
    newest: dict[int, int] = {}
    rates: dict[int, dict[CustomerClass, int]] = {}
    rows: dict[int, Any] = {}
    for row in session().execute(_TERMS_AMONG, {"ids": list(instrument_ids), "on": on}):
        newest.setdefault(row.instrument_id, row.id)
        rates.setdefault(row.id, {})[row.customer_class] = row.hour_fen
        rows.setdefault(row.id, row)
    return {
        instrument_id: PlanInForce(
            plan_id,
            rows[plan_id].used_at is not None,
            PlanTerms(rows[plan_id].basis, rows[plan_id].minimum_minutes, rows[plan_id].setup_fen, rates[plan_id]),
        )
        for instrument_id, plan_id in newest.items()
    }


def plan(plan_id: int) -> PricePlan | None:
    """A plan by id."""
    return session().get(PricePlan, plan_id)


def plans_of(instrument_id: int) -> Sequence[PricePlan]:
    """All plans of an instrument, the newest first (at most 100)."""
    statement = (
        select(PricePlan)
        .where(PricePlan.instrument_id == instrument_id)
        .order_by(PricePlan.valid_from.desc())
        .limit(100)
        .options(selectinload(PricePlan.rates))
    )
    return session().scalars(statement).all()


def hour_prices(instrument_ids: Collection[int], on: date) -> dict[int, dict[CustomerClass, int]]:
    """Fen per hour by instrument and class on a date, for lists; instruments without a plan are left out."""
    prices: dict[int, dict[CustomerClass, int]] = {}
    for instrument_id, customer, hour_fen in settled().execute(_HOUR_PRICES, {"ids": list(instrument_ids), "on": on}):
        prices.setdefault(instrument_id, {})[customer] = hour_fen
    return prices


def _in_force(on: date | BindParameter[date]) -> ColumnElement[bool]:
    return (PricePlan.valid_from <= on) & or_(PricePlan.valid_to.is_(None), PricePlan.valid_to >= on)


_PLAN_ON = (
    select(PricePlan)
    .where(PricePlan.instrument_id == bindparam("instrument_id"))
    .where(_in_force(bindparam("on", type_=Date)))
    .order_by(PricePlan.valid_from.desc())
    .options(joinedload(PricePlan.rates))
)
"""Built once: every booking reads it."""

_PLAN, _RATE = cast("Table", PricePlan.__table__), cast("Table", PriceRate.__table__)
_DAY = bindparam("on", type_=Date)
_TERMS_ON = (
    select(
        _PLAN.c.id,
        _PLAN.c.basis,
        _PLAN.c.minimum_minutes,
        _PLAN.c.setup_fen,
        _PLAN.c.used_at,
        _RATE.c.customer_class,
        _RATE.c.hour_fen,
    )
    .join_from(_PLAN, _RATE, _RATE.c.plan_id == _PLAN.c.id)
    .where(_PLAN.c.instrument_id == bindparam("instrument_id"))
    .where(_PLAN.c.valid_from <= _DAY)
    .where(or_(_PLAN.c.valid_to.is_(None), _PLAN.c.valid_to >= _DAY))
    .order_by(_PLAN.c.valid_from.desc(), _RATE.c.id)
)
_TERMS_AMONG = (
    select(
        _PLAN.c.instrument_id,
        _PLAN.c.id,
        _PLAN.c.basis,
        _PLAN.c.minimum_minutes,
        _PLAN.c.setup_fen,
        _PLAN.c.used_at,
        _RATE.c.customer_class,
        _RATE.c.hour_fen,
    )
    .join_from(_PLAN, _RATE, _RATE.c.plan_id == _PLAN.c.id)
    .where(_PLAN.c.instrument_id.in_(bindparam("ids", expanding=True)))
    .where(_PLAN.c.valid_from <= _DAY)
    .where(or_(_PLAN.c.valid_to.is_(None), _PLAN.c.valid_to >= _DAY))
    .order_by(_PLAN.c.instrument_id, _PLAN.c.valid_from.desc(), _RATE.c.id)
)
_HOUR_PRICES = (
    select(_PLAN.c.instrument_id, _RATE.c.customer_class, _RATE.c.hour_fen)
    .join_from(_PLAN, _RATE, _RATE.c.plan_id == _PLAN.c.id)
    .where(_PLAN.c.instrument_id.in_(bindparam("ids", expanding=True)))
    .where(_PLAN.c.valid_from <= _DAY)
    .where(or_(_PLAN.c.valid_to.is_(None), _PLAN.c.valid_to >= _DAY))
    .order_by(_PLAN.c.instrument_id, _PLAN.c.valid_from)
)
