"""A half-year's claims from approved to paid, against raw SQL that writes the same rows."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from equipment_cloud.foundation.db import db
from equipment_cloud.settlement import service
from equipment_cloud.settlement.models import Batch, BatchLine, Claim
from equipment_cloud.settlement.rules import ResultRow
from tests.benchmarks.city import clone
from tests.benchmarks.result import Result
from tests.factories.settlement import Town, town

HALF = (date(2026, 7, 1), date(2026, 12, 31))
WRITTEN = ("batch_line", "notice_line", "transfer", "audit_note")


def settled(app: Flask, *, claims: int, now: datetime) -> Result:
    """Assemble, check, post, close, send and pay as the product does; then the same rows by raw sets."""
    with app.app_context():
        session = db.session()
        place = town(session, now)
        _claims(session, place, claims)
        before = {name: session.scalar(text(f"SELECT coalesce(max(id), 0) FROM {name}")) for name in WRITTEN}
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
        began = time.perf_counter()
        batch = _paid(session, place)
        session.commit()
        mine = time.perf_counter() - began
        if batch.lines_count != claims:
            raise RuntimeError(f"{batch.lines_count} lines")
        reference = _raw(session, before, batch.id)
        db.session.remove()
    return Result(f"settlement of {claims} claims", f"{mine:.2f} s of {reference:.2f} s", mine / reference, most=2)


def _claims(session: Session, place: Town, claims: int) -> None:
    claim = place.approved()
    session.flush()
    clone(session, Claim.__table__, f"s.id = {claim.id}", claims - 1, number="'C-bench-' || g")
    session.execute(
        text(
            "INSERT INTO ledger_account (pool_id, kind, owner, balance_fen) SELECT a.pool_id, a.kind, 'claim:' || c.id,"
            " a.balance_fen FROM claim c, ledger_account a WHERE a.owner = :owner AND c.id > :one"
        ),
        {"owner": f"claim:{claim.id}", "one": claim.id},
    )


def _paid(session: Session, place: Town) -> Batch:
    batch = service.assemble(place.city.pool.id, *HALF, now=place.later)
    if batch is None:
        raise RuntimeError("no batch")
    service.check_batch(batch.id, by=place.leader, now=place.later)
    service.post_notice(batch.id, "兑付公示", "公示如下。", by=place.city.approver, now=place.later)
    service.close_notice(batch.notice_id or 0, batch.id, now=place.later + timedelta(days=12))
    service.send_batch(batch.id, document_number="余科〔2026〕9号", by=place.treasurer, now=place.paid_at)
    service.import_results(batch.id, _answers(session, batch.id), by=place.treasurer, now=place.paid_at)
    service.close_batch(batch.id, by=place.treasurer, now=place.paid_at)
    return batch


def _answers(session: Session, batch_id: int) -> list[ResultRow]:
    rows = session.query(BatchLine.position, Claim.number, BatchLine.amount_fen).join(Claim).filter(
        BatchLine.batch_id == batch_id
    )  # fmt: skip
    return [
        ResultRow(
            row=position + 1, position=position, claim_number=number, amount_fen=amount, result="paid",
            paid_on=date(2026, 12, 11), reference=f"GK{position:06d}", reason=None,
        )
        for position, number, amount in rows.order_by(BatchLine.position)
    ]  # fmt: skip


def _raw(session: Session, before: dict[str, Any], batch_id: int) -> float:
    """Into tables with the same columns, indexes and checks: the inserts, and a change of each state and balance."""
    for name in (*WRITTEN, "claim", "ledger_account"):
        session.execute(text(f"CREATE TABLE raw_{name} (LIKE {name} INCLUDING ALL)"))
    for name in ("claim", "ledger_account"):
        session.execute(text(f"INSERT INTO raw_{name} SELECT * FROM {name}"))
    session.commit()
    began = time.perf_counter()
    for name in WRITTEN:
        session.execute(text(f"INSERT INTO raw_{name} SELECT * FROM {name} WHERE id > :last"), {"last": before[name]})
    for state in ("batched", "noticed", "payable", "paid"):
        listed = "id IN (SELECT claim_id FROM raw_batch_line WHERE batch_id = :id)"
        values = {"id": batch_id, "state": state}
        session.execute(text(f"UPDATE raw_claim SET state = :state, revision = revision + 1 WHERE {listed}"), values)
        session.execute(text("UPDATE raw_batch_line SET state = :state WHERE batch_id = :id"), values)
    session.execute(text("UPDATE raw_ledger_account SET balance_fen = balance_fen + 0 WHERE kind = 'claim.payable'"))
    session.commit()
    return time.perf_counter() - began
