"""Yearly figures and the size class that follows from them."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import policy, queries, rules, service
from equipment_cloud.organisations.forms import ProfileForm
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.organisations.views.blueprint import Answer, back_to, bp, inside, tabs_of


@bp.get("/organisations/<int:organisation_id>/figures")
@signed_in
def figures(organisation_id: int) -> Answer:
    """The years entered so far."""
    organisation = inside(organisation_id)
    last_year = clock.today(clock.now()).year - 1
    industry = rules.default_industry(organisation.industry_code)
    return _page(organisation, _form(ProfileForm(formdata=None, year=last_year, industry=industry)))


@bp.post("/organisations/<int:organisation_id>/figures")
@signed_in
def record_figures(organisation_id: int) -> Answer:
    """Enter or correct a year."""
    organisation, actor = inside(organisation_id), current_actor()
    permit(policy.may_enter_profile(actor, organisation_id))
    form = _form(ProfileForm())
    if form.validate_on_submit():
        try:
            with transaction():
                service.record_profile(
                    organisation_id,
                    form.year.data or 0,
                    industry=form.industry.data,
                    staff=form.staff.data or 0,
                    revenue_fen=int(form.revenue_fen.data or 0),
                    assets_fen=int(form.assets_fen.data or 0),
                    by=actor,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The figures are recorded."), "success")
            return back_to("figures", organisation_id)
    return _page(organisation, form)


def _form(form: ProfileForm) -> ProfileForm:
    form.industry.choices = [(key, _(limits.words)) for key, limits in rules.LIMITS.items()]
    return form


def _page(organisation: Organisation, form: ProfileForm) -> tuple[str, int]:
    actor = current_actor()
    page = render_template(
        "organisations/figures.html",
        form=form,
        rows=queries.profiles(organisation.id),
        industries={key: limits.words for key, limits in rules.LIMITS.items()},
        sizes=rules.SIZE_WORDS,
        may_enter=policy.may_enter_profile(actor, organisation.id),
        **tabs_of(actor, organisation),
    )
    return page, 422 if form.errors else 200
