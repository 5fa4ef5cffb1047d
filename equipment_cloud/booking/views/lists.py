"""The desks' lists: what we booked, what waits for our answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, render_template, request
from flask_babel import gettext as _

from equipment_cloud.booking import policy, queries, service
from equipment_cloud.booking.forms import ManyForm
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.views.blueprint import CUSTOMERS, PROVIDERS, bp
from equipment_cloud.booking.wording import purpose_word
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import Page, asked_page
from equipment_cloud.kernel.errors import Invalid

OURS, REQUESTS, PROVIDED, ALL = "ours", "requests", "provided", "all"


@bp.get("/bookings")
@signed_in
def index() -> str:
    """One of up to three views: our own bookings, requests to answer (the oldest first), all on our instruments."""
    actor = current_actor()
    views = _views(actor)
    permit(bool(views))
    view = request.args.get("view", "")
    return _index(actor, view if view in views else views[0])


def _index(actor: Actor, view: str, *, form: ManyForm | None = None) -> str:
    now = clock.now()
    today = clock.today(now)
    views = _views(actor)
    number, size = asked_page()
    page = _page(actor, view, _states_asked(), number=number, size=size)
    deciding = queries.deciding_at(actor, today)
    stood_in = {key: queries.standing_in_for(actor.id, key, today) for key in queries.stands_in_at(actor.id, today)}
    return render_template(
        "booking/index.html",
        page=page,
        view=view,
        views=views,
        state=request.args.get("state", ""),
        waiting=queries.waiting_count(deciding) if REQUESTS in views else 0,
        may_delegate=view != OURS and bool(deciding),
        may_decide={
            booking.id
            for booking in page.items
            if policy.may_decide(actor, booking, standing_in_for=stood_in.get(booking.provider_id, ()))
        },
        decide_form=form or ManyForm(formdata=None),
        may_wait=view == OURS and bool(actor.organisations(*policy.CUSTOMERS)),
        purpose_word=purpose_word,
        now=now,
    )


@bp.post("/bookings/decide")
@signed_in
def decide_many() -> str | tuple[str, int]:
    """Confirm or decline the chosen requests in one act, and say of each what became of it."""
    actor, now = current_actor(), clock.now()
    permit(bool(queries.deciding_at(actor, clock.today(now))))
    approving, form = request.form.get("act") != "decline", ManyForm()
    chosen = _chosen()
    if not form.validate_on_submit() or not chosen:
        flash(_("Choose at least one request."), "error")
        return _index(actor, REQUESTS), 422
    try:
        with transaction():
            answers = service.decide_many(chosen, approving=approving, reason=form.reason.data, by=actor, now=now)
    except Invalid as refusal:
        form.show(refusal)
        return _index(actor, REQUESTS, form=form), refusal.status
    return render_template("booking/decide_many.html", answers=answers, approving=approving)


def _chosen() -> list[int]:
    """Ids ticked on one page of the list."""
    texts: Sequence[str] = request.form.getlist("booking_id")[:100]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _views(actor: Actor) -> list[str]:
    """Views this person has, the most urgent first."""
    views = [REQUESTS, PROVIDED] if actor.organisations(*PROVIDERS) else []
    if not views and queries.stands_in_at(actor.id, clock.today(clock.now())):
        views = [REQUESTS]
    if actor.organisations(*CUSTOMERS, *PROVIDERS):
        views.append(OURS)
    return views or ([ALL] if actor.has(*policy.OFFICE) else [])


def _states_asked() -> tuple[BookingState, ...]:
    asked = request.args.get("state", "")
    return (BookingState(asked),) if asked in set(BookingState) else ()


def _page(actor: Actor, view: str, states: tuple[BookingState, ...], *, number: int, size: int) -> Page[Booking]:
    if view == OURS:
        mine = actor.organisations(*CUSTOMERS, *PROVIDERS)
        return queries.of_organisations(mine, states=states, number=number, size=size)
    if view == ALL:
        return queries.visible_page(actor, states=states, number=number, size=size)
    if view == REQUESTS:
        deciding = {*queries.deciding_at(actor, clock.today(clock.now())), *actor.organisations(*PROVIDERS)}
        states = (BookingState.REQUESTED,)
        return queries.of_providers(sorted(deciding), states=states, number=number, size=size)
    return queries.of_providers(actor.organisations(*PROVIDERS), states=states, number=number, size=size)
