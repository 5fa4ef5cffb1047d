"""The second look at paid claims: what was drawn, and what was found."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.settlement import policy, queries, service
from equipment_cloud.settlement.forms import JudgementForm
from equipment_cloud.settlement.rules.sampling import SampleState
from equipment_cloud.settlement.views.blueprint import bp


@bp.get("/samples")
@only(*policy.READER_ROLES)
def samples() -> str:
    """All draws, the last first."""
    number, size = asked_page()
    page = queries.samples_page(number=number, size=size)
    sums = queries.sample_sums([sample.id for sample in page.items])
    return render_template("settlement/samples.html", page=page, sums=sums)


@bp.get("/samples/<int:sample_id>")
@only(*policy.READER_ROLES)
def sample(sample_id: int) -> str:
    """One draw: how it was drawn, and every claim in it."""
    found = queries.sample(sample_id)
    number, size = asked_page(50)
    return render_template(
        "settlement/sample.html",
        sample=found,
        sums=queries.sample_sums([found.id])[found.id],
        page=queries.sample_lines(found.id, number=number, size=size),
    )


@bp.get("/samples/<int:sample_id>/lines/<int:line_id>")
@only(*policy.READER_ROLES)
def sample_line(sample_id: int, line_id: int) -> str:
    """One claim of a draw, and the form for what was found."""
    return _line_page(sample_id, line_id, JudgementForm())


@bp.post("/samples/<int:sample_id>/lines/<int:line_id>")
@only(*policy.SAMPLE_ROLES)
def judge_sampled(sample_id: int, line_id: int) -> Response | tuple[str, int]:
    """What the second look found."""
    queries.sample_line(sample_id, line_id)
    form = JudgementForm()
    if form.validate_on_submit():
        result = SampleState(form.result.data)
        try:
            with transaction():
                service.judge_sampled(line_id, result, form.opinion.data or "", by=current_actor(), now=clock.now())
        except Invalid as refusal:
            form.show(refusal)
        else:
            flash(_("What was found is recorded."), "success")
            return redirect(url_for("settlement.sample", sample_id=sample_id), 303)
    return _line_page(sample_id, line_id, form), 422


def _line_page(sample_id: int, line_id: int, form: JudgementForm) -> str:
    line = queries.sample_line(sample_id, line_id)
    may_judge = line.state is SampleState.OPEN and policy.may_judge_sample(current_actor())
    return render_template(
        "settlement/sample_line.html",
        sample=queries.sample(sample_id),
        line=line,
        claim=queries.claim(line.claim_id),
        form=form if may_judge else None,
    )
