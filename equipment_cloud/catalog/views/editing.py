"""Entering and changing records, positions and calibrations."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, service
from equipment_cloud.catalog.forms import (
    GROUPS,
    CalibrationForm,
    NewForm,
    PositionsForm,
    RecordForm,
    record_data,
    revision_of,
)
from equipment_cloud.catalog.models import CalibrationKind
from equipment_cloud.catalog.views.blueprint import STAFF, bp
from equipment_cloud.catalog.views.desk import own, record_page
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of, options
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations

Answer = str | Response | tuple[str, int]


@bp.route("/my-instruments/new", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def new() -> Answer:
    """Enter an instrument by hand."""
    actor, now = current_actor(), clock.now()
    form = NewForm()
    named = organisations.organisations_named(actor.organisations(*policy.MANAGERS))
    form.organisation_id.choices = options((record.id, record.name) for record in named.values())
    if request.method == "GET":
        return _form_page(form, 200)
    if form.validate_on_submit():
        try:
            with transaction():
                record = service.create(
                    form.organisation_id.data, form.unit_number.data or "", form["name"].data, form.values(), by=actor,
                    now=now, positions=form.positions.data or 1,
                )  # fmt: skip
                record_id = record.id
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The draft is kept. Submit it when it is complete."), "success")
            return redirect(url_for("catalog.record", instrument_id=record_id), 303)
    return _form_page(form, 422)


@bp.route("/my-instruments/<int:instrument_id>/edit", methods=["GET", "POST"])
@only(*policy.MANAGERS)
def edit(instrument_id: int) -> Answer:
    """Change a record."""
    actor, now = current_actor(), clock.now()
    found = own(instrument_id)
    permit(policy.may_edit(actor, found))
    if request.method == "GET":
        return _edit_page(RecordForm(data=record_data(found)), found, 200)
    form = RecordForm(present_class=found.class_code)
    if form.validate_on_submit():
        try:
            with transaction():
                service.update(instrument_id, form.values(), revision_of(form), by=actor, now=now)
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The record is changed."), "success")
            return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)
    return _edit_page(form, found, 422)


@bp.post("/my-instruments/<int:instrument_id>/positions")
@only(*policy.MANAGERS)
def positions(instrument_id: int) -> Answer:
    """Add positions."""
    found = own(instrument_id)
    form = PositionsForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.set_positions(instrument_id, form.positions.data or 0, by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The number of positions is changed."), "success")
            return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)
    return record_page(found, form), 422


@bp.route("/my-instruments/<int:instrument_id>/calibrations/new", methods=["GET", "POST"])
@only(*STAFF)
def calibration(instrument_id: int) -> Answer:
    """Record a calibration."""
    found = own(instrument_id)
    form = CalibrationForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.record_calibration(
                    instrument_id, CalibrationKind(form.kind.data), date_of(form.performed_on),
                    date_of(form.valid_until), by=current_actor(), now=clock.now(), certificate=form.certificate.data,
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The calibration is recorded."), "success")
            return redirect(url_for("catalog.record", instrument_id=instrument_id), 303)
    page = render_template("catalog/calibration.html", form=form, record=found)
    return page if request.method == "GET" else (page, 422)


def _form_page(form: NewForm, status: int) -> tuple[str, int]:
    return render_template("catalog/new.html", form=form, groups=GROUPS), status


def _edit_page(form: RecordForm, found: object, status: int) -> tuple[str, int]:
    return render_template("catalog/edit.html", form=form, record=found, groups=GROUPS), status
