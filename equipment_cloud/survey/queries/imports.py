"""Imports, their problems, and what rows said before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.survey.models import Campaign, ImportProblem, ImportRun, ImportStage, SurveyRow

_CHUNK = 5000


def import_run(run_id: int, *, lock: bool = False) -> ImportRun:
    """One import with its campaign and file; with ``lock`` under a row lock, read anew. Raises :class:`NotFound`."""
    statement = select(ImportRun).where(ImportRun.id == run_id)
    if lock:
        locked = statement.with_for_update().execution_options(populate_existing=True)
        found = session().scalar(locked)
    else:
        found = session().scalar(statement.options(joinedload(ImportRun.campaign), joinedload(ImportRun.file)))
    if found is None:
        raise NotFound
    return found


def import_of_preview(preview_id: int) -> ImportRun | None:
    """What became of a preview, if it was confirmed."""
    return session().scalar(select(ImportRun).where(ImportRun.preview_id == preview_id))


def waiting_imports() -> list[int]:
    """Ids of imports on the clock's list, oldest first; 20 at most."""
    statement = select(ImportRun.id).where(ImportRun.stage == ImportStage.WAITING)
    return list(session().scalars(statement.order_by(ImportRun.id).limit(20)))


def imports_of(campaign_id: int, *, number: int, size: int) -> Page[ImportRun]:
    """Imports of a campaign that wrote something, newest first."""
    statement = select(ImportRun).where(ImportRun.campaign_id == campaign_id, ImportRun.is_dry_run.is_(False))
    statement = statement.options(joinedload(ImportRun.file)).order_by(ImportRun.id.desc())
    return scalars_page(statement, number=number, size=size)


def problems_page(run_id: int, *, number: int, size: int, level: str | None = None) -> Page[ImportProblem]:
    """Problems of an import in the order of the sheet."""
    statement = select(ImportProblem).where(ImportProblem.run_id == run_id)
    if level in {"error", "warning"}:
        statement = statement.where(ImportProblem.level == level)
    return scalars_page(statement.order_by(ImportProblem.row, ImportProblem.id), number=number, size=size)


def problem_counts(run_id: int) -> list[tuple[str, str, int]]:
    """``(level, code, count)``, errors first, most first."""
    statement = select(ImportProblem.level, ImportProblem.code, func.count()).where(ImportProblem.run_id == run_id)
    statement = statement.group_by(ImportProblem.level, ImportProblem.code)
    rows = session().execute(statement.order_by(ImportProblem.level, func.count().desc(), ImportProblem.code))
    return [(level, code, count) for level, code, count in rows]


def all_problems(run_id: int) -> Iterator[ImportProblem]:
    """All problems of an import, streamed."""
    statement = select(ImportProblem).where(ImportProblem.run_id == run_id)
    ordered = statement.order_by(ImportProblem.row, ImportProblem.id).execution_options(yield_per=1000)
    yield from session().scalars(ordered)


def last_values(instrument_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the last import that wrote each record said of it."""
    found: dict[int, dict[str, Any]] = {}
    ids = sorted(instrument_ids)
    for start in range(0, len(ids), _CHUNK):
        latest = (
            select(func.max(SurveyRow.id))
            .where(SurveyRow.instrument_id.in_(ids[start : start + _CHUNK]), SurveyRow.values.is_not(None))
            .group_by(SurveyRow.instrument_id)
        )
        statement = select(SurveyRow.instrument_id, SurveyRow.values).where(SurveyRow.id.in_(latest))
        found.update((record_id, values or {}) for record_id, values in session().execute(statement))
    return found


def sources_of(instrument_id: int, *, number: int, size: int) -> Page[Any]:
    """``(survey row, import, campaign)`` of a record, newest first."""
    statement = (
        select(SurveyRow, ImportRun, Campaign)
        .join(ImportRun, ImportRun.id == SurveyRow.run_id)
        .join(Campaign, Campaign.id == ImportRun.campaign_id)
        .where(SurveyRow.instrument_id == instrument_id)
        .order_by(SurveyRow.id.desc())
    )
    return rows_page(statement, number=number, size=size)
