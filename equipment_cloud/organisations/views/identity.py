"""Corrections of name and credit code by a reviewer, with the licence at hand."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import service
from equipment_cloud.organisations.forms import CreditCodeForm, ReasonForm, RenameForm
from equipment_cloud.organisations.models import CheckState, Organisation
from equipment_cloud.organisations.rules import Role
from equipment_cloud.organisations.views.blueprint import Answer, back_to, bp, inside, tabs_of

Forms = RenameForm | CreditCodeForm | ReasonForm


@bp.get("/organisations/<int:organisation_id>/identity")
@only(Role.REVIEWER)
def identity(organisation_id: int) -> Answer:
    """Dated names and codes, and the ways to correct them."""
    return _page(inside(organisation_id))


@bp.post("/organisations/<int:organisation_id>/identity/name")
@only(Role.REVIEWER)
def rename(organisation_id: int) -> Answer:
    """Enter a newly registered name."""
    organisation, form = inside(organisation_id), RenameForm()
    if form.validate_on_submit() and form.valid_from.data:
        name, valid_from = form.name.data or "", form.valid_from.data
        try:
            with transaction():
                service.rename(organisation_id, name, valid_from, by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The new name is entered; papers of before keep the old one."), "success")
            return back_to("identity", organisation_id)
    return _page(organisation, rename=form)


@bp.post("/organisations/<int:organisation_id>/identity/credit-code")
@only(Role.REVIEWER)
def change_credit_code(organisation_id: int) -> Answer:
    """Enter another credit code."""
    organisation, form = inside(organisation_id), CreditCodeForm()
    if form.validate_on_submit() and form.valid_from.data:
        code, valid_from = form.credit_code.data or "", form.valid_from.data
        try:
            with transaction():
                service.change_credit_code(organisation_id, code, valid_from, by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The credit code is entered."), "success")
            return back_to("identity", organisation_id)
    return _page(organisation, code=form)


@bp.post("/organisations/<int:organisation_id>/identity/accept-code")
@only(Role.REVIEWER)
def override_code(organisation_id: int) -> Answer:
    """Accept a code whose check digit fails."""
    organisation, form = inside(organisation_id), ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.override_code_check(
                    organisation_id, form.reason.data or "", by=current_actor(), now=clock.now()
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The credit code is accepted."), "success")
            return back_to("identity", organisation_id)
    return _page(organisation, accept=form)


def _page(
    organisation: Organisation,
    *,
    rename: RenameForm | None = None,
    code: CreditCodeForm | None = None,
    accept: ReasonForm | None = None,
) -> tuple[str, int]:
    shown: Forms | None = rename or code or accept
    page = render_template(
        "organisations/identity.html",
        form=shown,
        rename_form=rename or RenameForm(formdata=None),
        code_form=code or CreditCodeForm(formdata=None),
        accept_form=accept or ReasonForm(formdata=None),
        may_accept=organisation.code_check == CheckState.FAILED,
        **tabs_of(current_actor(), organisation),
    )
    return page, 422 if shown is not None and shown.errors else 200
