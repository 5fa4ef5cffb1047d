"""Breach points: one's own, those at a provider, appeals, and what a provider counts."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.booking import policy, queries, rules, service
from equipment_cloud.booking.forms import AppealDecisionForm, AppealForm, BreachPolicyForm
from equipment_cloud.booking.models import Breach, BreachState
from equipment_cloud.booking.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import Form
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations


@bp.get("/bookings/breaches")
@signed_in
def breaches() -> str:
    """What counts against oneself and one's people, or (``?view=provider``) what counts at one's own institution."""
    actor, now = current_actor(), clock.now()
    at_own = actor.organisations(*policy.STAFF)
    view = "provider" if at_own and request.args.get("view") == "provider" else "mine"
    number, size = asked_page()
    page = (
        queries.breaches_at(at_own, number=number, size=size)
        if view == "provider"
        else queries.breaches_of(actor, number=number, size=size)
    )
    return render_template(
        "booking/breaches.html",
        page=page,
        view=view,
        has_provider=bool(at_own),
        may_set=bool(actor.organisations("manager")),
        points=queries.points_now(actor.id, now=now),
        now=now,
    )


@bp.get("/bookings/breaches/<int:breach_id>")
@signed_in
def breach(breach_id: int) -> str:
    """One breach: what happened, what was said, until when it counts."""
    found = queries.breach_for(current_actor(), breach_id)
    return _page(found, AppealForm(formdata=None), AppealDecisionForm(formdata=None))


@bp.post("/bookings/breaches/<int:breach_id>/appeal")
@signed_in
def appeal(breach_id: int) -> Response | tuple[str, int]:
    """Say why the points should not count."""
    actor, form = current_actor(), AppealForm()
    found = queries.breach_for(actor, breach_id)
    permit(policy.may_appeal(actor, found))
    if not form.validate_on_submit():
        return _page(found, form, AppealDecisionForm(formdata=None)), 422
    with transaction():
        service.appeal(breach_id, form.words.data or "", by=actor, now=clock.now())
    flash(_("Your appeal was sent to the institution."), "success")
    return redirect(url_for("booking.breach", breach_id=breach_id), 303)


@bp.post("/bookings/breaches/<int:breach_id>/decide")
@only("manager")
def decide_breach(breach_id: int) -> Response | tuple[str, int]:
    """Lift the points or uphold them."""
    actor, form = current_actor(), AppealDecisionForm()
    found = queries.breach_for(actor, breach_id)
    permit(policy.may_decide_breach(actor, found.provider_id))
    if not form.validate_on_submit():
        return _page(found, AppealForm(formdata=None), form), 422
    lifted = request.form.get("act") == "lift"
    with transaction():
        service.decide_appeal(breach_id, lifted=lifted, decision=form.decision.data or "", by=actor, now=clock.now())
    flash(_("The answer is recorded, and the person is told."), "success")
    return redirect(url_for("booking.breach", breach_id=breach_id), 303)


@bp.get("/bookings/breach-policy/<int:provider_id>")
@only("manager")
def breach_policy(provider_id: int) -> str:
    """What the institution counts, and since when."""
    permit(policy.may_decide_breach(current_actor(), provider_id))
    given = {"late_points": 1, "no_show_points": 3, "last_days": 180, "limit_points": 6}
    found = queries.breach_policies([provider_id], clock.today(clock.now())).get(provider_id)
    form = BreachPolicyForm(formdata=None, obj=found, data=None if found else given)
    form.valid_from.data = clock.today(clock.now())
    return _policy_page(provider_id, form)


@bp.post("/bookings/breach-policy/<int:provider_id>")
@only("manager")
def set_breach_policy(provider_id: int) -> Response | tuple[str, int]:
    """Set what counts from a day on."""
    actor, form = current_actor(), BreachPolicyForm()
    permit(policy.may_decide_breach(actor, provider_id))
    if not form.validate_on_submit():
        return _policy_page(provider_id, form), 422
    values = {name: value for name, value in form.data.items() if name != "csrf_token"}
    try:
        with transaction():
            service.set_breach_policy(provider_id, **values, by=actor, now=clock.now())
    except Refused as refusal:
        form.show(refusal)
        return _policy_page(provider_id, form), refusal.status
    flash(_("What counts is saved. Points already counted stay."), "success")
    return redirect(url_for("booking.breach_policy", provider_id=provider_id), 303)


def _page(found: Breach, appeal_form: AppealForm, decision_form: Form) -> str:
    actor = current_actor()
    is_open = found.state in (BreachState.STANDING, BreachState.APPEALED)
    return render_template(
        "booking/breach.html",
        breach=found,
        counts=found.state in rules.COUNTING and found.ends_at > clock.now(),
        may_appeal=found.state is BreachState.STANDING and policy.may_appeal(actor, found),
        may_decide=is_open and policy.may_decide_breach(actor, found.provider_id) and actor.id != found.person_id,
        may_uphold=found.state is BreachState.APPEALED,
        appeal_form=appeal_form,
        decision_form=decision_form,
    )


def _policy_page(provider_id: int, form: BreachPolicyForm) -> str:
    return render_template(
        "booking/breach_policy.html",
        provider=organisations.organisation(provider_id),
        form=form,
        policies=queries.breach_policies_of(provider_id),
        today=clock.today(clock.now()),
    )
