"""Setting prices: a new plan ends the old one; a plan in use never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, raise_if
from equipment_cloud.pricing import rules
from equipment_cloud.pricing.models import Basis, CustomerClass, PricePlan, PriceRate
from equipment_cloud.pricing.rules import PlanTerms


class PlanUsed(Conflict):
    """Prices were taken from the plan: it may be ended, not changed (409)."""

    code = "plan-used"
    message = N_("Prices were already taken from the plan of %(day)s, so it cannot be changed.")
    remedy = N_("Let the new prices begin on a later day.")


def set_plan(  # noqa: PLR0917 - the values of one plan
    instrument_id: int,
    valid_from: date,
    basis: Basis,
    minimum_minutes: int,
    setup_fen: int,
    rates: Mapping[CustomerClass, int],
    *,
    note: str | None = None,
    by: Actor,
    now: datetime,
) -> PricePlan:
    """Set the prices from a day on. The plan in force till then ends the day before; a later one stays and ends this.

    A plan that begins the same day and was never used is replaced. Only an instrument's first plan may begin in the
    past. Raises :class:`Invalid` or :class:`PlanUsed`.
    """
    terms = PlanTerms(basis, minimum_minutes, setup_fen, rates)
    raise_if(rules.problems_with_plan(terms))
    before, same, after = _neighbours(instrument_id, valid_from)
    if (before or same or after) and valid_from < clock.today(now):
        message = N_("New prices begin today or later.")
        raise Invalid.single("past", message, field="valid_from", remedy=N_("Choose a day from today on."))
    if same is not None and same.used_at is not None:
        raise PlanUsed(day=valid_from.isoformat())
    row = same or PricePlan(instrument_id=instrument_id, valid_from=valid_from, used_at=None)
    row.basis, row.minimum_minutes, row.setup_fen, row.note = basis, minimum_minutes, setup_fen, note
    row.created_by, row.created_at = by.id, now
    row.valid_to = after.valid_from - timedelta(days=1) if after else None
    row.rates.clear()
    session().add(row)
    session().flush()  # the old rates must be gone before the new ones of the same class come
    row.rates = [PriceRate(customer_class=customer, hour_fen=fen) for customer, fen in sorted(rates.items())]
    if before is not None:
        before.valid_to = valid_from - timedelta(days=1)
    session().flush()
    audit.note("pricing.set-plan", f"instrument:{instrument_id}", by=by, now=now, detail=_told(row))
    return row


def mark_used(plan_id: int, now: datetime) -> None:
    """Remember that a price was taken from the plan; the first time counts."""
    session().execute(
        update(PricePlan).where(PricePlan.id == plan_id).where(PricePlan.used_at.is_(None)).values(used_at=now)
    )


def _neighbours(instrument_id: int, day: date) -> tuple[PricePlan | None, PricePlan | None, PricePlan | None]:
    """The last plan to begin before the day, the one that begins on it, the first to begin after; rows locked."""
    rows = (
        session()
        .scalars(
            select(PricePlan)
            .where(PricePlan.instrument_id == instrument_id)
            .order_by(PricePlan.valid_from)
            .with_for_update()
        )
        .all()
    )
    before = [row for row in rows if row.valid_from < day]
    after = [row for row in rows if row.valid_from > day]
    same = next((row for row in rows if row.valid_from == day), None)
    return (before[-1] if before else None), same, (after[0] if after else None)


def _told(row: PricePlan) -> dict[str, object]:
    return {
        "valid_from": row.valid_from.isoformat(),
        "basis": row.basis.value,
        "minimum_minutes": row.minimum_minutes,
        "setup_fen": row.setup_fen,
        "rates": {rate.customer_class.value: rate.hour_fen for rate in row.rates},
    }
