"""Prices of an instrument: the plan in force, its history, a new one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import date_of, fen_of
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.pricing import policy, queries, service
from equipment_cloud.pricing.forms import BASES, PlanForm
from equipment_cloud.pricing.models import CustomerClass, PricePlan

bp = Blueprint("pricing", __name__)

NAV: tuple[NavItem, ...] = ()


@bp.get("/instruments/<int:instrument_id>/prices")
@only("manager")
def prices(instrument_id: int) -> str:
    """What is charged now, what was and will be, and a form for new prices."""
    instrument = _managed(instrument_id)
    return _page(instrument, _proposal(instrument_id))


@bp.post("/instruments/<int:instrument_id>/prices")
@only("manager")
def set_prices(instrument_id: int) -> Response | tuple[str, int]:
    """Set the prices from a day on; the plan till then ends the day before."""
    instrument, form = _managed(instrument_id), PlanForm()
    if not form.validate_on_submit():
        return _page(instrument, form), 422
    try:
        with transaction():
            service.set_plan(
                instrument_id,
                date_of(form.valid_from),
                form.basis.data,
                int(form.minimum_minutes.data or 0),
                fen_of(form.setup_fen),
                form.rates(),
                note=form.note.data,
                by=current_actor(),
                now=clock.now(),
            )
    except Refused as refusal:
        form.show(refusal)
        return _page(instrument, form), refusal.status
    flash(_("The prices are saved. Bookings already made keep theirs."), "success")
    return redirect(url_for("pricing.prices", instrument_id=instrument_id), 303)


def _managed(instrument_id: int) -> Instrument:
    actor = current_actor()
    instrument = catalog.visible_to(actor, instrument_id)
    permit(policy.may_set_prices(actor, instrument))
    return instrument


def _proposal(instrument_id: int) -> PlanForm:
    """Today's plan as a starting point."""
    today = clock.today(clock.now())
    plan = queries.plan_on(instrument_id, today)
    if plan is None:
        return PlanForm(formdata=None, data={"valid_from": today, "minimum_minutes": 60})
    rates = plan.terms.rates
    values = {
        "valid_from": today,
        "basis": plan.basis,
        "minimum_minutes": plan.minimum_minutes,
        "setup_fen": plan.setup_fen,
        "internal_fen": rates.get(CustomerClass.INTERNAL),
        "local_fen": rates.get(CustomerClass.LOCAL),
        "outside_fen": rates.get(CustomerClass.OUTSIDE),
    }
    return PlanForm(formdata=None, data=values)


def _page(instrument: Instrument, form: PlanForm) -> str:
    plans = queries.plans_of(instrument.id)
    return render_template(
        "pricing/prices.html",
        instrument=instrument,
        form=form,
        plans=[_shown(plan) for plan in plans],
        today=clock.today(clock.now()),
    )


def _shown(plan: PricePlan) -> dict[str, object]:
    rates = plan.terms.rates
    return {
        "valid_from": plan.valid_from,
        "valid_to": plan.valid_to,
        "basis": worded(BASES[plan.basis]),
        "minimum_minutes": plan.minimum_minutes,
        "setup_fen": plan.setup_fen,
        "internal_fen": rates.get(CustomerClass.INTERNAL),
        "local_fen": rates.get(CustomerClass.LOCAL),
        "outside_fen": rates.get(CustomerClass.OUTSIDE),
        "is_used": plan.used_at is not None,
        "note": plan.note,
    }
