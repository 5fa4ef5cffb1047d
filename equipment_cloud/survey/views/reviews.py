"""The bureau's look at a return: every difference field by field, the defects, back or accepted."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog.rules import problems_before_submission, problems_between
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.form import Form, date_of
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.kernel.errors import NotFound, Problem, Refused
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.forms import DefectForm, SendBackForm, number_in
from equipment_cloud.survey.models import CampaignState, CampaignUnit, ReturnRow
from equipment_cloud.survey.rules import UnitState, asked_fields, differences, typed
from equipment_cloud.survey.views.answering import answerer
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.views.units import seen
from equipment_cloud.survey.wording import SOURCE_WORDS, field_label, value_words

Answer = str | Response | tuple[str, int]
ROWS = 20
USUAL_DAYS = 10
"""Days a unit gets to correct, as proposed."""


@bp.get("/survey/units/<int:unit_id>/review")
@only(*policy.READERS)
def review(unit_id: int) -> str:
    """The return against the last survey and the catalogue."""
    return _page(seen(unit_id))


@bp.post("/survey/units/<int:unit_id>/defects")
@only(*policy.WRITERS)
def note_defect(unit_id: int) -> Answer:
    """Keep a defect until all are sent."""
    found = seen(unit_id)
    form = DefectForm(asked=asked_fields(found.campaign.form))
    if form.validate_on_submit():
        try:
            with transaction():
                service.note_defect(
                    unit_id, number_in(form.row_id), form["field"].data, form.reason.data or "",
                    form.remedy.data or "", by=current_actor(), now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
            return _page(queries.unit(unit_id), defect_form=form), refusal.status
        return redirect(url_for("survey.review", unit_id=unit_id, _anchor="defects"), 303)
    return _page(found, defect_form=form), 422


@bp.post("/survey/units/<int:unit_id>/defects/<int:defect_id>/drop")
@only(*policy.WRITERS)
def drop_defect(unit_id: int, defect_id: int) -> Response:
    """Take it back."""
    seen(unit_id)
    with transaction():
        service.drop_defect(unit_id, defect_id, by=current_actor(), now=clock.now())
    return redirect(url_for("survey.review", unit_id=unit_id, _anchor="defects"), 303)


@bp.post("/survey/units/<int:unit_id>/send-back")
@only(*policy.WRITERS)
def send_back(unit_id: int) -> Answer:
    """All defects at once, to the unit."""
    found = seen(unit_id)
    form = SendBackForm()
    if not form.validate_on_submit():
        return _page(found, back_form=form), 422
    try:
        with transaction():
            service.send_back(
                unit_id, number_in(form.revision), due_on=date_of(form.due_on), by=current_actor(), now=clock.now()
            )
    except Refused as refusal:
        form.show(refusal)
        return _page(queries.unit(unit_id), back_form=form), refusal.status
    flash(_("Sent back with all its defects; the unit is told."), "success")
    return _next(found)


@bp.post("/survey/units/<int:unit_id>/accept")
@only(*policy.WRITERS)
def accept(unit_id: int) -> Answer:
    """Its rows become records."""
    found = seen(unit_id)
    form = SendBackForm()
    try:
        with transaction():
            service.accept(unit_id, number_in(form.revision), by=current_actor(), now=clock.now())
    except Refused as refusal:
        form.show(refusal)
        return _page(queries.unit(unit_id), back_form=form), refusal.status
    flash(_("Accepted: its instruments are in the catalogue's records."), "success")
    return _next(found)


@bp.get("/survey/returns/<int:unit_id>/rows/<int:row_id>/photo")
@only(*policy.READERS, "manager", "owner")
def row_photo(unit_id: int, row_id: int) -> Response:
    """The nameplate of a visit."""
    answerer(unit_id)
    row = queries.return_row(unit_id, row_id)
    kept = session().get(StoredFile, row.photo_id) if row.photo_id else None
    if kept is None:
        raise NotFound
    return stored_file.send(kept, inline=True)


def _next(found: CampaignUnit) -> Response:
    following = queries.next_handed_in(found.campaign_id, found.id)
    if following is None:
        return redirect(url_for("survey.show", code=found.campaign.code), 303)
    return redirect(url_for("survey.review", unit_id=following), 303)


def _page(found: CampaignUnit, **forms: Form) -> str:
    number, size = asked_page(ROWS)
    view = asked_words("view")
    page = queries.return_rows(found.id, number=number, size=size, view=view)
    earlier = queries.earlier_values(found, [row.unit_number for row in page.items])
    today = clock.today(clock.now())
    waits = found.state is UnitState.SUBMITTED and found.campaign.state is CampaignState.OPEN
    asked = asked_fields(found.campaign.form)
    shown = {
        "defect_form": DefectForm(formdata=None, asked=asked),
        "back_form": SendBackForm(
            formdata=None, data={"revision": str(found.revision), "due_on": today + timedelta(days=USUAL_DAYS)}
        ),
    } | forms
    return render_template(
        "survey/review.html", unit=found, campaign=found.campaign, organisation=found.organisation, page=page,
        asked=asked, view=view, counts=queries.return_counts(found.id), source_words=SOURCE_WORDS,
        field_label=field_label,
        rows=[(row, _changes(row, earlier.get(row.unit_number)), _noticed(row)) for row in page.items],
        defects=queries.defects_of(found.id, found.round),
        may_review=waits and policy.may_review(current_actor(), found.organisation), **shown,
    )  # fmt: skip


def _changes(row: ReturnRow, earlier: dict[str, object] | None) -> list[tuple[str, str, str, str]]:
    """``(field, last survey, catalogue, this return)`` of every field said otherwise."""
    return [
        (field_label(item.field), value_words(item.field, item.earlier) if item.has_earlier else "",
         value_words(item.field, item.record), value_words(item.field, item.said))
        for item in differences(typed(row.values), queries.record_values(row.instrument), earlier)
    ]  # fmt: skip


def _noticed(row: ReturnRow) -> list[Problem]:
    """What the platform found in a row the return speaks of."""
    if not row.is_touched or row.gone_reason:
        return []
    values = queries.together(row)
    return [*problems_before_submission(values), *problems_between(values, today=clock.today(clock.now()))]
