"""``flask scheduler``, ``flask jobs``, ``flask audit``: the clock and what it seals."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from equipment_cloud import scheduler
from equipment_cloud.cli.speech import always_json, business_day, refusable, say
from equipment_cloud.foundation import clock, jobs, sealing
from equipment_cloud.foundation.job import JobRun, RunState

job_commands = AppGroup("jobs", help="Scheduled jobs: list them, run one by hand.")
audit_commands = AppGroup("audit", help="The audit trail.")


@click.command("scheduler")
@with_appcontext
def scheduler_command() -> None:
    """Run the clock until it is stopped; a second one may stand by."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler.run(current_app._get_current_object())  # type: ignore[attr-defined]


@job_commands.command("list")
@always_json
def list_jobs() -> None:
    """All jobs as JSON: name, cron, last run, next run."""
    lines = jobs.overview(now=clock.now())
    say(
        [
            {
                "name": line.job.name,
                "cron": line.job.cron,
                "last_run": _last(line.last_run),
                "next_run_at": clock.local(line.next_run_at).isoformat(),
            }
            for line in lines
        ]
    )


@job_commands.command("run")
@click.argument("name")
@click.option("--on", type=business_day, help="Business date (today if not given).")
@always_json
@refusable
def run_job(name: str, on: datetime | None) -> None:
    """Run a job for a business date; repeating it changes nothing."""
    now = clock.now()
    known = {job.name: job for job in jobs.known()}
    if name not in known:
        raise click.UsageError(f"There is no job {name}. Jobs: {', '.join(sorted(known))}")
    day = on.date() if on else clock.today(now)
    run = jobs.run_once(known[name], jobs.due_on(day), now=now, again=True)
    report: dict[str, Any] = {"name": name, "on": day.isoformat(), "state": "taken", "outcome": ""}
    if run is not None:
        report |= {"state": run.state.value, "outcome": jobs.summary(run.outcome), **run.outcome}
    say(report)
    if run is None or run.state is RunState.FAILED:
        raise click.exceptions.Exit(1)


def _last(run: JobRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "due_at": clock.local(run.due_at).isoformat(),
        "state": run.state.value,
        "outcome": jobs.summary(run.outcome),
    }


@audit_commands.command("verify")
@always_json
@refusable
def verify_audit() -> None:
    """Seal what is not sealed yet, then read the whole chain again."""
    sealing.seal(now=clock.now())
    verdict = sealing.verify()
    say(verdict.as_dict())
    if not verdict.ok:
        raise click.exceptions.Exit(1)
