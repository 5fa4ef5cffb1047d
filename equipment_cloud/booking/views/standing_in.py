"""Who answers requests in whose place."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.booking import policy, queries, service
from equipment_cloud.booking.forms import DelegationForm
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations


@bp.get("/bookings/delegations")
@signed_in
def delegations() -> str:
    """Those that hold or will hold at one's own institutions, and the form of a further one."""
    actor = current_actor()
    permit(bool(_institutions(actor)))
    return _page(actor, _form(actor, empty=True))


@bp.post("/bookings/delegations")
@only(*policy.STAFF)
def delegate() -> Response | tuple[str, int]:
    """Let a colleague answer in one's own place."""
    actor = current_actor()
    form = _form(actor)
    if not form.validate_on_submit():
        return _page(actor, form), 422
    permit(form.provider_id.data in actor.organisations(*policy.STAFF))
    try:
        with transaction():
            service.delegate(
                form.provider_id.data,
                form.to_person_id.data,
                first_on=date_of(form.first_on),
                last_on=date_of(form.last_on),
                note=form.note.data,
                by=actor,
                now=clock.now(),
            )
    except Refused as refusal:
        form.show(refusal)
        return _page(actor, form), refusal.status
    flash(_("Your colleague is told, and answers requests on those days."), "success")
    return redirect(url_for("booking.delegations"), 303)


@bp.post("/bookings/delegations/<int:delegation_id>/end")
@signed_in
def end_delegation(delegation_id: int) -> Response:
    """Take it back."""
    with transaction():
        service.end_delegation(delegation_id, by=current_actor(), now=clock.now())
    flash(_("The delegation has ended."), "success")
    return redirect(url_for("booking.delegations"), 303)


def _institutions(actor: Actor) -> list[int]:
    """Where the person belongs to the staff, or stands in for somebody."""
    return queries.deciding_at(actor, clock.today(clock.now()))


def _form(actor: Actor, *, empty: bool = False) -> DelegationForm:
    form = DelegationForm(formdata=None) if empty else DelegationForm()
    today = clock.today(clock.now())
    mine = actor.organisations(*policy.STAFF)
    named = organisations.organisations_named(mine)
    form.provider_id.choices = [(key, named[key].name) for key in mine]
    people = {
        person_id for provider_id in mine[:5] for person_id in organisations.people_with_role(provider_id, on=today)
    }
    found = accounts.people(sorted(people - {actor.id}))
    form.to_person_id.choices = sorted(((key, person.name) for key, person in found.items()), key=lambda item: item[1])
    if empty:
        form.first_on.data = form.last_on.data = today
    return form


def _page(actor: Actor, form: DelegationForm) -> str:
    today = clock.today(clock.now())
    rows = queries.delegations_of(_institutions(actor), today)
    return render_template(
        "booking/delegations.html",
        form=form if actor.organisations(*policy.STAFF) else None,
        has_colleagues=bool(list(form.to_person_id.iter_choices())),
        several=len(actor.organisations(*policy.STAFF)) > 1,
        delegations=rows,
        may_end={row.id for row in rows if policy.may_end_delegation(actor, row)},
        today=today,
    )
