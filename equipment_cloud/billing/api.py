"""Bills and papers for programs: the same services as the pages."""

from __future__ import annotations

from typing import Any

from equipment_cloud.billing import policy, queries, schemas, service
from equipment_cloud.billing.models import Charge, Invoice, Payment
from equipment_cloud.billing.rules import InvoiceFacts, PaymentFacts
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, signed_in
from equipment_cloud.foundation.acting import acting_for
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, page_of
from equipment_cloud.foundation.page import Page
from equipment_cloud.organisations import queries as organisations

blp = Blueprint("billing-api", __name__, description="Bills, invoices and proofs of payment")


@blp.get("/bills")
@signed_in
@blp.arguments(schemas.ChargesQuery, location="query")
@blp.response(200, page_of(schemas.ChargeShown))
def bills(query: dict[str, Any]) -> Page[Charge]:
    """Bills of one side, newest first."""
    return queries.charges_page(current_actor(), side=query["side"], number=query["page"], size=query["per_page"])


@blp.get("/bills/<int:charge_id>")
@signed_in
@blp.response(200, schemas.ChargeShown)
def bill(charge_id: int) -> Charge:
    """One bill with its lines."""
    return queries.charge_for(current_actor(), charge_id)


@blp.get("/invoices")
@signed_in
@blp.arguments(schemas.PapersQuery, location="query")
@blp.response(200, page_of(schemas.InvoiceShown))
def invoices(query: dict[str, Any]) -> Page[Invoice]:
    """Invoices of the person's organisations, newest first."""
    return queries.invoices_page(current_actor(), words=query["q"], number=query["page"], size=query["per_page"])


@blp.post("/invoices")
@signed_in
@blp.arguments(schemas.NewInvoice)
@blp.response(201, schemas.InvoiceShown)
def record_invoice(body: dict[str, Any]) -> Invoice:
    """Record an invoice; the same paper is recorded once (409 ``paper-known``)."""
    actor, now = current_actor(), clock.now()
    buyer_id, file_id = acting_for(actor, body.pop("organisation_id"), *policy.BUYER_ROLES), body.pop("file_id")
    today = clock.today(now)
    body["buyer_name"] = body["buyer_name"] or organisations.name_on(buyer_id, today)
    body["buyer_code"] = body["buyer_code"] or organisations.credit_code_on(buyer_id, today) or ""
    with transaction():
        invoice = service.record_invoice(buyer_id, InvoiceFacts(**body), file_id=file_id, by=actor, now=now)
        invoice_id = invoice.id
    return queries.invoice_for(actor, invoice_id)


@blp.get("/invoices/<int:invoice_id>")
@signed_in
@blp.response(200, schemas.InvoiceShown)
def invoice(invoice_id: int) -> Invoice:
    """One invoice."""
    return queries.invoice_for(current_actor(), invoice_id)


@blp.get("/payments")
@signed_in
@blp.arguments(schemas.PapersQuery, location="query")
@blp.response(200, page_of(schemas.PaymentShown))
def payments(query: dict[str, Any]) -> Page[Payment]:
    """Bank slips of the person's organisations, newest first."""
    return queries.payments_page(current_actor(), words=query["q"], number=query["page"], size=query["per_page"])


@blp.post("/payments")
@signed_in
@blp.arguments(schemas.NewPayment)
@blp.response(201, schemas.PaymentShown)
def record_payment(body: dict[str, Any]) -> Payment:
    """Record a bank slip; a payer's slip is recorded once (409 ``paper-known``)."""
    actor, now = current_actor(), clock.now()
    payer_id, file_id = acting_for(actor, body.pop("organisation_id"), *policy.BUYER_ROLES), body.pop("file_id")
    body["payer_name"] = body["payer_name"] or organisations.name_on(payer_id, clock.today(now))
    with transaction():
        payment = service.record_payment(payer_id, PaymentFacts(**body), file_id=file_id, by=actor, now=now)
        payment_id = payment.id
    return queries.payment_for(actor, payment_id)


@blp.get("/payments/<int:payment_id>")
@signed_in
@blp.response(200, schemas.PaymentShown)
def payment(payment_id: int) -> Payment:
    """One bank slip."""
    return queries.payment_for(current_actor(), payment_id)
