"""Working days: what every deadline and public notice is counted by."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_, Refused
from equipment_cloud.reference import queries, service
from equipment_cloud.reference.forms import DayForm, YearForm

bp = Blueprint("reference", __name__)
NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Calendar of working days"), endpoint="reference.working_days", roles=("admin",), order=95),
)
Answer = Response | tuple[str, int]


@bp.get("/working-days")
@only("admin")
def working_days() -> Answer:
    """The special days of a year, and the ways to enter and correct them."""
    return _page()


@bp.post("/working-days")
@only("admin")
def enter_year() -> Answer:
    """Enter the next year."""
    form = YearForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.enter_year(
                    form.year.data or 0,
                    form.off.data or "",
                    form.made_up.data or "",
                    by=current_actor(),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The year is entered."), "success")
            return redirect(url_for("reference.working_days", year=form.year.data), 303)
    return _page(year_form=form)


@bp.post("/working-days/correct")
@only("admin")
def correct_day() -> Answer:
    """Correct one day."""
    form = _day_form()
    if form.validate_on_submit() and form.on.data:
        try:
            with transaction():
                service.correct_day(
                    form.on.data,
                    form.note.data or "",
                    is_workday=form.works.data == "yes",
                    by=current_actor(),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The day is corrected."), "success")
            return redirect(url_for("reference.working_days", year=form.on.data.year), 303)
    return _page(day_form=form)


def _day_form(*, empty: bool = False) -> DayForm:
    form = DayForm(formdata=None) if empty else DayForm()
    form.works.choices = [("yes", _("people work")), ("no", _("nobody works"))]
    return form


def _page(*, year_form: YearForm | None = None, day_form: DayForm | None = None) -> tuple[str, int]:
    years = queries.entered_years()
    asked = request.args.get("year", "")
    year = int(asked) if asked in {str(known) for known in years} else clock.today(clock.now()).year
    shown = year_form or day_form
    page = render_template(
        "reference/working_days.html",
        form=shown,
        year=year,
        years=years[-6:],
        days=queries.special_days(year),
        working=queries.working_days_of(year),
        next_year=years[-1] + 1 if years else year,
        year_form=year_form or YearForm(formdata=None, year=years[-1] + 1 if years else year),
        day_form=day_form or _day_form(empty=True),
    )
    return page, 422 if shown is not None and shown.errors else 200
