"""Invoices and payments: recorded once, by their buyer."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

from equipment_cloud.billing import policy, rules
from equipment_cloud.billing.models import Invoice, InvoiceStatus, Payment
from equipment_cloud.billing.rules import InvoiceFacts, PaymentFacts
from equipment_cloud.foundation import audit, clock, stored_file
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.stored_file import EVIDENCE, StoredFile
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, Problem, raise_if

Upload = tuple[BinaryIO, str]


class PaperKnown(Conflict):
    """The same invoice or slip is recorded already; a paper is one and the same everywhere (409)."""

    code = "paper-known"
    message = N_("The paper %(paper)s is recorded already.")
    remedy = N_("Use the one on record; if someone else recorded your invoice, call the platform desk.")


def record_invoice(
    buyer_id: int,
    facts: InvoiceFacts,
    *,
    paper: Upload | None = None,
    file_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Invoice:
    """Record an invoice. Raises :class:`Invalid` with every problem, :class:`PaperKnown` when its key is taken."""
    permit(policy.may_record(by, buyer_id))
    facts = rules.normalised(facts)
    raise_if(rules.problems_with_invoice(facts, today=clock.today(now)) + _paper_problems(paper, file_id))
    assert facts.key is not None  # noqa: S101 - problems_with_invoice refused it
    values = {
        "key": facts.key,
        "number": facts.number,
        "code": facts.code,
        "issued_on": facts.issued_on,
        "buyer_id": buyer_id,
        "buyer_name": facts.buyer_name,
        "buyer_code": facts.buyer_code,
        "seller_name": facts.seller_name,
        "seller_code": facts.seller_code,
        "item": facts.item,
        "net_fen": facts.net_fen,
        "tax_fen": facts.tax_fen,
        "total_fen": facts.total_fen,
        "allocated_fen": 0,
        "status": InvoiceStatus.NORMAL,
        "file_id": _file(paper, file_id, by=by, now=now),
        "recorded_by": by.id,
        "created_at": now,
    }
    if not insert_one_missing(Invoice, values):
        raise PaperKnown(paper=facts.number)
    invoice = session().scalars(select(Invoice).where(Invoice.key == facts.key)).one()
    audit.note("billing.record-invoice", f"invoice:{invoice.id}", by=by, now=now, detail={"key": facts.key})
    return invoice


def record_payment(
    payer_id: int,
    facts: PaymentFacts,
    *,
    paper: Upload | None = None,
    file_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Payment:
    """Record a bank slip. Raises :class:`Invalid` with every problem, :class:`PaperKnown` when it is on record."""
    permit(policy.may_record(by, payer_id))
    raise_if(rules.problems_with_payment(facts, today=clock.today(now)) + _paper_problems(paper, file_id))
    values = {
        "slip_number": facts.slip_number,
        "payer_id": payer_id,
        "payer_name": facts.payer_name,
        "payee_name": facts.payee_name,
        "paid_on": facts.paid_on,
        "amount_fen": facts.amount_fen,
        "allocated_fen": 0,
        "file_id": _file(paper, file_id, by=by, now=now),
        "recorded_by": by.id,
        "created_at": now,
    }
    if not insert_one_missing(Payment, values):
        raise PaperKnown(paper=facts.slip_number)
    known = select(Payment).where(Payment.payer_id == payer_id).where(Payment.slip_number == facts.slip_number)
    payment = session().scalars(known).one()
    audit.note("billing.record-payment", f"payment:{payment.id}", by=by, now=now, detail={"slip": facts.slip_number})
    return payment


def set_invoice_status(invoice_id: int, status: InvoiceStatus, *, reason: str, by: Actor, now: datetime) -> Invoice:
    """Say that an invoice was red-lettered (红冲) or voided (作废), or is valid after all; a job re-checks claims."""
    invoice = session().scalar(select(Invoice).where(Invoice.id == invoice_id).with_for_update())
    if invoice is None:
        raise Invalid.single("invoice-unknown", N_("There is no such invoice."))
    permit(policy.may_void(by, invoice))
    if not reason.strip():
        raise Invalid.single("reason-missing", N_("Give the reason."), field="reason")
    invoice.status = status
    detail = {"status": status.value, "reason": reason}
    audit.note("billing.set-invoice-status", f"invoice:{invoice.id}", by=by, now=now, detail=detail)
    return invoice


def _paper_problems(paper: Upload | None, file_id: int | None) -> list[Problem]:
    if paper is None and file_id is None:
        return [Problem("file-missing", N_("Upload the paper as a PDF or a picture."), "file")]
    return []


def _file(paper: Upload | None, file_id: int | None, *, by: Actor, now: datetime) -> int:
    if paper is not None:
        return stored_file.store(paper[0], paper[1], by=by, now=now).id
    found = session().get(StoredFile, file_id)
    if found is None or found.person_id != by.id or found.mime not in EVIDENCE:
        raise Invalid.single("file-unknown", N_("There is no such file among those you uploaded."), field="file_id")
    return found.id
