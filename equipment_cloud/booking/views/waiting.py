"""The waiting list: what one waits for, and taking what is offered."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.booking import policy, queries, service
from equipment_cloud.booking.forms import TakeForm
from equipment_cloud.booking.models import WaitlistEntry
from equipment_cloud.booking.rules import WaitState
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.booking.wording import purpose_word
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import money
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Invalid


@bp.get("/bookings/waitlist")
@only(*policy.CUSTOMERS)
def waitlist() -> str:
    """What the own organisations wait for, offers first."""
    number, size = asked_page()
    mine = current_actor().organisations(*policy.CUSTOMERS)
    page = queries.waits_page(mine, number=number, size=size)
    return render_template("booking/waitlist.html", page=page, purpose_word=purpose_word)


@bp.get("/bookings/waitlist/<int:entry_id>")
@only(*policy.CUSTOMERS)
def wait(entry_id: int) -> str:
    """One time waited for; where it is held, the form that takes it."""
    entry = queries.wait_for(current_actor(), entry_id)
    return _page(entry, _form(entry))


@bp.post("/bookings/waitlist/<int:entry_id>/take")
@only(*policy.CUSTOMERS)
def take(entry_id: int) -> Response | tuple[str, int]:
    """Book the time that is held."""
    actor, now = current_actor(), clock.now()
    entry = queries.wait_for(actor, entry_id)
    form = _form(entry)
    if form.validate_on_submit():
        try:
            with transaction():
                booking = service.take(
                    entry_id, voucher_id=form.voucher_id.data, note=form.note.data, by=actor, now=now
                )  # fmt: skip
                booking_id = booking.id
        except Invalid as refusal:
            form.show(refusal)
        else:
            flash(_("The time is yours."), "success")
            return redirect(url_for("booking.show", booking_id=booking_id), 303)
    return _page(queries.wait_for(actor, entry_id), form), 422


@bp.post("/bookings/waitlist/<int:entry_id>/leave")
@only(*policy.CUSTOMERS)
def leave(entry_id: int) -> Response:
    """No longer wait."""
    actor = current_actor()
    queries.wait_for(actor, entry_id)
    with transaction():
        service.leave(entry_id, by=actor, now=clock.now())
    flash(_("You no longer wait for this time."), "success")
    return redirect(url_for("booking.waitlist"), 303)


def _form(entry: WaitlistEntry) -> TakeForm:
    form = TakeForm()
    vouchers = queries.vouchers_to_choose(entry.organisation_id, now=clock.now())
    named = [
        (voucher.id, _("%(number)s, %(amount)s left", number=voucher.number, amount=money(voucher.available_fen)))
        for voucher in vouchers
    ]
    form.voucher_id.choices = [("", _("Without a voucher")), *named]
    if not form.is_submitted() and vouchers:
        form.voucher_id.data = vouchers[0].id
    return form


def _page(entry: WaitlistEntry, form: TakeForm) -> str:
    is_held = entry.state is WaitState.OFFERED and entry.offered_until is not None and entry.offered_until > clock.now()
    return render_template(
        "booking/wait.html",
        entry=entry,
        form=form if is_held else None,
        is_live=entry.state in queries.LIVE,
        purpose_word=purpose_word,
    )
