"""What the command line runs: one call a command, in its own transaction, answering with plain values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from equipment_cloud.foundation import stored_file
from equipment_cloud.foundation.access import SYSTEM, Actor
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.tabular import Limits, read_path
from equipment_cloud.survey import queries, service
from equipment_cloud.survey.models import Campaign
from equipment_cloud.survey.service import Plan, Request, problem_row
from equipment_cloud.survey.template import write_template
from equipment_cloud.survey.wording import problem_words

__all__ = ["import_file", "write_template"]


def import_file(
    path: str | Path,
    campaign_code: str,
    mapping: str | None = None,
    organisation: str | None = None,
    sheet: str | None = None,
    *,
    dry_run: bool = False,
    now: datetime,
    by: Actor = SYSTEM,
) -> dict[str, Any]:
    """``flask survey import``: the counts and every problem, as the interface promises.

    ``mapping`` is a name (``docs/mappings``, saved ones) or a TOML file, ``organisation`` a credit code. Raises
    :class:`Refused` when the file as a whole cannot be read; refused rows are part of the answer.
    """
    layout = queries.layout(mapping, files=True)
    code = service.checked_code(organisation) if organisation else None
    table = read_path(Path(path), sheet=sheet or layout.sheet)
    rows = service.read_rows(table, layout, now=now)
    session().rollback()
    if dry_run:
        plan = service.plan_of(Request(rows, Campaign(), None, code))
        session().rollback()
        return _answer(plan)
    with transaction():
        campaign = service.find_or_open_campaign(campaign_code, by=by, now=now)
        with Path(path).open("rb") as stream:
            kept = stored_file.store(stream, Path(path).name, by=by, now=now, allowed=None, most=Limits().bytes)
        _run, plan = service.import_rows(Request(rows, campaign, kept, code), by=by, now=now)
    return _answer(plan)


def _answer(plan: Plan) -> dict[str, Any]:
    problems = []
    for finding in plan.findings:
        row = problem_row(finding)
        row["message"] = problem_words(row["message"], row.pop("values"))
        problems.append(row)
    return {**plan.counts(), "problems": problems}
