"""The page on which machine time is asked for, with its calendar and its live estimate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.booking import policy, queries, rules, service
from equipment_cloud.booking.forms import BookingForm
from equipment_cloud.booking.models import BookingState
from equipment_cloud.booking.queries import Place, Preview
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.booking.views.weeks import monday_shown
from equipment_cloud.booking.wording import estimate_words
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import money
from equipment_cloud.kernel.errors import Invalid, Refused
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy.rules import PeriodTaken
from equipment_cloud.organisations import queries as organisations


@bp.get("/instruments/<int:instrument_id>/book")
@signed_in
def book(instrument_id: int) -> str:
    """Calendar left, form right; a cell of the calendar leads here with its times."""
    now = clock.now()
    form = _form(instrument_id, MultiDict(request.args))
    return _page(instrument_id, form, now=now)


@bp.post("/instruments/<int:instrument_id>/book")
@signed_in
def request_time(instrument_id: int) -> Response | tuple[str, int]:
    """Ask for the time, or show everything that stands against it at once."""
    actor, now = current_actor(), clock.now()
    form = _form(instrument_id, None)
    if not form.validate_on_submit():
        return _page(instrument_id, form, now=now), 422
    times = form.times()
    assert times is not None  # noqa: S101 - both are required
    try:
        period = queries.asked_period(instrument_id, *times, purpose=form.purpose.data, now=now)
        if "wait" in request.form:
            return _wait(instrument_id, period, form, by=actor, now=now)
        booked = _request(instrument_id, period, form, by=actor, now=now)
    except PeriodTaken as taken:
        payer = form.organisation_id.data
        queries.offer_alternatives(
            taken, instrument_id, period, organisation_id=payer, person_id=actor.id, now=now
        )  # fmt: skip
        form.show(taken)
        return _page(instrument_id, form, now=now, alternatives=list(taken.alternatives), may_wait=True), taken.status
    except Refused as refusal:
        form.show(refusal)
        return _page(instrument_id, form, now=now), refusal.status
    booking_id, is_confirmed = booked
    flash(
        _("Your booking is confirmed.") if is_confirmed else _("Your request was sent to the institution."), "success"
    )
    return redirect(url_for("booking.show", booking_id=booking_id), 303)


@bp.get("/instruments/<int:instrument_id>/book/estimate")
@signed_in
def estimate(instrument_id: int) -> str:
    """The part of the page that follows what is typed: price, voucher, own share, and what would be refused."""
    now = clock.now()
    form = _form(instrument_id, MultiDict(request.args))
    where = _place(instrument_id, form)
    return render_template("booking/_estimate.html", **_estimate_values(where, form, now=now))


def _request(instrument_id: int, period: Period, form: BookingForm, *, by: Actor, now: datetime) -> tuple[int, bool]:
    organisation_id, person_id = form.organisation_id.data, None
    if form.customer_sign_in.data:
        organisation_id, person_id = _customer(form.customer_sign_in.data, now=now)
    provider_id = queries.place(instrument_id).provider.id
    permit(policy.may_request(by, organisation_id, provider_id, for_another=person_id is not None))
    with transaction():
        booking = service.request(
            instrument_id,
            period,
            organisation_id=organisation_id,
            purpose=form.purpose.data,
            note=form.note.data,
            voucher_id=form.voucher_id.data,
            on_behalf_of=person_id,
            waive_reason=form.waive_reason.data if person_id else None,
            by=by,
            now=now,
        )
        return booking.id, booking.state is BookingState.APPROVED


def _wait(instrument_id: int, period: Period, form: BookingForm, *, by: Actor, now: datetime) -> Response:
    """Onto the waiting list, for the own organisation."""
    organisation_id = form.organisation_id.data
    permit(policy.may_request(by, organisation_id, queries.place(instrument_id).provider.id))
    with transaction():
        purpose = form.purpose.data
        service.wait(instrument_id, period, organisation_id=organisation_id, purpose=purpose, by=by, now=now)
    flash(_("You are on the waiting list. You will be told when this time comes free."), "success")
    return redirect(url_for("booking.waitlist"), 303)


def _customer(sign_in_name: str, *, now: datetime) -> tuple[int, int]:
    """The organisation and person a desk books for when they call. Raises :class:`Invalid`."""
    person = accounts.by_sign_in_name(sign_in_name)
    grants = organisations.grants_of(person.id, clock.today(now)) if person else ()
    found = next((grant for grant in grants if grant.role in policy.CUSTOMERS), None)
    if person is None or found is None:
        raise Invalid(problems=[rules.against("unknown-customer")])
    return found.organisation_id, person.id


def _form(instrument_id: int, given: MultiDict[str, str] | None) -> BookingForm:
    """The form with the choices of this person; ``given`` prefills it from the address of a page."""
    form = BookingForm(given) if given is not None else BookingForm()
    customers = queries.customers_of(current_actor())
    permit(bool(customers))
    form.organisation_id.choices = [(customer.id, customer.name) for customer in customers]
    known = [customer.id for customer in customers]
    payer = form.organisation_id.data if form.organisation_id.data in known else known[0]
    if given is not None or form.organisation_id.data is None:
        form.organisation_id.data = payer
    vouchers = queries.vouchers_to_choose(payer, now=clock.now())
    named = [
        (voucher.id, _("%(number)s, %(amount)s left", number=voucher.number, amount=money(voucher.available_fen)))
        for voucher in vouchers
    ]
    form.voucher_id.choices = [("", _("Without a voucher")), *named]
    if given is not None and "voucher_id" not in given and vouchers:
        form.voucher_id.data = vouchers[0].id
    return form


def _page(
    instrument_id: int,
    form: BookingForm,
    *,
    now: datetime,
    alternatives: list[Period] | None = None,
    may_wait: bool = False,
) -> str:
    actor = current_actor()
    where = _place(instrument_id, form)
    sent = request.method == "POST"
    return render_template(
        "booking/book.html",
        where=where,
        form=form,
        week=queries.week(instrument_id, monday_shown(form.starts_at.data, now=now), actor, now),
        alternatives=alternatives or [],
        may_wait=may_wait,
        books_for_others=actor.has_at(where.provider.id, *policy.STAFF),
        may_choose_organisation=len(list(form.organisation_id.iter_choices())) > 1,
        shows_estimate=sent,
        **(_estimate_values(where, form, now=now, with_problems=False) if sent else {}),
    )


def _place(instrument_id: int, form: BookingForm) -> Place:
    """The instrument as the chosen payer sees it; an organisation that is not the actor's own is not looked up."""
    known = {choice[0] for choice in form.organisation_id.iter_choices()}
    chosen = form.organisation_id.data
    return queries.place(instrument_id, chosen if chosen in known else None)


def _estimate_values(where: Place, form: BookingForm, *, now: datetime, with_problems: bool = True) -> dict[str, Any]:
    times = form.times()
    if times is None or times[0] >= times[1]:
        return {"estimate": None, "problems": [], "waits_for_times": times is None}
    found: Preview = queries.preview(
        where,
        Period(*times),
        purpose=form.purpose.data or "",
        voucher_id=form.voucher_id.data,
        person_id=current_actor().id,
        now=now,
    )
    return {
        "estimate": estimate_words(found.estimate) if found.estimate else None,
        "problems": found.problems if with_problems else [],
        "nearby": found.nearby if with_problems else [],
        "purpose_chosen": bool(form.purpose.data),
        "waits_for_times": False,
    }
