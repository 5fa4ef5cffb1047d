"""The people of an organisation."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.organisations import policy, queries, rules, service
from equipment_cloud.organisations.forms import InviteForm
from equipment_cloud.organisations.models import Kind, Organisation
from equipment_cloud.organisations.views.blueprint import Answer, back_to, bp, inside, tabs_of
from equipment_cloud.reference import queries as reference


@bp.get("/organisations/<int:organisation_id>/people")
@signed_in
def people(organisation_id: int) -> Answer:
    """Who holds which role."""
    organisation = inside(organisation_id)
    return _page(organisation, _form(organisation, empty=True))


@bp.post("/organisations/<int:organisation_id>/people")
@signed_in
def invite(organisation_id: int) -> Answer:
    """Give a role to someone; who has no account yet gets one."""
    organisation, actor = inside(organisation_id), current_actor()
    permit(policy.may_manage_people(actor, organisation))
    form = _form(organisation)
    if form.validate_on_submit():
        try:
            with transaction():
                service.invite(
                    organisation_id,
                    form.contact.data or "",
                    form.role.data,
                    form.scope.data or None if "scope" in form else None,
                    person_name=form.person_name.data,
                    by=actor,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The role is given."), "success")
            return back_to("people", organisation_id)
    return _page(organisation, form)


@bp.post("/organisations/<int:organisation_id>/people/<int:membership_id>/end")
@signed_in
def end_grant(organisation_id: int, membership_id: int) -> Answer:
    """End a role."""
    organisation, actor = inside(organisation_id), current_actor()
    membership = queries.membership(membership_id)
    if membership.organisation_id != organisation.id:
        raise NotFound
    permit(policy.may_end_grant(actor, organisation, membership))
    with transaction():
        service.end_grant(membership_id, by=actor, now=clock.now())
    flash(_("The role has ended."), "success")
    still_inside = membership.person_id != actor.id or len(actor.grants) > 1
    return back_to("people" if still_inside else "portrait", organisation_id)


def _form(organisation: Organisation, *, empty: bool = False) -> InviteForm:
    form = InviteForm(formdata=None) if empty else InviteForm()
    roles = rules.roles_of(organisation.kind, is_user=organisation.is_user, is_provider=organisation.is_provider)
    form.role.choices = [(role.value, _(rules.ROLE_WORDS[role])) for role in roles]
    if organisation.kind == Kind.BUREAU:
        form.scope.choices = [("", "—"), *reference.town_choices()]
    else:
        del form.scope
    return form


def _page(organisation: Organisation, form: InviteForm) -> tuple[str, int]:
    actor = current_actor()
    rows = queries.member_rows(organisation.id, clock.today(clock.now()))
    page = render_template(
        "organisations/people.html",
        form=form,
        rows=rows,
        words=rules.ROLE_WORDS,
        towns=reference.region_names([row.membership.scope for row in rows]),
        may_manage=policy.may_manage_people(actor, organisation),
        endable={row.membership.id for row in rows if policy.may_end_grant(actor, organisation, row.membership)},
        **tabs_of(actor, organisation),
    )
    return page, 422 if form.errors else 200
