"""The clock's page: every job, its last run, its next; and running one by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation import jobs as machinery
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import RunState
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.portal import queries, wording
from equipment_cloud.portal.forms import RunForm
from equipment_cloud.portal.rules import WATCHERS
from equipment_cloud.portal.views.blueprint import bp


def outcome_words(outcome: dict[str, Any]) -> str:
    """What a run did, in the reader's language; what a job broke on stays as the machine said it."""
    if "gap" in outcome:
        first, last = outcome["gap"]
        return str(_("Not run from %(first)s to %(last)s: older than 31 days, please run these dates by hand.",
                     first=first, last=last))  # fmt: skip
    if "error" in outcome or "done" not in outcome:
        return machinery.summary(outcome)
    return str(_("%(failed)s of %(all)s failed", failed=outcome["failed"], all=outcome["done"] + outcome["failed"]))


@bp.get("/jobs")
@only(*WATCHERS)
def jobs() -> str:
    """All jobs; says plainly when the clock stands still."""
    now = clock.now()
    beat_at = machinery.last_beat()
    return render_template(
        "portal/jobs.html",
        lines=machinery.overview(now=now),
        failures=machinery.recent_failures(now=now),
        summary=outcome_words,
        job_words=wording.job_words,
        rhythm_words=wording.rhythm_words,
        beat_at=beat_at,
        stands_still=machinery.stands_still(beat_at, now=now),
        may_run=current_actor().has("admin"),
    )


@bp.get("/jobs/<string:job_name>")
@only(*WATCHERS)
def job(job_name: str) -> str:
    """One job and its runs."""
    found = machinery.named(job_name)
    number, size = asked_page()
    return render_template(
        "portal/job.html",
        job=found,
        page=queries.runs_page(found.name, number=number, size=size),
        summary=outcome_words,
        job_words=wording.job_words,
        rhythm_words=wording.rhythm_words,
        next_run_at=machinery.next_due(found, clock.now()),
        form=RunForm(),
        may_run=current_actor().has("admin"),
    )


@bp.post("/jobs/<string:job_name>/run")
@only("admin")
def run_job(job_name: str) -> Response:
    """Run a job now for a business date (today if none is given); running it again changes nothing."""
    found, actor, now = machinery.named(job_name), current_actor(), clock.now()
    form = RunForm()
    permit(allowed=actor.has("admin"))
    if not form.validate_on_submit():
        flash(_("This is not a date."), "error")
        return redirect(url_for("portal.job", job_name=found.name), 303)
    day = form.on.data or clock.today(now)
    with transaction():
        audit.note("jobs.run", f"job:{found.name}", by=actor, now=now, detail={"on": day.isoformat()})
    run = machinery.run_once(found, machinery.due_on(day), now=now, again=True)
    if run is None:
        flash(_("Someone else started it at the same moment."), "warning")
    elif run.state is RunState.FAILED:
        flash(_("The job failed: %(words)s", words=outcome_words(run.outcome)), "error")
    else:
        flash(_("The job ran: %(words)s.", words=outcome_words(run.outcome)), "success")
    return redirect(url_for("portal.job", job_name=found.name), 303)
