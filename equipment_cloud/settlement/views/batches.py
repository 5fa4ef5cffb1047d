"""Batches: assembled, checked, noticed, sent, paid, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock, mask
from equipment_cloud.foundation.access import Actor, current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.notices import queries as notices
from equipment_cloud.notices.models import NoticeState
from equipment_cloud.settlement import policy, queries, service
from equipment_cloud.settlement.forms import AssembleForm, PostForm, ResultsForm, SendForm, StepForm
from equipment_cloud.settlement.models import Batch
from equipment_cloud.settlement.rules import STEP_WORDS, BatchState, LineState, last_period
from equipment_cloud.settlement.rules.states import ACTED_STEPS
from equipment_cloud.settlement.views.blueprint import bp


@bp.get("/batches")
@only(*policy.READER_ROLES)
def batches() -> str:
    """All batches, newest first."""
    actor = current_actor()
    number, size = asked_page()
    form = _assemble_form() if policy.may_assemble(actor) else None
    return render_template("settlement/batches.html", page=queries.batches_page(number=number, size=size), form=form)


@bp.post("/batches")
@only(*policy.ASSEMBLERS)
def assemble() -> Response | tuple[str, int]:
    """A batch by hand, besides the clock's."""
    form = _assemble_form()
    if form.validate_on_submit():
        start, end = date_of(form.period_start), date_of(form.period_end)
        try:
            with transaction():
                batch = service.assemble(
                    form.pool_id.data, start, end, now=clock.now(), by=current_actor(), is_supplement=True
                )
                batch_id = batch.id if batch else None
        except Refused as refusal:
            form.show(refusal)
        else:
            if batch_id is None:
                flash(_("No approved claim was filed by then: there is nothing to list."), "info")
                return redirect(url_for("settlement.batches"), 303)
            flash(_("The batch is assembled. The leader gives it the second check."), "success")
            return redirect(url_for("settlement.batch", batch_id=batch_id), 303)
    return render_template("settlement/batches.html", page=queries.batches_page(number=1, size=20), form=form), 422


@bp.get("/batches/<int:batch_id>")
@only(*policy.READER_ROLES)
def batch(batch_id: int) -> str:
    """A batch with its chain, lines and totals."""
    return batch_page(queries.batch(batch_id))


def batch_page(found: Batch, **forms: Any) -> str:
    """The page of a batch; ``forms`` replaces the empty ones after a refusal."""
    actor = current_actor()
    number, size = asked_page(50)
    wanted = request.args.get("state")
    state = LineState(wanted) if wanted in set(LineState) else None
    steps = queries.steps_of(found.id)
    notice = notices.notice(found.notice_id) if found.notice_id else None
    page = queries.line_page(found, state=state, number=number, size=size)
    values: dict[str, Any] = {
        "batch": found,
        "steps": [(step, _(STEP_WORDS.get(step.code, step.code))) for step in steps],
        "place": next((index for index, step in enumerate(steps) if step.done_at is None), len(steps)),
        "page": page,
        "accounts": {account.id: mask.account(account.account_number) for *_row, account in page.items if account},
        "state": state,
        "sums": queries.sums(found),
        "notice": notice,
        "files": queries.files_of(found.id),
        "manual_steps": [(step.id, _(STEP_WORDS.get(step.code, step.code))) for step in steps if _by_hand(step)],
        **_acts(actor, found, is_notice_over=notice is not None and notice.state is NoticeState.CLOSED),
    }
    return render_template("settlement/batch.html", **(values | forms))


@bp.post("/batches/<int:batch_id>/check")
@only("leader")
def check_batch(batch_id: int) -> Response:
    """The second check."""
    with transaction():
        service.check_batch(batch_id, by=current_actor(), now=clock.now())
    flash(_("The batch is checked. It may be posted now."), "success")
    return redirect(url_for("settlement.batch", batch_id=batch_id), 303)


@bp.post("/batches/<int:batch_id>/steps")
@only(*policy.POSTERS)
def tick(batch_id: int) -> Response | tuple[str, int]:
    """A step of the office's own chain."""
    form = StepForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.tick_step(
                    batch_id, int(form.step_id.data or 0), document_number=form.document_number.data,
                    note=form.note.data, by=current_actor(), now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The step is recorded."), "success")
            return redirect(url_for("settlement.batch", batch_id=batch_id), 303)
    return batch_page(queries.batch(batch_id), step_form=form), 422


@bp.post("/batches/<int:batch_id>/notice")
@only(*policy.POSTERS)
def post_notice(batch_id: int) -> Response | tuple[str, int]:
    """Post the list for the policy's working days."""
    form = PostForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.post_notice(
                    batch_id, form.title.data or "", form.body.data or "", posted_on=date_of(form.posted_on),
                    address=form.address.data, by=current_actor(), now=clock.now(),
                )  # fmt: skip
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The list is posted. Anyone may object until the last day."), "success")
            return redirect(url_for("settlement.batch", batch_id=batch_id), 303)
    return batch_page(queries.batch(batch_id), post_form=form), 422


@bp.post("/batches/<int:batch_id>/send")
@only("treasurer")
def send(batch_id: int) -> Response:
    """Hand the payment list to the treasury."""
    form = SendForm()
    with transaction():
        service.send_batch(batch_id, document_number=form.document_number.data, by=current_actor(), now=clock.now())
    flash(_("The batch is sent. Export the payment list, and import the answer when it comes."), "success")
    return redirect(url_for("settlement.batch", batch_id=batch_id), 303)


@bp.post("/batches/<int:batch_id>/close")
@only("treasurer")
def close(batch_id: int) -> Response:
    """Close the books on it."""
    with transaction():
        service.close_batch(batch_id, by=current_actor(), now=clock.now())
    flash(_("The batch is closed."), "success")
    return redirect(url_for("settlement.batch", batch_id=batch_id), 303)


def _acts(actor: Actor, found: Batch, *, is_notice_over: bool) -> dict[str, Any]:
    """What this person may do to the batch now, and the forms for it."""
    state = found.state
    may_post = state is BatchState.CHECKED and policy.may_post(actor)
    pays = policy.may_pay(actor)
    may_send = state is BatchState.NOTICED and is_notice_over and pays
    return {
        "may_check": state is BatchState.ASSEMBLED and policy.may_check(actor),
        "may_send": may_send,
        "may_import": state is BatchState.SENT and pays,
        "may_close": state is BatchState.SENT and pays,
        "may_tick": state is not BatchState.CLOSED and policy.may_tick(actor),
        "post_form": _post_form(found) if may_post else None,
        "send_form": SendForm(formdata=None) if may_send else None,
        "results_form": ResultsForm(formdata=None) if state is BatchState.SENT and pays else None,
        "step_form": StepForm(formdata=None) if policy.may_tick(actor) else None,
    }


def _post_form(found: Batch) -> PostForm:
    form = PostForm(formdata=None)
    form.title.data = _(
        "Vouchers to be settled, %(start)s to %(end)s (%(number)s)",
        start=found.period_start.isoformat(), end=found.period_end.isoformat(), number=found.number,
    )  # fmt: skip
    form.body.data = _(
        "The following amounts are to be paid from innovation vouchers. "
        "Whoever objects to a line may say so with name and reasons within the period."
    )
    form.posted_on.data = clock.today(clock.now())
    return form


def _assemble_form() -> AssembleForm:
    form = AssembleForm()
    form.pool_id.choices = [(pool.id, f"{pool.year} {pool.policy.name}") for pool in queries.pools()]
    if not form.is_submitted():
        today = clock.today(clock.now())
        form.period_start.data, form.period_end.data = last_period(today, "half_year")[1] + timedelta(days=1), today
    return form


def _by_hand(step: Any) -> bool:
    return step.code not in ACTED_STEPS and step.done_at is None
