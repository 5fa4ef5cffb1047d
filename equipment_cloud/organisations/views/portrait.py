"""An organisation's page: public facts for everyone, the inside for its own people and the bureau."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from equipment_cloud.foundation import clock, mask
from equipment_cloud.foundation.access import actor_or_none, current_actor, permit, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Problem, Refused
from equipment_cloud.organisations import policy, queries, rules, service
from equipment_cloud.organisations.forms import DetailsForm, ReasonForm, TagsForm
from equipment_cloud.organisations.models import Organisation, Standing
from equipment_cloud.organisations.views.blueprint import Answer, back_to, bp, inside, tabs_of, visible
from equipment_cloud.reference import queries as reference


@bp.get("/organisations/<int:organisation_id>")
@public
def portrait(organisation_id: int) -> str:
    """Who this is, where, and how to reach them."""
    organisation, actor = visible(organisation_id), actor_or_none()
    is_inside = policy.may_see_inside(actor, organisation_id)
    may_decide = policy.may_decide_standing(actor, organisation_id)
    profile = queries.latest_profile(organisation_id, clock.today(clock.now()).year) if is_inside else None
    return render_template(
        "organisations/portrait.html",
        **tabs_of(actor, organisation),
        town=reference.region_name(organisation.town_code),
        industry=reference.industry_name(organisation.industry_code),
        phone=organisation.phone if actor else mask.mobile(organisation.phone),
        profile=profile,
        sizes=rules.SIZE_WORDS,
        former_names=_former_names(organisation) if is_inside else [],
        problems=_what_is_missing(organisation) if is_inside else [],
        may_request=policy.may_request_standing(actor, organisation_id)
        and organisation.standing in (Standing.NONE, Standing.REFUSED),
        may_approve=may_decide and organisation.standing == Standing.REQUESTED,
        may_refuse=may_decide and organisation.standing in (Standing.REQUESTED, Standing.APPROVED),
        reason_form=ReasonForm(formdata=None),
        tags=queries.tags_of(organisation_id) if policy.may_list(actor) else [],
        tags_form=_tags_form(organisation) if policy.may_tag(actor, organisation) else None,
    )


@bp.post("/organisations/<int:organisation_id>/tags")
@signed_in
def tags(organisation_id: int) -> Answer:
    """Group the organisation by words; surveys choose units by them."""
    organisation, actor = inside(organisation_id), current_actor()
    permit(policy.may_tag(actor, organisation))
    form = TagsForm()
    if form.validate_on_submit():
        with transaction():
            service.set_tags(organisation_id, form.words(), by=actor, now=clock.now())
        flash(_("The tags are changed."), "success")
    return back_to("portrait", organisation_id)


def _tags_form(organisation: Organisation) -> TagsForm:
    return TagsForm(formdata=None, data={"tags": "，".join(queries.tags_of(organisation.id))})


@bp.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(organisation_id: int) -> Answer:
    """Change what needs no licence."""
    organisation, actor = inside(organisation_id), current_actor()
    permit(policy.may_edit(actor, organisation_id))
    form = DetailsForm(obj=organisation)
    form.town_code.choices = [("", "—"), *reference.town_choices()]
    form.industry_code.choices = [("", "—"), *reference.industry_choices()]
    if form.validate_on_submit():
        try:
            with transaction():
                service.update_details(
                    organisation_id,
                    name_en=form.name_en.data,
                    town_code=form.town_code.data or None,
                    address=form.address.data,
                    industry_code=form.industry_code.data or None,
                    contact_name=form.contact_name.data,
                    phone=form.phone.data,
                    introduction=form.introduction.data,
                    is_provider=form.is_provider.data,
                    by=actor,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The organisation's details are changed."), "success")
            return back_to("portrait", organisation_id)
    page = render_template("organisations/edit.html", form=form, **tabs_of(actor, organisation))
    return page, 422 if form.errors else 200


def _former_names(organisation: Organisation) -> list[tuple[str, object]]:
    return [(row.name, row.valid_to) for row in organisation.names if row.valid_to is not None]


def _what_is_missing(organisation: Organisation) -> list[Problem]:
    """What still stands against an approval for vouchers."""
    if organisation.standing == Standing.APPROVED or not organisation.is_user:
        return []
    return rules.problems_with_standing(
        organisation.kind,
        is_user=organisation.is_user,
        code_check=organisation.code_check,
        town_code=organisation.town_code,
    )
