"""A unit's return: its instruments row by row, the defects it must mend, handing in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only, permit, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import ConfirmForm, GoneForm, RowForm, SubmitForm, number_in, row_data, row_form
from equipment_cloud.survey.models import CampaignState, CampaignUnit, ReturnRow
from equipment_cloud.survey.rules import ANSWERERS, WITH_UNIT, UnitState, asked_fields, differences, is_late, typed
from equipment_cloud.survey.views.answering import answerer
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.wording import SOURCE_WORDS, field_label, value_words

Answer = str | Response | tuple[str, int]
ROWS = 50


@bp.get("/survey/returns")
@only(*ANSWERERS)
def answers() -> str:
    """Campaigns that ask, or asked, one's own units."""
    number, size = asked_page()
    page = queries.own_units(current_actor(), number=number, size=size)
    return render_template("survey/answers.html", page=page, today=clock.today(clock.now()))


@bp.get("/survey/returns/<int:unit_id>")
@public
def answer(unit_id: int) -> str:
    """The return."""
    unit, actor = answerer(unit_id)
    return _page(unit, actor)


@bp.post("/survey/returns/<int:unit_id>/begin")
@public
def begin(unit_id: int) -> Response:
    """Take the known records into the return."""
    _unit, actor = answerer(unit_id)
    with transaction():
        service.begin(unit_id, by=actor, now=clock.now())
    return _back(unit_id)


@bp.route("/survey/returns/<int:unit_id>/rows/new", methods=["GET", "POST"])
@public
def new_row(unit_id: int) -> Answer:
    """An instrument the catalogue does not know."""
    unit, actor = answerer(unit_id)
    permit(policy.may_fill_in(actor, unit.organisation))
    form = row_form(asked_fields(unit.campaign.form))()
    if form.validate_on_submit():
        try:
            with transaction():
                service.add_row(unit_id, form.unit_number.data or "", form.values(), by=actor, now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The instrument is in the return."), "success")
            return _back(unit_id)
    return _row_page(unit, None, form), 200 if request.method == "GET" else 422


@bp.route("/survey/returns/<int:unit_id>/rows/<int:row_id>", methods=["GET", "POST"])
@public
def answer_row(unit_id: int, row_id: int) -> Answer:
    """One instrument of the return."""
    unit, actor = answerer(unit_id)
    row = queries.return_row(unit_id, row_id)
    asked = asked_fields(unit.campaign.form)
    if request.method == "GET":
        form = row_form(asked)(formdata=None, data=row_data(queries.together(row), asked, row.unit_number))
        return _row_page(unit, row, form)
    form = row_form(asked)()
    if form.validate_on_submit():
        try:
            with transaction():
                service.save_row(
                    unit_id, row_id, form.values(), by=actor, now=clock.now(), unit_number=form.unit_number.data
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The change is kept in the return."), "success")
            return _back(unit_id)
    return _row_page(unit, row, form), 422


@bp.post("/survey/returns/<int:unit_id>/rows/<int:row_id>/gone")
@public
def gone(unit_id: int, row_id: int) -> Answer:
    """It is no longer there."""
    unit, actor = answerer(unit_id)
    row = queries.return_row(unit_id, row_id)
    form = GoneForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.mark_gone(unit_id, row_id, form.gone_reason.data or "", by=actor, now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The return says that it is gone."), "success")
            return _back(unit_id)
    asked = asked_fields(unit.campaign.form)
    shown = row_form(asked)(formdata=None, data=row_data(queries.together(row), asked, row.unit_number))
    return _row_page(unit, row, shown, form), 422


@bp.post("/survey/returns/<int:unit_id>/confirm")
@public
def confirm_rows(unit_id: int) -> Response:
    """Stand by what others entered."""
    _unit, actor = answerer(unit_id)
    form = ConfirmForm()
    with transaction():
        number = service.confirm_rows(unit_id, by=actor, now=clock.now(), note=form.confirmed_note.data)
    flash(_("%(count)s instruments are confirmed.", count=number), "success")
    return _back(unit_id)


@bp.post("/survey/returns/<int:unit_id>/submit")
@public
def submit(unit_id: int) -> Answer:
    """Hand it in."""
    unit, actor = answerer(unit_id)
    form = SubmitForm()
    if not form.validate_on_submit():
        return _page(unit, actor, form), 422
    try:
        with transaction():
            service.submit(
                unit_id, number_in(form.revision), by=actor, now=clock.now(), declares_none=form.declares_none.data,
                consents=form.consents.data,
            )  # fmt: skip
    except Refused as refusal:
        form.show(refusal)
        return _page(queries.unit(unit_id), actor, form), refusal.status
    flash(_("The return is handed in. The bureau looks at it and tells you."), "success")
    return _back(unit_id)


def _back(unit_id: int) -> Response:
    return redirect(url_for("survey.answer", unit_id=unit_id), 303)


def _page(unit: CampaignUnit, actor: Actor, form: SubmitForm | None = None) -> str:
    number, size = asked_page(ROWS)
    view = asked_words("view")
    form = form or SubmitForm(formdata=None, data={"revision": str(unit.revision), "consents": unit.consents})
    today = clock.today(clock.now())
    is_open = unit.campaign.state is CampaignState.OPEN and unit.removed_at is None
    shown = unit.state is UnitState.RETURNED
    return render_template(
        "survey/answer.html", unit=unit, campaign=unit.campaign, organisation=unit.organisation, form=form,
        page=queries.return_rows(unit.id, number=number, size=size, view=view), view=view,
        counts=queries.return_counts(unit.id), known=queries.known_instruments(unit.organisation_id),
        defects=queries.defects_of(unit.id, unit.round) if shown else [], field_label=field_label,
        source_words=SOURCE_WORDS, confirm_form=ConfirmForm(formdata=None),
        late=is_late(unit.state, unit.outcome, unit.due_on, today),
        is_own=policy.may_answer(actor, unit.organisation),
        may_fill_in=is_open and unit.state in WITH_UNIT and policy.may_fill_in(actor, unit.organisation),
    )  # fmt: skip


def _row_page(unit: CampaignUnit, row: ReturnRow | None, form: RowForm, gone_form: GoneForm | None = None) -> str:
    defects = queries.defects_of(unit.id, unit.round) if unit.state is UnitState.RETURNED and row else []
    record = queries.record_values(row.instrument) if row else None
    found = differences(typed(row.values), record) if row and record else []
    return render_template(
        "survey/answer_row.html", unit=unit, campaign=unit.campaign, row=row, form=form, field_label=field_label,
        gone_form=gone_form or GoneForm(formdata=None, data={"gone_reason": row.gone_reason if row else None}),
        defects=[defect for defect in defects if row and defect.row_id == row.id],
        changes=[(field_label(item.field), value_words(item.field, item.record), value_words(item.field, item.said))
                 for item in found],
        may_fill_in=unit.state in WITH_UNIT and unit.campaign.state is CampaignState.OPEN,
    )  # fmt: skip
