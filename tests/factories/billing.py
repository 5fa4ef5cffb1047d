"""Papers of a purchase: an invoice, a bank slip, a signed contract, each with a small file of its kind."""

from __future__ import annotations

import io
from datetime import date, datetime
from itertools import count
from typing import Any

from equipment_cloud.billing import service
from equipment_cloud.billing.models import Invoice, Payment
from equipment_cloud.billing.rules import InvoiceFacts, PaymentFacts
from equipment_cloud.contracts import service as contracts
from equipment_cloud.contracts.models import Contract
from equipment_cloud.contracts.rules import Terms
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Organisation

_serial = count(1)


def pdf(text: str = "") -> io.BytesIO:
    """The smallest file that is a PDF by its content; other words, other bytes."""
    return io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\n%" + text.encode() + b"\ntrailer<<>>\n%%EOF\n")


def invoice_facts(buyer: Organisation, seller: Organisation, total_fen: int = 90_000, **changes: Any) -> InvoiceFacts:
    """A fully digital invoice (数电票) of today's kind."""
    tax = total_fen * 6 // 106
    values: dict[str, Any] = {
        "number": f"2633{next(_serial):016d}", "code": None, "issued_on": date(2026, 11, 25),
        "buyer_name": buyer.name, "buyer_code": buyer.credit_code, "seller_name": seller.name,
        "seller_code": seller.credit_code, "item": "*研发和技术服务*检测费", "net_fen": total_fen - tax, "tax_fen": tax,
        "total_fen": total_fen,
    } | changes  # fmt: skip
    return InvoiceFacts(**values)


def invoice(
    buyer: Organisation, seller: Organisation, total_fen: int = 90_000, *, by: Actor, now: datetime, **changes: Any
) -> Invoice:
    """A recorded invoice."""
    facts = invoice_facts(buyer, seller, total_fen, **changes)
    return service.record_invoice(buyer.id, facts, paper=(pdf(facts.number), "发票.pdf"), by=by, now=now)


def payment(
    payer: Organisation, payee: Organisation, amount_fen: int = 90_000, *, by: Actor, now: datetime, **changes: Any
) -> Payment:
    """A recorded bank slip."""
    values: dict[str, Any] = {
        "slip_number": f"HD{next(_serial):08d}", "payer_name": payer.name, "payee_name": payee.name,
        "paid_on": date(2026, 11, 25), "amount_fen": amount_fen,
    } | changes  # fmt: skip
    facts = PaymentFacts(**values)
    return service.record_payment(payer.id, facts, paper=(pdf(facts.slip_number), "回单.pdf"), by=by, now=now)


def contract(
    buyer: Organisation, provider: Organisation, amount_fen: int = 500_000, *, by: Actor, now: datetime, **changes: Any
) -> Contract:
    """A recorded contract."""
    values: dict[str, Any] = {
        "number": f"HT-2026-{next(_serial):03d}", "title": "三坐标测量服务合同", "buyer_id": buyer.id,
        "provider_id": provider.id, "signed_on": date(2026, 11, 20), "amount_fen": amount_fen,
    } | changes  # fmt: skip
    terms = Terms(**values)
    return contracts.record(terms, paper=(pdf(terms.number), "合同.pdf"), by=by, now=now)
