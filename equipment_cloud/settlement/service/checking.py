"""The chain of a batch: each step after the one before, the second check by someone who did not assemble it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Batch, BatchStep
from equipment_cloud.settlement.rules import BatchState
from equipment_cloud.settlement.rules.states import ACTED_STEPS
from equipment_cloud.settlement.service.records import locked_batch


class StepOpen(Conflict):
    """An earlier step of the chain is still open (409)."""

    code: ClassVar[str] = "step-open"
    message = N_("An earlier step of this batch is still open.")
    remedy = N_("See the chain of the batch: do that step first.")


class SumsDiffer(Conflict):
    """The lines do not add up to what was assembled (409): nobody signs that."""

    code: ClassVar[str] = "sums-differ"
    message = N_("The lines of this batch do not add up to its total.")
    remedy = N_("Do not go on; call the platform desk and run the check of the ledger.")


def check_batch(batch_id: int, *, note: str | None = None, by: Actor, now: datetime) -> Batch:
    """The leader's second check (复核)."""
    permit(policy.may_check(by))
    batch = locked_batch(batch_id)
    if batch.state is not BatchState.ASSEMBLED:
        raise WrongState(current=batch.state.value)
    if not queries.sums(batch).agrees:
        raise SumsDiffer
    assembled_by = {step.person_id for step in queries.steps_of(batch.id) if step.code == "assemble"}
    if by.id in assembled_by:
        raise SamePerson
    do_step(batch, "check", note=note, by=by, now=now)
    batch.state, batch.checked_by = BatchState.CHECKED, by.id
    session().flush()
    detail = {"total_fen": batch.total_fen}
    audit.note("settlement.check-batch", f"batch:{batch.id}", by=by, now=now, detail=detail)
    return batch


def tick_step(
    batch_id: int, step_id: int, *, document_number: str | None, note: str | None, by: Actor, now: datetime
) -> BatchStep:
    """Tick off a step of the office's own chain (联审, 会议, 文号) that has no act of its own here."""
    permit(policy.may_tick(by))
    batch = locked_batch(batch_id)
    step = session().scalar(select(BatchStep).where(BatchStep.id == step_id).where(BatchStep.batch_id == batch_id))
    if step is None:
        raise NotFound
    if step.code in ACTED_STEPS or step.done_at is not None:
        raise WrongState(current=step.code)
    if not (document_number or note):
        raise Invalid.single("note-missing", N_("Give a document number or say what was decided."), field="note")
    do_step(batch, step.code, document_number=document_number, note=note, by=by, now=now)
    audit.note("settlement.tick-step", f"batch:{batch.id}", by=by, now=now, detail={"step": step.code})
    return step


def do_step(
    batch: Batch,
    code: str,
    *,
    by: Actor,
    now: datetime,
    document_number: str | None = None,
    note: str | None = None,
) -> None:
    """Mark a step done, if the chain has it. Raises :class:`StepOpen` while an earlier one is open."""
    for step in queries.steps_of(batch.id):
        if step.code == code:
            step.done_at, step.person_id, step.person_name = now, by.id or None, by.name
            step.document_number, step.note = document_number, note
            break
        if step.done_at is None and step.code != "pay":
            raise StepOpen
    session().flush()
