"""Allocation of papers, many to many: never more of a paper than it says, whoever asks at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from equipment_cloud.billing import policy, rules
from equipment_cloud.billing.models import Allocation, Invoice, InvoiceStatus, Payment
from equipment_cloud.billing.rules import OverAllocated, Part
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.bulk import changed
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Problem, raise_if
from equipment_cloud.kernel.money import yuan_from_fen


def allocate(reference: str, parts: Sequence[Part], *, by: Actor, now: datetime) -> None:
    """Set what is allocated to ``reference``: the parts given replace those of before.

    Raises :class:`Invalid` for parts that make no sense or papers that are not the person's, :class:`OverAllocated`
    when a paper has too little left; then nothing is changed (the edge's transaction ends).
    """
    raise_if([*rules.problems_with_parts(list(parts)), *_problems_with_papers(parts, by=by)])
    release_allocations(reference)
    ordered = sorted(parts, key=lambda part: (part.payment_id is not None, part.invoice_id or part.payment_id or 0))
    for part in ordered:  # a claim has a handful of papers; each needs its own answer
        _take(part)
    if ordered:
        rows = [
            {
                "reference": reference,
                "invoice_id": part.invoice_id,
                "payment_id": part.payment_id,
                "amount_fen": part.amount_fen,
            }
            for part in ordered
        ]
        session().execute(insert(Allocation), rows)
    audit.note("billing.allocate", reference, by=by, now=now, detail={"parts": len(ordered)})


def release_allocations(reference: str) -> None:
    """Give back whatever is allocated to ``reference``."""
    release_allocations_of(select(Allocation.id).where(Allocation.reference == reference))


def release_allocations_of(which: Select[int]) -> None:
    """Give back the allocations whose ids the select finds, in three statements whatever their number."""
    ids = which.subquery()
    for paper, column in ((Invoice, Allocation.invoice_id), (Payment, Allocation.payment_id)):
        freed = (
            select(column.label("paper_id"), func.sum(Allocation.amount_fen).label("fen"))
            .where(Allocation.id.in_(select(ids)))
            .where(column.is_not(None))
            .group_by(column)
            .subquery()
        )
        model: Any = paper
        session().execute(
            update(model)
            .where(model.id == freed.c.paper_id)
            .values(allocated_fen=model.allocated_fen - freed.c.fen)
            .execution_options(synchronize_session=False)
        )
    session().execute(
        delete(Allocation).where(Allocation.id.in_(select(ids))).execution_options(synchronize_session=False)
    )
    session().expire_all()


def _take(part: Part) -> None:
    """One conditional UPDATE: it finds no row when too little is left."""
    model: Any = Invoice if part.invoice_id is not None else Payment
    total: Any = Invoice.total_fen if part.invoice_id is not None else Payment.amount_fen
    paper_id = part.invoice_id if part.invoice_id is not None else part.payment_id
    done = session().execute(
        update(model)
        .where(model.id == paper_id)
        .where(model.allocated_fen + part.amount_fen <= total)
        .values(allocated_fen=model.allocated_fen + part.amount_fen)
        .execution_options(synchronize_session=False)
    )
    if changed(done) != 1:
        _refuse(model, total, int(paper_id or 0), part.amount_fen)


def _refuse(model: Any, total: Any, paper_id: int, asked_fen: int) -> None:
    name = model.number if model is Invoice else model.slip_number
    number, left = session().execute(select(name, total - model.allocated_fen).where(model.id == paper_id)).one()
    raise OverAllocated(paper=number, left=f"¥{yuan_from_fen(left):,}", asked=f"¥{yuan_from_fen(asked_fen):,}")


def _problems_with_papers(parts: Sequence[Part], *, by: Actor) -> list[Problem]:
    """Only papers of the person's own organisations, and only valid invoices."""
    problems = []
    for paper_id, found in _found(Invoice, [part.invoice_id for part in parts]):
        if found is None or not policy.may_record(by, found.buyer_id):
            problems.append(_unknown(paper_id))
        elif found.status is not InvoiceStatus.NORMAL:
            problems.append(
                Problem(
                    "invoice-not-valid",
                    N_("Invoice %(number)s was voided or reversed."),
                    "allocations",
                    {"number": found.number},
                    N_("Take another invoice."),
                )
            )
    for paper_id, found in _found(Payment, [part.payment_id for part in parts]):
        if found is None or not policy.may_record(by, found.payer_id):
            problems.append(_unknown(paper_id))
    return problems


def _found(model: Any, wanted: Sequence[int | None]) -> list[tuple[int, Any]]:
    ids = sorted({paper_id for paper_id in wanted if paper_id is not None})
    known = {paper.id: paper for paper in session().scalars(select(model).where(model.id.in_(ids)))} if ids else {}
    return [(paper_id, known.get(paper_id)) for paper_id in ids]


def _unknown(paper_id: int) -> Problem:
    return Problem(
        "paper-unknown",
        N_("There is no paper %(id)s among those of your organisation."),
        "allocations",
        {"id": paper_id},
        N_("Record it first."),
    )
