"""The dated booking rules of an instrument, and its quotas."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.occupancy import queries, rules, service
from equipment_cloud.occupancy.forms import APPROVALS, QUOTAS_OF, QUOTAS_PER, QuotaForm, RulesForm
from equipment_cloud.occupancy.views.blueprint import STAFF, bp, managed, today, valid


@bp.get("/instruments/<int:instrument_id>/booking-rules")
@only(*STAFF)
def booking_rules(instrument_id: int) -> str:
    """The rules in force, to change from a day on; those planned and those that were."""
    return _rules_page(managed(instrument_id), _rules_form(instrument_id))


@bp.post("/instruments/<int:instrument_id>/booking-rules")
@only(*STAFF)
def set_rules(instrument_id: int) -> Response | tuple[str, int]:
    """Set the rules from a day on."""
    instrument, form = managed(instrument_id), RulesForm()
    try:
        valid(form)
        with transaction():
            service.set_rules(instrument_id, **form.values(), by=current_actor(), now=clock.now())
    except Refused as refusal:
        form.show(refusal)
        return _rules_page(instrument, form), refusal.status
    flash(_("The booking rules are saved. Bookings already made stay."), "success")
    return redirect(url_for("occupancy.booking_rules", instrument_id=instrument_id), 303)


@bp.get("/instruments/<int:instrument_id>/quotas")
@only(*STAFF)
def quotas(instrument_id: int) -> str:
    """What one person or organisation may book at most."""
    return _quotas_page(managed(instrument_id), QuotaForm(formdata=None, data={"valid_from": today()}))


@bp.post("/instruments/<int:instrument_id>/quotas")
@only(*STAFF)
def add_quota(instrument_id: int) -> Response | tuple[str, int]:
    """A further quota."""
    instrument, form = managed(instrument_id), QuotaForm()
    try:
        valid(form)
        with transaction():
            service.add_quota(
                instrument_id,
                of=form.of.data,
                per=form.per.data,
                most_minutes=(form.most_hours.data or 0) * 60,
                only_peak=form.only_peak.data,
                valid_from=form.valid_from.data,
                by=current_actor(),
                now=clock.now(),
            )
    except Refused as refusal:
        form.show(refusal)
        return _quotas_page(instrument, form), refusal.status
    flash(_("The quota is saved. Bookings already made stay."), "success")
    return redirect(url_for("occupancy.quotas", instrument_id=instrument_id), 303)


@bp.post("/instruments/<int:instrument_id>/quotas/<int:quota_id>/end")
@only(*STAFF)
def end_quota(instrument_id: int, quota_id: int) -> Response:
    """No longer count it."""
    managed(instrument_id)
    with transaction():
        service.end_quota(instrument_id, quota_id, by=current_actor(), now=clock.now())
    flash(_("The quota no longer counts."), "success")
    return redirect(url_for("occupancy.quotas", instrument_id=instrument_id), 303)


def _rules_form(instrument_id: int) -> RulesForm:
    row = queries.rules_of(instrument_id, today())
    given = rules.RulesGiven(lead_minutes=120)
    values = {name: getattr(row, name) for name in asdict(given)} if row else asdict(given)
    return RulesForm(formdata=None, data=values | {"valid_from": today()})


def _rules_page(instrument: Instrument, form: RulesForm) -> str:
    row = queries.rules_of(instrument.id, today())
    return render_template(
        "occupancy/booking_rules.html",
        instrument=instrument,
        form=form,
        is_set=row is not None,
        present=row,
        planned=queries.rules_to_come(instrument.id, today()),
        past=queries.rules_before(instrument.id, today()),
        approvals=APPROVALS,
    )


def _quotas_page(instrument: Instrument, form: QuotaForm) -> str:
    return render_template(
        "occupancy/quotas.html",
        instrument=instrument,
        form=form,
        quotas=queries.quotas_of(instrument.id, today()),
        quotas_of=QUOTAS_OF,
        quotas_per=QUOTAS_PER,
    )
