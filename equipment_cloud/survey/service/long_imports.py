"""Imports too long for one request: written part by part by the clock, going on where the last part ended.

A part is one transaction that writes its rows and moves ``done_rows``: whoever dies in between loses nothing and
doubles nothing, and the next process begins at the first row that is not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import Problem, Refused, WrongState
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import ImportProblem, ImportRun, ImportStage
from equipment_cloud.survey.rules import Draft, Finding
from equipment_cloud.survey.service.campaigns import check_open
from equipment_cloud.survey.service.imports import keep_problems, lock_owners, write_steps
from equipment_cloud.survey.service.owners import Owner, create_missing, find_owners
from equipment_cloud.survey.service.planning import MOST_WARNINGS, bounded, flag_all, steps_of
from equipment_cloud.survey.service.reading import Rows
from equipment_cloud.survey.service.units import enrol_imported

MOST_AT_ONCE = 2_000
"""Rows that are still written while the reader waits."""
ROWS_OF_A_PART = 500
STALE_AFTER = timedelta(minutes=5)
"""A process that gave no sign of life for so long is dead; another may go on."""


@dataclass(slots=True)
class LongImport:
    """A waiting import in this process's hands."""

    run_id: int
    rows: Rows
    owners: Mapping[int, Owner]
    by: Actor
    claimed_at: datetime
    position: int
    room: int
    """Warnings that may still be kept."""


def queue(preview: ImportRun, *, by: Actor, now: datetime) -> ImportRun:
    """Put a confirmed preview on the clock's list."""
    permit(policy.may_run(by))
    check_open(preview.campaign)
    run = ImportRun(
        campaign_id=preview.campaign_id, file_id=preview.file_id, mapping=preview.mapping, is_dry_run=False,
        stage=ImportStage.WAITING, preview_id=preview.id, done_rows=0, person_id=by.id, at=now, rows=preview.rows,
        created=0, updated=0, unchanged=0, refused=0, duplicates=0,
    )  # fmt: skip
    session().add(run)
    session().flush()
    audit.note("survey.queue-import", f"import:{run.id}", by=by, now=now, detail={"rows": run.rows})
    return run


def claim(run_id: int, *, now: datetime) -> bool:
    """Take a waiting import, unless another process holds it and is alive."""
    run = _locked(run_id)
    if run.stage is not ImportStage.WAITING or (run.claimed_at and run.claimed_at > now - STALE_AFTER):
        return False
    run.claimed_at = now
    session().flush()
    return True


def take_up(run: ImportRun, rows: Rows) -> LongImport:
    """Look at the table as a whole, before its parts are written. Writes nothing."""
    owners = find_owners(rows.drafts, rows.layout, run.mapping["organisation"])
    flag_all(rows, owners)
    kept = session().scalar(select(func.count()).where(ImportProblem.run_id == run.id, ImportProblem.level != "error"))
    person = accounts.person(run.person_id)
    room = max(0, MOST_WARNINGS - (kept or 0))
    if run.claimed_at is None:
        raise WrongState
    return LongImport(run.id, rows, owners, Actor(person.id, person.name), run.claimed_at, run.done_rows, room)


def write_part(work: LongImport, *, now: datetime) -> bool:
    """Write the next part; whether there is more to do for this process. One transaction of the caller's."""
    run = _locked(work.run_id)
    if (run.stage, run.claimed_at, run.done_rows) != (ImportStage.WAITING, work.claimed_at, work.position):
        return False
    check_open(run.campaign)
    drafts = work.rows.drafts[work.position : work.position + ROWS_OF_A_PART]
    owners = [work.owners[draft.row] for draft in drafts if not draft.is_refused]
    lock_owners(owners)
    create_missing(list({id(owner): owner for owner in owners}.values()), by=work.by, now=now)
    steps = steps_of(work.rows, drafts, work.owners)
    write_steps(run.id, steps, by=work.by, now=now)
    _keep_findings(work, drafts)
    for outcome in ("created", "updated", "unchanged"):
        setattr(run, outcome, getattr(run, outcome) + sum(step.outcome == outcome for step in steps))
    run.refused += len(drafts) - len(steps)
    run.duplicates += sum(draft.is_repeat for draft in drafts)
    run.done_rows += len(drafts)
    run.claimed_at = now
    if run.done_rows >= len(work.rows.drafts):
        _finish(run, work, now=now)
    session().flush()
    work.position, work.claimed_at = run.done_rows, now
    return run.stage is ImportStage.WAITING


def give_up(run_id: int, refusal: Refused, *, now: datetime) -> None:
    """The import cannot go on; what was written stays and can be undone, or it is tried again."""
    run = _locked(run_id)
    if run.stage is ImportStage.WAITING:
        run.stage, run.ended_at, run.claimed_at = ImportStage.FAILED, now, None
        found = refusal.problems or [Problem("failed", refusal.message_id, values=dict(refusal.values))]
        keep_problems(run.id, [Finding(1, problem) for problem in found])
        session().flush()


def try_again(run_id: int, *, by: Actor, now: datetime) -> ImportRun:
    """Put an import that was given up back on the clock's list; rows already written are not written again."""
    permit(policy.may_run(by))
    run = _locked(run_id)
    if run.stage is not ImportStage.FAILED:
        raise WrongState(current=run.stage.value)
    check_open(run.campaign)
    run.stage, run.ended_at, run.claimed_at = ImportStage.WAITING, None, None
    audit.note("survey.retry-import", f"import:{run.id}", by=by, now=now)
    session().flush()
    return run


def _finish(run: ImportRun, work: LongImport, *, now: datetime) -> None:
    run.rows, run.stage, run.ended_at = run.done_rows, ImportStage.DONE, now
    session().flush()
    enrol_imported(run.campaign, run.id, by=work.by, now=now)
    detail = {name: getattr(run, name) for name in ("rows", "created", "updated", "unchanged", "refused")}
    audit.note("survey.import", f"import:{run.id}", by=work.by, now=now, detail=detail)


def _keep_findings(work: LongImport, drafts: list[Draft]) -> None:
    whole = work.rows.findings if work.position == 0 else []
    findings = [*whole, *(finding for draft in drafts for finding in draft.findings)]
    if work.room > 0:
        kept = bounded(findings, work.rows.head.row, work.room)
        work.room -= sum(finding.problem.level != "error" for finding in kept)
    else:
        kept = [finding for finding in findings if finding.problem.level == "error"]
    keep_problems(work.run_id, kept)


def _locked(run_id: int) -> ImportRun:
    """The import under a row lock, read anew. Raises NotFound."""
    return queries.import_run(run_id, lock=True)
