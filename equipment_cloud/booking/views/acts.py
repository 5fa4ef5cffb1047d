"""What is done to one booking: confirm, decline, cancel, move."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from equipment_cloud.booking import policy, queries, service
from equipment_cloud.booking.forms import ApproveForm, CancelForm, ReasonForm, RescheduleForm
from equipment_cloud.booking.models import Booking
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.booking.views.record import forms_of, page_of
from equipment_cloud.booking.views.weeks import monday_shown
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Invalid, Refused
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules import PeriodTaken


@bp.post("/bookings/<int:booking_id>/approve")
@signed_in
def approve(booking_id: int) -> Response | tuple[str, int]:
    """Confirm a request, or show every rule it breaks by now."""
    actor, now = current_actor(), clock.now()
    permit(queries.may_decide(actor, queries.booking_for(actor, booking_id), clock.today(now)))
    form = ApproveForm()
    reason = form.waive_reason.data if form.validate_on_submit() else None
    try:
        with transaction():
            service.approve(booking_id, waive_reason=reason, by=actor, now=now)
    except Invalid as refusal:
        booking = queries.booking_for(actor, booking_id)
        return page_of(booking, forms_of(), problems=refusal.problems), refusal.status
    flash(_("The booking is confirmed; the customer is told."), "success")
    return _back(booking_id)


@bp.post("/bookings/<int:booking_id>/decline")
@signed_in
def decline(booking_id: int) -> Response | tuple[str, int]:
    """Say no, with a reason."""
    actor, now = current_actor(), clock.now()
    booking = queries.booking_for(actor, booking_id)
    permit(queries.may_decide(actor, booking, clock.today(now)))
    form = ReasonForm()
    if not form.validate_on_submit():
        return page_of(booking, forms_of(decline=form)), 422
    with transaction():
        service.decline(booking_id, form.reason.data, by=actor, now=now)
    flash(_("The request is declined; the customer is told why."), "success")
    return _back(booking_id)


@bp.post("/bookings/<int:booking_id>/cancel")
@signed_in
def cancel(booking_id: int) -> Response | tuple[str, int]:
    """Cancel, or as the provider take back; the provider must say why."""
    actor, now = current_actor(), clock.now()
    booking = queries.booking_for(actor, booking_id)
    permit(policy.may_cancel(actor, booking))
    form = CancelForm() if policy.is_customer(actor, booking) else ReasonForm()
    if not form.validate_on_submit():
        return page_of(booking, forms_of(cancel=form)), 422
    with transaction():
        service.cancel(booking_id, form.reason.data, by=actor, now=now)
    flash(_("The booking is cancelled; its time is free again."), "success")
    return _back(booking_id)


@bp.get("/bookings/<int:booking_id>/reschedule")
@signed_in
def reschedule(booking_id: int) -> str:
    """The calendar with the present time filled in."""
    booking = _changeable(booking_id)
    given = MultiDict(request.args)
    present = {"starts_at": _local(booking.starts_at), "ends_at": _local(booking.ends_at)}
    return _reschedule_page(booking, RescheduleForm(MultiDict(present | given.to_dict())))


@bp.post("/bookings/<int:booking_id>/reschedule")
@signed_in
def move(booking_id: int) -> Response | tuple[str, int]:
    """Move to another time, or show everything that stands against it."""
    actor, now = current_actor(), clock.now()
    booking = _changeable(booking_id)
    instrument_id, payer_id, person_id = booking.instrument_id, booking.organisation_id, booking.person_id
    may_waive = policy.may_waive(actor, booking.provider_id, person_id)
    form = RescheduleForm()
    times = form.times()
    if not form.validate_on_submit() or times is None:
        return _reschedule_page(booking, form), 422
    try:
        period = queries.asked_period(instrument_id, *times, now=now)
        with transaction():
            more = {"waive_reason": form.waive_reason.data if may_waive else None}
            service.reschedule(booking_id, period, form.reason.data, **more, by=actor, now=now)
    except PeriodTaken as taken:
        queries.offer_alternatives(
            taken, instrument_id, period, organisation_id=payer_id, person_id=person_id, now=now
        )  # fmt: skip
        form.show(taken)
        return _reschedule_page(_changeable(booking_id), form, list(taken.alternatives)), taken.status
    except Refused as refusal:
        form.show(refusal)
        return _reschedule_page(queries.booking_for(actor, booking_id), form), refusal.status
    flash(_("The booking was moved."), "success")
    return _back(booking_id)


def _changeable(booking_id: int) -> Booking:
    actor = current_actor()
    booking = queries.booking_for(actor, booking_id)
    permit(policy.may_change(actor, booking))
    return booking


def _reschedule_page(booking: Booking, form: RescheduleForm, alternatives: list[Period] | None = None) -> str:
    now = clock.now()
    monday = monday_shown(form.starts_at.data or booking.starts_at, now=now)
    return render_template(
        "booking/reschedule.html",
        booking=booking,
        form=form,
        week=queries.week(booking.instrument_id, monday, current_actor(), now),
        alternatives=alternatives or [],
        may_waive=policy.may_waive(current_actor(), booking.provider_id, booking.person_id),
    )


def _local(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def _back(booking_id: int) -> Response:
    return redirect(url_for("booking.show", booking_id=booking_id), 303)
