"""One unit of a campaign: who tried to reach it, what came of it, whether it stays on the list."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import Form
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import ContactForm, LinkForm, OutcomeForm, RemovalForm, number_in
from equipment_cloud.survey.models import CampaignState, CampaignUnit, ContactKind
from equipment_cloud.survey.rules import UnitOutcome, is_late
from equipment_cloud.survey.rules.links import USUAL_DAYS
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.wording import CONTACT_WORDS

Answer = str | Response | tuple[str, int]


@bp.get("/survey/units/<int:unit_id>")
@only(*policy.READERS)
def unit(unit_id: int) -> str:
    """How the unit stands."""
    return unit_page(seen(unit_id))


@bp.post("/survey/units/<int:unit_id>/contacts")
@only(*policy.CHASERS)
def contact(unit_id: int) -> Answer:
    """Write down a call or a visit."""
    found = chased(unit_id)
    form = ContactForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.log_contact(
                    unit_id, ContactKind(form.kind.data), form.result.data or "", by=current_actor(), now=clock.now(),
                    with_whom=form.with_whom.data, next_on=form.next_on.data,
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            return _back(unit_id, _("Written down."))
    return unit_page(found, contact_form=form), 422


@bp.post("/survey/units/<int:unit_id>/outcome")
@only(*policy.CHASERS)
def outcome(unit_id: int) -> Answer:
    """Say what came of it."""
    found = chased(unit_id)
    form = OutcomeForm()
    if form.validate_on_submit():
        chosen = UnitOutcome(form.outcome.data) if form.outcome.data else None
        try:
            with transaction():
                service.settle_outcome(
                    unit_id, chosen, form.note.data or "", number_in(form.revision), by=current_actor(),
                    now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
            return unit_page(found, outcome_form=form), refusal.status
        return _back(unit_id, _("The outcome is changed."))
    return unit_page(found, outcome_form=form), 422


@bp.post("/survey/units/<int:unit_id>/remove")
@only(*policy.WRITERS)
def remove(unit_id: int) -> Answer:
    """Take it off the list."""
    found = seen(unit_id)
    permit(policy.may_run(current_actor()))
    form = RemovalForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.remove(unit_id, form.reason.data or "", by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            return _back(unit_id, _("The unit is off the list; the reason is kept."))
    return unit_page(found, removal_form=form), 422


@bp.post("/survey/units/<int:unit_id>/restore")
@only(*policy.WRITERS)
def restore(unit_id: int) -> Response:
    """Put it back."""
    permit(policy.may_run(current_actor()))
    seen(unit_id)
    with transaction():
        service.restore(unit_id, by=current_actor(), now=clock.now())
    return _back(unit_id, _("The unit is on the list again."))


def seen(unit_id: int) -> CampaignUnit:
    """The unit, if this reader sees its township. Raises :class:`NotFound`."""
    found = queries.unit(unit_id)
    if not policy.may_see(current_actor(), found.organisation):
        raise NotFound
    return found


def chased(unit_id: int) -> CampaignUnit:
    """The unit, if this person reaches out to it."""
    found = seen(unit_id)
    permit(policy.may_chase(current_actor(), found.organisation))
    return found


def _back(unit_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("survey.unit", unit_id=unit_id), 303)


def unit_page(found: CampaignUnit, **forms: Form) -> str:
    """The page of a unit; ``forms`` replaces those that were sent and refused."""
    actor, today = current_actor(), clock.today(clock.now())
    is_open = found.campaign.state is CampaignState.OPEN and found.removed_at is None
    shown = {
        "contact_form": ContactForm(formdata=None),
        "outcome_form": OutcomeForm(formdata=None, data={
            "outcome": found.outcome.value if found.outcome else "", "note": found.outcome_note,
            "revision": str(found.revision),
        }),
        "removal_form": RemovalForm(formdata=None),
        "link_form": LinkForm(formdata=None, data={"addressee": found.organisation.contact_name, "days": USUAL_DAYS}),
    } | forms  # fmt: skip
    return render_template(
        "survey/unit.html", unit=found, campaign=found.campaign, organisation=found.organisation,
        town=reference.region_name(found.organisation.town_code),
        late=is_late(found.state, found.outcome, found.due_on, today) and found.removed_at is None,
        links=queries.links_of(found.id), contacts=queries.contacts_of(found.id), contact_words=CONTACT_WORDS,
        may_chase=is_open and policy.may_chase(actor, found.organisation),
        may_run=policy.may_run(actor) and found.campaign.state is CampaignState.OPEN, **shown,
    )  # fmt: skip
