"""The list of a campaign: choose units, look how many, add them, freeze the list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.state_words import state_choices
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.rules import SIZE_WORDS
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import ScopeForm
from equipment_cloud.survey.models import CampaignState
from equipment_cloud.survey.views.blueprint import bp


@bp.get("/survey/<string:code>/scope")
@only(*policy.WRITERS)
def scope(code: str) -> str:
    """Choose by township, industry, size, tag and kind; a preview says how many before anything is written."""
    campaign = queries.campaign(code)
    form = ScopeForm(formdata=request.args, choices=_choices())
    asked = form.scope() if form.validate() else None
    found = queries.preview(campaign.id, asked) if asked else None
    listed = queries.board(campaign.id, queries.Sight(today=clock.today(clock.now())), number=1, size=1).total
    return render_template(
        "survey/scope.html", campaign=campaign, form=form, found=found, listed=listed, asked=asked,
        names=reference.region_names({record.town_code for record in found.first} if found else ()),
        is_open=campaign.state is CampaignState.OPEN,
    )  # fmt: skip


@bp.post("/survey/<string:code>/scope")
@only(*policy.WRITERS)
def add_units(code: str) -> Response:
    """Put all of them on the list."""
    permit(policy.may_run(current_actor()))
    form = ScopeForm(choices=_choices())
    with transaction():
        added = service.add_units(code, form.scope(), by=current_actor(), now=clock.now())
    flash(_("%(count)s units were put on the list.", count=added), "success")
    return redirect(url_for("survey.show", code=code), 303)


@bp.post("/survey/<string:code>/freeze")
@only(*policy.WRITERS)
def freeze(code: str) -> Response:
    """Settle the list."""
    permit(policy.may_run(current_actor()))
    with transaction():
        service.freeze(code, by=current_actor(), now=clock.now())
    flash(_("The list is frozen: a unit leaves it only with a reason."), "success")
    return redirect(url_for("survey.show", code=code), 303)


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "towns": reference.town_choices(),
        "industries": reference.industry_choices(),
        "sizes": [(size.value, _(words)) for size, words in SIZE_WORDS.items()],
        "kinds": [(kind, words) for kind, words in state_choices("organisation_kind") if kind != "bureau"],
        "tags": [(tag, tag) for tag in organisations.all_tags()],
    }
