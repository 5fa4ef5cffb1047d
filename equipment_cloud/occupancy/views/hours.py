"""When an instrument is open: weekly hours, single days, closures; peak hours and hours kept for outside customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Invalid, Refused
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import policy, queries, rules, service
from equipment_cloud.occupancy.forms import ClosureForm, HoursForm, SpecialDayForm
from equipment_cloud.occupancy.models import WeekKind
from equipment_cloud.occupancy.views.blueprint import STAFF, bp, closable, managed, today, valid


@dataclass
class _Forms:
    """The forms of the page; one of them may come back as it was sent."""

    hours: HoursForm
    day: SpecialDayForm
    closure: ClosureForm


@bp.get("/instruments/<int:instrument_id>/opening")
@only(*STAFF)
def opening(instrument_id: int) -> str:
    """Hours to change, single days and closures to add and take back."""
    return _page(closable(instrument_id), _forms(instrument_id))


@bp.post("/instruments/<int:instrument_id>/opening/hours")
@only(*STAFF)
def set_hours(instrument_id: int) -> Response | tuple[str, int]:
    """Replace the weekly hours from a day on."""
    instrument, form = managed(instrument_id), HoursForm()
    try:
        _set_week(instrument_id, form, WeekKind.OPEN)
    except Refused as refusal:
        form.show(refusal)
        return _page(instrument, _forms(instrument_id, hours=form)), refusal.status
    flash(_("The opening hours are saved. Bookings already made stay."), "success")
    return _back(instrument_id)


@bp.post("/instruments/<int:instrument_id>/opening/days")
@only(*STAFF)
def set_day(instrument_id: int) -> Response | tuple[str, int]:
    """Give a single day hours of its own, or close it."""
    instrument, form = managed(instrument_id), SpecialDayForm()
    try:
        valid(form)
        on, hours = form.read()
        with transaction():
            service.set_special_day(instrument_id, on, hours, form.note.data or "", by=current_actor(), now=clock.now())
            affected = len(queries.busy([instrument_id], Period(clock.at(on), clock.end_of(on))))
    except Refused as refusal:
        form.show(refusal)
        return _page(instrument, _forms(instrument_id, day=form)), refusal.status
    flash(_("The hours of that day are saved."), "success")
    _warn(affected)
    return _back(instrument_id)


@bp.post("/instruments/<int:instrument_id>/opening/days/<int:day_id>/drop")
@only(*STAFF)
def drop_day(instrument_id: int, day_id: int) -> Response:
    """Let the week decide again."""
    managed(instrument_id)
    with transaction():
        service.drop_special_day(instrument_id, day_id, by=current_actor(), now=clock.now())
    flash(_("The weekly hours count again on that day."), "success")
    return _back(instrument_id)


@bp.post("/instruments/<int:instrument_id>/opening/closures")
@only(*STAFF)
def close(instrument_id: int) -> Response | tuple[str, int]:
    """Close the instrument for a period; says how much of it is already taken."""
    instrument, form = closable(instrument_id), ClosureForm()
    try:
        valid(form)
        period = _period(form.starts_at.data, form.ends_at.data)
        with transaction():
            service.close(instrument_id, period, form.reason.data or "", by=current_actor(), now=clock.now())
            affected = len(queries.busy([instrument_id], period))
    except Refused as refusal:
        form.show(refusal)
        return _page(instrument, _forms(instrument_id, closure=form)), refusal.status
    flash(_("The closure is entered."), "success")
    _warn(affected)
    return _back(instrument_id)


@bp.post("/instruments/<int:instrument_id>/opening/closures/<int:closure_id>/reopen")
@only(*STAFF)
def reopen(instrument_id: int, closure_id: int) -> Response:
    """Take a closure back."""
    closable(instrument_id)
    with transaction():
        service.reopen(instrument_id, closure_id, by=current_actor(), now=clock.now())
    flash(_("The closure is taken back."), "success")
    return _back(instrument_id)


@bp.get("/instruments/<int:instrument_id>/peak-hours")
@only(*STAFF)
def peak_hours(instrument_id: int) -> str:
    """When the instrument is busiest."""
    return _week_page(managed(instrument_id), WeekKind.PEAK, _week_form(instrument_id, WeekKind.PEAK))


@bp.post("/instruments/<int:instrument_id>/peak-hours")
@only(*STAFF)
def set_peak_hours(instrument_id: int) -> Response | tuple[str, int]:
    """Replace the peak hours from a day on."""
    return _week_saved(instrument_id, WeekKind.PEAK)


@bp.get("/instruments/<int:instrument_id>/kept-hours")
@only(*STAFF)
def kept_hours(instrument_id: int) -> str:
    """What is kept for customers from outside."""
    return _week_page(managed(instrument_id), WeekKind.OUTSIDE, _week_form(instrument_id, WeekKind.OUTSIDE))


@bp.post("/instruments/<int:instrument_id>/kept-hours")
@only(*STAFF)
def set_kept_hours(instrument_id: int) -> Response | tuple[str, int]:
    """Replace the kept hours from a day on."""
    return _week_saved(instrument_id, WeekKind.OUTSIDE)


TEMPLATES = {WeekKind.PEAK: "peak_hours", WeekKind.OUTSIDE: "kept_hours"}


def _week_saved(instrument_id: int, kind: WeekKind) -> Response | tuple[str, int]:
    instrument, form = managed(instrument_id), HoursForm()
    try:
        _set_week(instrument_id, form, kind)
    except Refused as refusal:
        form.show(refusal)
        return _week_page(instrument, kind, form), refusal.status
    flash(_("The hours are saved. Bookings already made stay."), "success")
    return redirect(url_for(f"occupancy.{TEMPLATES[kind]}", instrument_id=instrument_id), 303)


def _week_page(instrument: Instrument, kind: WeekKind, form: HoursForm) -> str:
    return render_template(
        f"occupancy/{TEMPLATES[kind]}.html",
        instrument=instrument,
        form=form,
        weekdays=rules.WEEKDAYS,
        changes_on=queries.hours_change_on(instrument.id, today()).get(kind),
        terms=queries.rules_of(instrument.id, today()),
    )


def _set_week(instrument_id: int, form: HoursForm, kind: WeekKind) -> None:
    valid(form)
    hours = form.read()
    with transaction():
        service.set_opening(
            instrument_id, hours, kind=kind, valid_from=form.valid_from.data, by=current_actor(), now=clock.now()
        )


def _week_form(instrument_id: int, kind: WeekKind = WeekKind.OPEN) -> HoursForm:
    texts: dict[str, Any] = dict(rules.week_texts(queries.hours_of(instrument_id, today(), kind)))
    return HoursForm(formdata=None, data=texts | {"valid_from": today()})


def _forms(instrument_id: int, **sent: Any) -> _Forms:
    values: dict[str, Any] = {
        "hours": sent.get("hours") or _week_form(instrument_id),
        "day": sent.get("day") or SpecialDayForm(formdata=None),
        "closure": sent.get("closure") or ClosureForm(formdata=None),
    }
    return _Forms(**values)


def _page(instrument: Instrument, forms: _Forms) -> str:
    return render_template(
        "occupancy/opening.html",
        instrument=instrument,
        hours_form=forms.hours,
        day_form=forms.day,
        closure_form=forms.closure,
        weekdays=rules.WEEKDAYS,
        days=queries.special_days_of(instrument.id, today()),
        hours_text=rules.hours_text,
        changes_on=queries.hours_change_on(instrument.id, today()).get(WeekKind.OPEN),
        closures=queries.closures_of(instrument.id, now=clock.now()),
        may_set_rules=policy.may_set_rules(current_actor(), instrument),
        is_set=queries.rules_of(instrument.id, today()) is not None,
    )


def _period(starts_at: datetime | None, ends_at: datetime | None) -> Period:
    if starts_at is None or ends_at is None or starts_at >= ends_at:
        raise Invalid(problems=[rules.broken("zero-length", "ends_at")])
    return Period(starts_at, ends_at)


def _warn(affected: int) -> None:
    if affected:
        flash(
            _("%(count)s bookings lie in that time and stay: call these people or cancel.", count=affected), "warning"
        )


def _back(instrument_id: int) -> Response:
    return redirect(url_for("occupancy.opening", instrument_id=instrument_id), 303)
