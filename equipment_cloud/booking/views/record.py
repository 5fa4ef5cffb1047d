"""One booking: where it stands, what it costs, what can be done; and its calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, url_for

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.booking import policy, queries, rules
from equipment_cloud.booking.forms import ApproveForm, CancelForm, ReasonForm
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.booking.views.icalendar import calendar_file
from equipment_cloud.booking.wording import NEXT, STEPS, estimate_words, history_of, purpose_word
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, signed_in
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form
from equipment_cloud.kernel.errors import Problem


@bp.get("/bookings/<int:booking_id>")
@signed_in
def show(booking_id: int) -> str:
    """The booking with its history and its price as it was shown at commitment."""
    booking = queries.booking_for(current_actor(), booking_id)
    return page_of(booking, forms_of())


@dataclass
class Forms:
    """What can be typed on the page; the form that was refused comes back as it was sent."""

    approve: ApproveForm
    decline: ReasonForm
    cancel: Form


def forms_of(*, decline: ReasonForm | None = None, cancel: Form | None = None) -> Forms:
    """Empty forms but for those given."""
    return Forms(
        ApproveForm(formdata=None), decline or ReasonForm(formdata=None), cancel or CancelForm(formdata=None)
    )  # fmt: skip


def page_of(booking: Booking, forms: Forms, *, problems: Sequence[Problem] = ()) -> str:
    """The page; ``problems`` are the rules a request breaks that was to be confirmed."""
    actor, now = current_actor(), clock.now()
    is_open = booking.state in rules.OPEN
    asked_by = accounts.people([booking.requested_by]).get(booking.requested_by)
    return render_template(
        "booking/show.html",
        booking=booking,
        purpose=purpose_word(booking.purpose),
        estimate=estimate_words(booking.estimate),
        asked_by=asked_by.name if asked_by else "",
        history=history_of(booking, queries.events_of(booking.id), asked_by.name if asked_by else ""),
        steps=[worded(step) for step in STEPS],
        steps_done=rules.steps_done(booking.state),
        next_step=worded(NEXT[booking.state]) if booking.state in NEXT else None,
        may_decide=booking.state is BookingState.REQUESTED and queries.may_decide(actor, booking, clock.today(now)),
        may_cancel=_may_cancel(actor, booking),
        may_reschedule=is_open and booking.starts_at > now and policy.may_change(actor, booking),
        is_customer=policy.is_customer(actor, booking),
        waits_for_another=booking.state is BookingState.REQUESTED and policy.is_own(actor, booking),
        problems=problems,
        may_waive=any(problem.waivable for problem in problems),
        approve_form=forms.approve,
        decline_form=forms.decline,
        cancel_form=forms.cancel,
    )


def _may_cancel(actor: Actor, booking: Booking) -> bool:
    """The customer while it is open; the provider once it is confirmed: before that it declines."""
    states = rules.OPEN if policy.is_customer(actor, booking) else {BookingState.APPROVED}
    return booking.state in states and policy.may_cancel(actor, booking)


@bp.get("/bookings/<int:booking_id>/calendar.ics")
@signed_in
def calendar(booking_id: int) -> Response:
    """The booking for the person's own calendar."""
    booking = queries.booking_for(current_actor(), booking_id)
    page = url_for("booking.show", booking_id=booking.id, _external=True)
    response = Response(calendar_file(booking, url=page, now=clock.now()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{booking.number}.ics"'
    return response
