"""Undoing an import while nothing depends on it: records it created go, records it changed get back what they held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.catalog.service import BulkRow
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Problem, Words, WrongState
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import ImportRun, ImportStage, SurveyRow
from equipment_cloud.survey.queries import Dependant
from equipment_cloud.survey.rules import comparable
from equipment_cloud.survey.service.imports import lock_campaign

UNDOABLE = frozenset({ImportStage.DONE, ImportStage.FAILED})
_KINDS: Mapping[str, str] = {
    "edited": N_("edited or handed in since"),
    "verified": N_("verified since"),
    "later-import": N_("in a later import; undo that one first"),
    "changed": N_("changed here since"),
    "booking": N_("bookings"),
    "occupation": N_("time taken in the calendar"),
    "calendar": N_("a calendar"),
    "price_plan": N_("price plans"),
    "opening_hours": N_("opening hours"),
    "calibration": N_("calibrations"),
    "instrument": N_("records merged into these"),
    "service_instrument": N_("test services"),
    "usage_record": N_("usage records"),
}
"""Words for what depends; a table without words of its own is named as it is."""


def undo(run_id: int, *, by: Actor, now: datetime) -> ImportRun:
    """Take an import back, all of it. Raises Conflict ``depended-on`` with everything that stands in the way.

    Organisations that the import created stay: they may have been looked at, and an empty one does no harm.
    """
    permit(policy.may_run(by))
    run = queries.import_run(run_id, lock=True)
    lock_campaign(run.campaign)
    if run.stage not in UNDOABLE:
        raise WrongState(current=run.stage.value)
    back, changed = _to_restore(run_id)
    _check(queries.dependants_of(run_id), changed)
    catalog.bulk_upsert(back, by=by, now=now, source=f"undo:{run_id}")
    created = list(session().scalars(queries.created_by(run_id)))
    try:
        with session().begin_nested():
            session().execute(delete(SurveyRow).where(SurveyRow.run_id == run_id))
            catalog.bulk_remove(created, by=by, now=now, source=f"undo:{run_id}")
    except IntegrityError:
        raise Conflict(N_("Something began to depend on this import just now."), code="depended-on",
                       remedy=N_("Try again to see what it is.")) from None  # fmt: skip
    run.stage, run.ended_at = ImportStage.UNDONE, now
    detail = {"removed": len(created), "restored": len(back)}
    audit.note("survey.undo-import", f"import:{run_id}", by=by, now=now, detail=detail)
    session().flush()
    return run


def _to_restore(run_id: int) -> tuple[list[BulkRow], list[str]]:
    """What to write back, and the codes of records that no longer say what the import wrote."""
    back, changed = [], []
    for row, record in queries.updates_of(run_id):
        before = row.before or {}
        if _still_says(record, before, row.values or {}):
            values = {name: catalog.from_plain(name, value) for name, value in before.items()}
            now_held = {name: getattr(record, name) for name in before}
            back.append(BulkRow(record.organisation_id, record.unit_number, values, record.id, before=now_held))
        else:
            changed.append(record.code or "")
    return back, changed


def _still_says(record: Instrument, before: Mapping[str, Any], wrote: Mapping[str, Any]) -> bool:
    held = comparable({name: getattr(record, name) for name in before})
    return all(
        wrote.get(name, {}).items() <= value.items() if name == "extra" else value == wrote.get(name)
        for name, value in held.items()
    )


def _check(found: Sequence[Dependant], changed: Sequence[str]) -> None:
    if changed:
        found = [*found, Dependant("changed", len(changed), tuple(changed[:5]))]
    problems = [
        Problem(item.kind, N_("%(count)s: %(what)s (%(codes)s)"),
                values={"count": item.count, "what": Words(_KINDS.get(item.kind, item.kind)),
                        "codes": ", ".join(item.codes)})
        for item in found
    ]  # fmt: skip
    if problems:
        raise Conflict(
            N_("This import cannot be undone: other things depend on what it wrote."),
            problems=problems,
            code="depended-on",
            remedy=N_("Take these back first, or correct the records one by one."),
        )
