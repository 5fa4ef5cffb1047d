"""Imports: a preview that writes no record, and the import itself, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.service import BulkRow
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import chunks
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.foundation.tabular import cell_name
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import Campaign, ImportProblem, ImportRun, ImportStage, SurveyRow
from equipment_cloud.survey.rules import Finding
from equipment_cloud.survey.service.campaigns import check_open
from equipment_cloud.survey.service.owners import Owner, create_missing, find_owners
from equipment_cloud.survey.service.planning import Plan, Step, make_plan
from equipment_cloud.survey.service.reading import Rows
from equipment_cloud.survey.service.units import enrol_imported


@dataclass(frozen=True, slots=True)
class Request:
    """What to import: rows read, into which campaign, from which kept file, for which owner (credit code)."""

    rows: Rows
    campaign: Campaign
    file: StoredFile | None
    organisation_code: str | None = None
    document: Mapping[str, Any] | None = None
    """The mapping itself where it was agreed on a page and saved under no name."""


def preview(request: Request, *, by: Actor, now: datetime) -> ImportRun:
    """Keep what an import would do, with every problem, for a person to look at. No record is written."""
    permit(policy.may_run(by))
    check_open(request.campaign)
    return keep_run(request, plan_of(request), ImportStage.PREVIEW, by=by, now=now)


def stage(
    campaign: Campaign, file: StoredFile, *, by: Actor, now: datetime, sheet: str | None = None, code: str | None = None
) -> ImportRun:
    """Keep a table whose columns a person must say first; nothing of it is read into anything yet."""
    permit(policy.may_run(by))
    check_open(campaign)
    run = ImportRun(
        campaign_id=campaign.id, file_id=file.id, is_dry_run=True, stage=ImportStage.COLUMNS, person_id=by.id, at=now,
        mapping={"name": None, "sheet": sheet, "encoding": None, "organisation": code}, done_rows=0,
        rows=0, created=0, updated=0, unchanged=0, refused=0, duplicates=0,
    )  # fmt: skip
    session().add(run)
    session().flush()
    return run


def confirmed(preview_id: int) -> ImportRun | None:
    """What became of a preview already, under the lock that a second click waits for."""
    found = queries.import_run(preview_id, lock=True)
    lock_campaign(found.campaign)
    return queries.import_of_preview(preview_id)


def import_rows(request: Request, *, by: Actor, now: datetime, preview_id: int | None = None) -> tuple[ImportRun, Plan]:
    """Write the rows: create what is new, update drafts, leave verified records alone.

    One transaction of the caller's; a second import of the same rows changes nothing. ``preview_id`` is the preview a
    person confirmed.
    """
    permit(by is SYSTEM or policy.may_run(by))
    check_open(request.campaign)
    lock_campaign(request.campaign)
    owners = find_owners(request.rows.drafts, request.rows.layout, request.organisation_code)
    lock_owners(owners.values())
    plan = make_plan(request.rows, owners)
    create_missing(plan.owners(), by=by, now=now)
    run = keep_run(request, plan, ImportStage.DONE, by=by, now=now, preview_id=preview_id)
    write_steps(run.id, plan.steps, by=by, now=now)
    enrol_imported(request.campaign, run.id, by=by, now=now)
    audit.note("survey.import", f"import:{run.id}", by=by, now=now, detail=plan.counts())
    session().flush()
    return run, plan


def plan_of(request: Request) -> Plan:
    """What an import would do now; writes nothing."""
    return make_plan(request.rows, find_owners(request.rows.drafts, request.rows.layout, request.organisation_code))


def problem_row(finding: Finding) -> dict[str, Any]:
    """A finding as it is stored and printed; ``message`` and ``remedy`` are message ids."""
    problem = finding.problem
    return {
        "row": finding.row,
        "column": finding.column or None,
        "cell": cell_name(finding.row, finding.index) if finding.index is not None and finding.index >= 0 else None,
        "code": problem.code,
        "message": problem.message,
        "values": {**problem.values, "remedy": problem.remedy},
        "level": problem.level,
    }


def _bulk_row(step: Step) -> BulkRow:
    record = step.record
    return BulkRow(
        organisation_id=step.owner.organisation_id or 0,
        unit_number=step.draft.unit_number,
        values=step.changes,
        instrument_id=record.id if record else None,
        positions=step.draft.positions,
        before={name: getattr(record, name) for name in step.changes} if record else None,
    )


def keep_run(
    request: Request, plan: Plan, stage: ImportStage, *, by: Actor, now: datetime, preview_id: int | None = None
) -> ImportRun:
    """The row of an import with its counts and problems."""
    run = ImportRun(
        campaign_id=request.campaign.id, file_id=request.file.id if request.file else None,
        mapping=mapping_of(request), is_dry_run=stage is ImportStage.PREVIEW, stage=stage, preview_id=preview_id,
        done_rows=0 if stage is ImportStage.PREVIEW else plan.rows, person_id=by.id, at=now,
        ended_at=now if stage is ImportStage.DONE else None, **plan.counts(),
    )  # fmt: skip
    session().add(run)
    session().flush()
    keep_problems(run.id, plan.findings)
    return run


def mapping_of(request: Request) -> dict[str, Any]:
    """How the table was read, to read it again in the same way."""
    rows = request.rows
    found = {"name": rows.layout.name, "sheet": rows.sheet, "encoding": rows.encoding,
             "organisation": request.organisation_code}  # fmt: skip
    return found | {"document": dict(request.document)} if request.document else found


def keep_problems(run_id: int, findings: Sequence[Finding]) -> None:
    """Every finding as a row."""
    problems = [{"run_id": run_id, **problem_row(finding)} for finding in findings]
    for part in chunks(problems):
        session().execute(insert(ImportProblem), part)


def write_steps(run_id: int, steps: Sequence[Step], *, by: Actor, now: datetime) -> None:
    """Write what is new or changed, and keep which record came from which row."""
    written = [step for step in steps if step.outcome in {"created", "updated"}]
    before = [step.before for step in steps]
    ids = catalog.bulk_upsert([_bulk_row(step) for step in written], by=by, now=now, source=f"import:{run_id}")
    new_ids = {id(step): record_id for step, record_id in zip(written, ids, strict=True)}
    rows = [
        {
            "run_id": run_id,
            "row": step.draft.row,
            "instrument_id": new_ids.get(id(step)) or (step.record.id if step.record else 0),
            "outcome": step.outcome,
            "before": was,
            "values": step.said,
        }
        for step, was in zip(steps, before, strict=True)
    ]
    for part in chunks(rows):
        session().execute(insert(SurveyRow), part)


def lock_campaign(campaign: Campaign) -> None:
    """A second click waits for the first, and finds its work done."""
    session().execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())


def lock_owners(owners: Iterable[Owner]) -> None:
    """Two imports for one unit wait for each other."""
    ids = sorted({owner.organisation_id for owner in owners if owner.organisation_id is not None})
    session().execute(
        select(Organisation.id).where(Organisation.id.in_(ids)).order_by(Organisation.id).with_for_update()
    )
