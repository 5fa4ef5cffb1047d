"""The treasury's answer: each row accounted for, the sets moved at once, the same file twice changing nothing."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import bindparam, literal, select, update

from equipment_cloud.foundation import audit, stored_file, tabular
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.bulk import chunks
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, WrongState
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Batch, BatchLine, Claim, PaymentFile
from equipment_cloud.settlement.rules import (
    BatchState,
    ClaimState,
    LineFact,
    LineState,
    ResultRow,
    RowProblem,
    Verdict,
    judge,
    rows_of_table,
)
from equipment_cloud.settlement.service.assembling import move_claims
from equipment_cloud.settlement.service.checking import do_step
from equipment_cloud.settlement.service.noticing import end_lines
from equipment_cloud.settlement.service.records import in_states, locked_batch
from equipment_cloud.settlement.service.telling import tell_payees
from equipment_cloud.vouchers import service as vouchers
from equipment_cloud.vouchers.models import Voucher

MOST_PROBLEMS = 10_000
TWICE = N_("Line %(line)s stands in row %(row)s of the file already.")
_LINES: Any = BatchLine.__table__


def import_table(batch_id: int, stream: BinaryIO, name: str, *, by: Actor, now: datetime) -> PaymentFile:
    """Take the treasury's workbook or csv. Raises :class:`Invalid` when it is no such table."""
    permit(policy.may_pay(by))
    content = stream.read(tabular.Limits().bytes + 1)
    known = _known(batch_id, hashlib.sha256(content).hexdigest())
    if known is not None:
        return known
    table = tabular.read(io.BytesIO(content), name)
    rows, problems = rows_of_table(table.rows)
    kept = stored_file.store(io.BytesIO(content), name, by=by, now=now, allowed=None)
    return import_results(batch_id, rows, problems, sha256=kept.sha256, file_id=kept.id, by=by, now=now)


def import_results(
    batch_id: int,
    rows: Sequence[ResultRow],
    problems: Sequence[RowProblem] = (),
    *,
    by: Actor,
    now: datetime,
    sha256: str | None = None,
    file_id: int | None = None,
) -> PaymentFile:
    """Apply results row by row in judgement, as sets in the database. ``sha256`` tells a file sent before."""
    permit(policy.may_pay(by))
    batch = locked_batch(batch_id)
    key = sha256 or _key(rows)
    known = _known(batch_id, key)
    if known is not None:
        return known
    if batch.state is not BatchState.SENT:
        raise WrongState(current=batch.state.value)
    verdicts, refused = _judged(batch, rows)
    record = PaymentFile(batch_id=batch_id, file_id=file_id, sha256=key, imported_by=by.id, imported_at=now, outcome={})
    session().add(record)
    session().flush()
    _apply(batch, record.id, verdicts, by=by, now=now)
    batch = locked_batch(batch_id)
    record.outcome = _outcome(batch, len(rows) + len(problems), verdicts, [*problems, *refused])
    if not record.outcome["without_result"]:
        do_step(batch, "pay", by=by, now=now)
    session().flush()
    detail = {name: value for name, value in record.outcome.items() if name != "problems"}
    audit.note("settlement.import-results", f"batch:{batch_id}", by=by, now=now, detail={**detail, "sha256": key})
    return record


def _judged(batch: Batch, rows: Sequence[ResultRow]) -> tuple[list[Verdict], list[RowProblem]]:
    """A verdict for each row; a line named twice in one file is refused the second time unless it says the same."""
    lines = _lines(batch.id)
    verdicts: list[Verdict] = []
    refused: list[RowProblem] = []
    seen: dict[int, ResultRow] = {}
    for row in rows:
        earlier = seen.get(row.position)
        if earlier is not None:
            refused.append(RowProblem(row.row, "twice", TWICE, {"line": row.position, "row": earlier.row}))
            continue
        verdict = judge(lines, row)
        if isinstance(verdict, Verdict):
            seen[row.position] = row
            verdicts.append(verdict)
        else:
            refused.append(verdict)
    return verdicts, refused


def _lines(batch_id: int) -> dict[int, LineFact]:
    rows = session().execute(
        select(
            BatchLine.position,
            BatchLine.id,
            BatchLine.claim_id,
            Claim.number,
            BatchLine.amount_fen,
            BatchLine.state,
            BatchLine.treasury_reference,
        )
        .join(Claim, Claim.id == BatchLine.claim_id)
        .where(BatchLine.batch_id == batch_id)
        .order_by(BatchLine.position)
    )
    return {
        position: LineFact(line_id, claim_id, number or "", fen, state, reference)
        for position, line_id, claim_id, number, fen, state, reference in rows
    }


def _apply(batch: Batch, file_id: int, verdicts: Iterable[Verdict], *, by: Actor, now: datetime) -> None:
    by_act: dict[str, list[Verdict]] = {"paid": [], "bounced": [], "returned": [], "unchanged": []}
    for verdict in verdicts:
        by_act[verdict.act].append(verdict)
    batch_id, reference = batch.id, f"batch:{batch.id}"
    _write(by_act["paid"], LineState.PAID)
    _pay(batch_id, reference, by=by, now=now)
    for verdict in by_act["returned"]:  # the few payments the bank sent back after it had made them
        cause = f"bounce:{reference}:file:{file_id}:claim:{verdict.line.claim_id}"
        vouchers.bounce_claim(verdict.line.claim_id, verdict.line.amount_fen, cause=cause, by=by, now=now)
    bounced = [*by_act["bounced"], *by_act["returned"]]
    _write(bounced, LineState.BOUNCED)
    if bounced:
        sources = {ClaimState.PAYABLE, ClaimState.PAID}
        _note_claims("settlement.bounced", batch_id, LineState.BOUNCED, sources, by=by, now=now)
        tell_payees(batch_id, LineState.BOUNCED, sources, now=now)
        move_claims(batch_id, LineState.BOUNCED, sources, ClaimState.BOUNCED)
        end_lines(batch_id, LineState.BOUNCED)


def _pay(batch_id: int, reference: str, *, by: Actor, now: datetime) -> None:
    """Everything that was just marked paid and whose claim is still payable: ledger, note, message, state, as sets."""
    fresh = (
        select(Claim.id, Voucher.pool_id, BatchLine.amount_fen)
        .join(BatchLine, BatchLine.claim_id == Claim.id)
        .join(Voucher, Voucher.id == Claim.voucher_id)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == LineState.PAID)
        .where(in_states({ClaimState.PAYABLE}))
        .order_by(BatchLine.position)
    )
    rows = [(row[0], row[1], row[2]) for row in session().execute(fresh)]
    if not rows:
        return
    vouchers.pay_claims(rows, cause_prefix=f"pay:{reference}", by=by, now=now)
    _note_claims("settlement.paid", batch_id, LineState.PAID, {ClaimState.PAYABLE}, by=by, now=now)
    tell_payees(batch_id, LineState.PAID, {ClaimState.PAYABLE}, now=now)
    session().execute(
        update(Claim)
        .where(Claim.id == BatchLine.claim_id)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == LineState.PAID)
        .where(in_states({ClaimState.PAYABLE}))
        .values(state=ClaimState.PAID, paid_on=BatchLine.paid_on, revision=Claim.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()


def _write(verdicts: Sequence[Verdict], state: LineState) -> None:
    """What the rows say, onto their lines, many lines a round trip."""
    statement = (
        update(_LINES)
        .where(_LINES.c.id == bindparam("line"))
        .values(
            state=state,
            paid_on=bindparam("day"),
            treasury_reference=bindparam("reference"),
            bounce_reason=bindparam("reason"),
        )
    )
    for portion in chunks(verdicts):
        session().connection().execute(statement, [_values(verdict) for verdict in portion])


def _values(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    reason = row.reason if verdict.act != "paid" else None
    return {"line": verdict.line.line_id, "day": row.paid_on, "reference": row.reference, "reason": reason}


def _note_claims(
    action: str, batch_id: int, state: LineState, sources: set[ClaimState], *, by: Actor, now: datetime
) -> None:
    references = (
        select(literal("claim:").concat(Claim.id))
        .join(BatchLine, BatchLine.claim_id == Claim.id)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == state)
        .where(in_states(sources))
        .order_by(BatchLine.position)
    )
    audit.note_each(action, references, by=by, now=now, detail={"batch": batch_id})


def _outcome(batch: Batch, rows: int, verdicts: Sequence[Verdict], problems: Sequence[RowProblem]) -> dict[str, Any]:
    """Every row once: paid, bounced, unchanged or refused; and how many lines still wait."""
    acts = [verdict.act for verdict in verdicts]
    waiting, waiting_fen = queries.sums(batch).of("payable")
    return {
        "rows": rows,
        "paid": acts.count("paid"),
        "bounced": acts.count("bounced") + acts.count("returned"),
        "unchanged": acts.count("unchanged"),
        "refused": len(problems),
        "paid_fen": sum(verdict.line.amount_fen for verdict in verdicts if verdict.act == "paid"),
        "without_result": waiting,
        "without_result_fen": waiting_fen,
        "problems": [
            {"row": problem.row, "code": problem.code, "message": problem.message, "values": dict(problem.values)}
            for problem in sorted(problems, key=lambda problem: problem.row)[:MOST_PROBLEMS]
        ],
    }


def _known(batch_id: int, sha256: str) -> PaymentFile | None:
    return session().scalar(
        select(PaymentFile).where(PaymentFile.batch_id == batch_id).where(PaymentFile.sha256 == sha256)
    )


def _key(rows: Sequence[ResultRow]) -> str:
    text = json.dumps(
        [
            [
                str(part)
                for part in (
                    row.position,
                    row.claim_number,
                    row.amount_fen,
                    row.result,
                    row.paid_on,
                    row.reference,
                    row.reason,
                )
            ]
            for row in rows
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()
