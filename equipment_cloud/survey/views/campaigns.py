"""Campaigns: the list, a new one, the board of one."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.foundation.state_words import state_choices
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import CampaignForm
from equipment_cloud.survey.models import CampaignState
from equipment_cloud.survey.queries import Sight
from equipment_cloud.survey.rules import totals_of
from equipment_cloud.survey.template import write_template
from equipment_cloud.survey.views.blueprint import bp

BOARD_ROWS = 50


@bp.get("/survey")
@only(*policy.READERS)
def index() -> str:
    """All campaigns, newest first."""
    number, size = asked_page()
    page = queries.campaigns_page(number=number, size=size)
    return render_template("survey/index.html", page=page, may_run=policy.may_run(current_actor()))


@bp.route("/survey/new", methods=["GET", "POST"])
@only(*policy.WRITERS)
def new() -> str | BaseResponse | tuple[str, int]:
    """Open a campaign."""
    form = CampaignForm()
    if form.validate_on_submit():
        try:
            with transaction():
                record = service.open_campaign(
                    form.code.data or "", form["name"].data or "", date_of(form.due_on), by=current_actor(),
                    now=clock.now(), form=form.form.data, note=form.note.data,
                )  # fmt: skip
                code = record.code
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The campaign is open."), "success")
            return redirect(url_for("survey.scope", code=code), 303)
    page = render_template("survey/new.html", form=form)
    return page if request.method == "GET" else (page, 422)


@bp.get("/survey/template")
@only(*policy.READERS, "manager")
def template() -> Response:
    """The empty workbook."""
    target = io.BytesIO()
    write_template(target)
    target.seek(0)
    return send_file(
        target, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_attachment=True,
        download_name="survey-template.xlsx",
    )  # fmt: skip


@bp.get("/survey/<string:code>")
@only(*policy.READERS)
def show(code: str) -> str:
    """The board: who has answered, who is late, who tried to reach them; then the imports so far."""
    actor = current_actor()
    campaign = queries.campaign(code)
    number, size = asked_page(BOARD_ROWS)
    sight = asked_sight()
    board = queries.board(campaign.id, sight, number=number, size=size)
    whole = totals_of(queries.coverage_by(campaign.id, "town", today=sight.today, towns=sight.towns).values())
    is_whole_city = sight.towns is None
    return render_template(
        "survey/show.html", campaign=campaign, board=board, sight=sight, whole=whole,
        states=state_choices("campaign_unit"), instrument_states=state_choices("instrument"),
        totals=queries.totals(campaign.id) if is_whole_city else {},
        imports=queries.imports_of(campaign.id, number=1, size=10) if is_whole_city else None,
        towns=[(town, name) for town, name in reference.town_choices() if is_whole_city or town in (sight.towns or ())],
        industries=reference.industry_choices(),
        names=reference.region_names({row.organisation.town_code for row in board.items}),
        may_run=policy.may_run(actor) and campaign.state is CampaignState.OPEN,
    )  # fmt: skip


@bp.post("/survey/<string:code>/close")
@only(*policy.WRITERS)
def close(code: str) -> BaseResponse:
    """No more imports."""
    permit(policy.may_run(current_actor()))
    with transaction():
        service.close_campaign(code, by=current_actor(), now=clock.now())
    flash(_("The campaign is closed."), "success")
    return redirect(url_for("survey.show", code=code), 303)


def asked_sight() -> Sight:
    """What of the board the address asks for, within what the reader may see."""
    return Sight(
        today=clock.today(clock.now()), towns=policy.towns_of(current_actor()), town=asked_words("town"),
        industry=asked_words("industry"), view=asked_words("view"), words=asked_words("q"),
    )  # fmt: skip
