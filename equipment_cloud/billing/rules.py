"""Pure checks of invoices, payments and allocations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from equipment_cloud.kernel.errors import N_, Conflict, Problem
from equipment_cloud.kernel.identifiers import halfwidth, invoice_key, normalise_credit_code, problems_with_credit_code

EARLIEST = date(2000, 1, 1)


class OverAllocated(Conflict):
    """More of a paper would be used than it says (409); nothing was allocated."""

    code: ClassVar[str] = "over-allocated"
    message = N_("Of %(paper)s only %(left)s is left; %(asked)s cannot be used.")
    remedy = N_("Use no more than what is left, or take the rest from another paper.")


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What is printed on an invoice. Amounts in fen; ``total_fen`` is tax included (价税合计)."""

    number: str
    code: str | None
    issued_on: date
    buyer_name: str
    buyer_code: str
    seller_name: str
    seller_code: str
    item: str
    net_fen: int
    tax_fen: int
    total_fen: int

    @property
    def key(self) -> str | None:
        """What makes the paper one and the same everywhere; ``None`` when malformed."""
        return invoice_key(self.number, self.code)


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What is printed on a bank slip (银行回单)."""

    slip_number: str
    payer_name: str
    payee_name: str
    paid_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of one paper: either of an invoice or of a payment, in fen."""

    amount_fen: int
    invoice_id: int | None = None
    payment_id: int | None = None


def problems_with_invoice(facts: InvoiceFacts, *, today: date) -> list[Problem]:
    """Everything wrong with an invoice as typed. Whether it fits a claim is the claim's check."""
    problems = _about_number(facts)
    problems += _about_date(facts.issued_on, "issued_on", today)
    for field in ("buyer_code", "seller_code"):
        found = problems_with_credit_code(getattr(facts, field), field=field)
        problems += [problem for problem in found if problem.level == "error"]
    if facts.total_fen <= 0:
        problems.append(
            Problem(
                "not-positive",
                N_("The amount must be above zero."),
                "total_fen",
                remedy=N_("A red-letter invoice is not recorded; set the original to red-lettered."),
            )
        )
    elif facts.net_fen + facts.tax_fen != facts.total_fen:
        problems.append(
            Problem(
                "sum",
                N_("Amount and tax do not add up to the total."),
                "total_fen",
                remedy=N_("Copy the three figures from the invoice."),
            )
        )
    return problems


def _about_number(facts: InvoiceFacts) -> list[Problem]:
    if facts.key is not None:
        return []
    return [
        Problem(
            "invoice-number",
            N_("An invoice has 20 digits, or 8 digits with a code of 10 or 12."),
            "number",
            remedy=N_("Copy number and code from the invoice; a fully digital one has no code."),
        )
    ]


def _about_date(day: date, field: str, today: date) -> list[Problem]:
    if day > today:
        return [
            Problem(
                "in-the-future", N_("The date lies in the future."), field, remedy=N_("Enter the date on the paper.")
            )
        ]
    if day < EARLIEST:
        return [
            Problem(
                "too-old", N_("The date is too long ago to be true."), field, remedy=N_("Enter the date on the paper.")
            )
        ]
    return []


def problems_with_payment(facts: PaymentFacts, *, today: date) -> list[Problem]:
    """Everything wrong with a bank slip as typed."""
    problems = _about_date(facts.paid_on, "paid_on", today)
    if facts.amount_fen <= 0:
        problems.append(Problem("not-positive", N_("The amount must be above zero."), "amount_fen"))
    return problems


def normalised(facts: InvoiceFacts) -> InvoiceFacts:
    """The same invoice with numbers and codes in plain half-width form."""
    return InvoiceFacts(
        number=halfwidth(facts.number),
        code=halfwidth(facts.code or "") or None,
        issued_on=facts.issued_on,
        buyer_name=facts.buyer_name,
        buyer_code=normalise_credit_code(facts.buyer_code),
        seller_name=facts.seller_name,
        seller_code=normalise_credit_code(facts.seller_code),
        item=facts.item,
        net_fen=facts.net_fen,
        tax_fen=facts.tax_fen,
        total_fen=facts.total_fen,
    )


def problems_with_parts(parts: list[Part]) -> list[Problem]:
    """Each part names one paper, once, with an amount above zero."""
    problems = []
    seen: set[tuple[int | None, int | None]] = set()
    for part in parts:
        if (part.invoice_id is None) == (part.payment_id is None):
            problems.append(Problem("one-paper", N_("Name either an invoice or a payment."), "allocations"))
        if part.amount_fen <= 0:
            problems.append(Problem("not-positive", N_("The amount must be above zero."), "allocations"))
        if (part.invoice_id, part.payment_id) in seen:
            problems.append(
                Problem(
                    "twice",
                    N_("The same paper stands in the list twice."),
                    "allocations",
                    remedy=N_("Add the two amounts up."),
                )
            )
        seen.add((part.invoice_id, part.payment_id))
    return problems
