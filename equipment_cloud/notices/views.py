"""Pages of the notices room."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import actor_or_none, current_actor, only, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import N_, Refused
from equipment_cloud.notices import policy, queries, service
from equipment_cloud.notices.forms import DecisionForm, ObjectionForm
from equipment_cloud.notices.models import Notice, NoticeState

bp = Blueprint("notices", __name__)

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Public notices"), endpoint="notices.index", place="public", order=40),
    NavItem(label=N_("Objections"), endpoint="notices.objections", roles=policy.READERS, order=76),
)


@bp.get("/notices")
@public
def index() -> str:
    """All notices, those posted last first."""
    number, size = asked_page()
    wanted = request.args.get("state")
    state = NoticeState(wanted) if wanted in set(NoticeState) else None
    page = queries.page(state=state, number=number, size=size)
    today = clock.today(clock.now())
    left = {notice.id: queries.working_days_left(notice, today) for notice in page.items}
    return render_template("notices/index.html", page=page, state=state, left=left)


@bp.get("/notices/<int:notice_id>")
@public
def notice(notice_id: int) -> str:
    """A notice with its rows as they were posted."""
    found = queries.notice(notice_id)
    number, size = asked_page(50)
    today = clock.today(clock.now())
    return render_template(
        "notices/notice.html",
        notice=found,
        columns=_columns(found),
        page=queries.lines_page(notice_id, number=number, size=size),
        days_left=queries.working_days_left(found, today),
        may_object=found.state is NoticeState.OPEN and today <= found.closes_on,
        may_read_objections=policy.may_read_objections(actor_or_none()),
    )


@bp.get("/notices/<int:notice_id>/lines/<int:line_id>/objections/new")
@public
def new_objection(notice_id: int, line_id: int) -> str:
    """The form for an objection to one line."""
    return _objection_page(notice_id, line_id, ObjectionForm())


@bp.post("/notices/<int:notice_id>/lines/<int:line_id>/objections/new")
@public
@limiter.limit("10 per hour")
def raise_objection(notice_id: int, line_id: int) -> Response | tuple[str, int]:
    """Take the objection; the line stops until it is decided."""
    form = ObjectionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                given = (str(form.name.data), str(form.contact.data), str(form.text.data))
                service.object_to(notice_id, line_id, *given, now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("Your objection is recorded. The line is not paid before it is decided."), "success")
            return redirect(url_for("notices.notice", notice_id=notice_id), 303)
    return _objection_page(notice_id, line_id, form), 422


@bp.get("/notices/objections")
@only(*policy.READERS)
def objections() -> str:
    """Objections, open ones first to see."""
    number, size = asked_page()
    shown = request.args.get("state", "open")
    is_open = {"open": True, "decided": False}.get(shown)
    page = queries.objections_page(is_open=is_open, number=number, size=size)
    return render_template("notices/objections.html", page=page, shown=shown)


@bp.get("/notices/objections/<int:objection_id>")
@only(*policy.READERS)
def objection(objection_id: int) -> str:
    """One objection, and the form that decides it."""
    return _decision_page(objection_id, DecisionForm())


@bp.post("/notices/objections/<int:objection_id>/decide")
@only(*policy.DECIDERS)
def decide(objection_id: int) -> Response | tuple[str, int]:
    """Uphold or dismiss."""
    form = DecisionForm()
    if form.validate_on_submit():
        with transaction():
            upheld = form.upheld.data == "1"
            service.decide(
                objection_id, upheld=upheld, opinion=str(form.opinion.data), by=current_actor(), now=clock.now()
            )
        flash(_("The decision is recorded."), "success")
        return redirect(url_for("notices.objections"), 303)
    return _decision_page(objection_id, form), 422


def _objection_page(notice_id: int, line_id: int, form: ObjectionForm) -> str:
    found, line = queries.notice(notice_id), queries.line(notice_id, line_id)
    return render_template("notices/new_objection.html", notice=found, line=line, columns=_columns(found), form=form)


def _decision_page(objection_id: int, form: DecisionForm) -> str:
    found = queries.objection(objection_id)
    posted = queries.notice(found.line.notice_id)
    return render_template(
        "notices/objection.html",
        objection=found,
        notice=posted,
        columns=_columns(posted),
        form=form if found.upheld is None and policy.may_decide(current_actor()) else None,
    )


def _columns(notice: Notice) -> list[dict[str, str]]:
    """The printed headings in the reader's language."""
    return [{**column, "label": worded(column["label"])} for column in notice.columns]
