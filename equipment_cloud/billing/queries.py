"""Every read of billing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.billing import policy
from equipment_cloud.billing.models import Allocation, Charge, Invoice, InvoiceStatus, Payment
from equipment_cloud.booking.models import Booking
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.vouchers.models import Voucher

MOST_PAPERS = 100
"""Papers offered to choose from; more would not be read."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all bills of a list, not of its page, in fen."""

    price_fen: int
    voucher_fen: int
    payable_fen: int


def charges(actor: Actor, *, side: str) -> Select[Charge]:
    """Bills the person may see: ``side`` ``to-pay`` as user, ``to-receive`` as provider, ``all`` for the bureau."""
    statement = select(Charge).order_by(Charge.id.desc())
    if side == "all" and policy.may_see_all(actor):
        return statement
    mine = actor.organisations(*policy.PARTY_ROLES)
    column = Charge.provider_id if side == "to-receive" else Charge.organisation_id
    return statement.where(column.in_(mine))


def charges_page(actor: Actor, *, side: str, number: int, size: int) -> Page[Charge]:
    """One page of bills, newest first."""
    statement = charges(actor, side=side).options(joinedload(Charge.organisation), joinedload(Charge.provider))
    return scalars_page(statement, number=number, size=size)


def charge_totals(actor: Actor, *, side: str) -> Totals:
    """Sums over the whole list."""
    rows = charges(actor, side=side).order_by(None).subquery()
    sums = select(*(func.coalesce(func.sum(rows.c[name]), 0) for name in ("price_fen", "voucher_fen", "payable_fen")))
    price, voucher, payable = session().execute(sums).one()
    return Totals(int(price), int(voucher), int(payable))


def charge_for(actor: Actor, charge_id: int) -> Charge:
    """A bill, if it is this person's to see. Raises :class:`NotFound` otherwise."""
    found = session().scalar(
        select(Charge)
        .where(Charge.id == charge_id)
        .options(joinedload(Charge.organisation), joinedload(Charge.provider))
    )
    if found is None or not policy.may_see_charge(actor, found):
        raise NotFound
    return found


def usage_of(charge: Charge) -> UsageRecord:
    """The usage a bill rests on, with instrument and booking."""
    return (
        session()
        .scalars(
            select(UsageRecord)
            .where(UsageRecord.id == charge.usage_id)
            .options(joinedload(UsageRecord.instrument), joinedload(UsageRecord.booking))
        )
        .one()
    )


def voucher_of(charge: Charge) -> Voucher | None:
    """The voucher that bears a part of a bill, with its policy version."""
    return session().scalar(
        select(Voucher)
        .join(Booking, Booking.voucher_id == Voucher.id)
        .join(UsageRecord, UsageRecord.booking_id == Booking.id)
        .where(UsageRecord.id == charge.usage_id)
        .options(joinedload(Voucher.policy_version))
    )


def invoices_page(actor: Actor, *, words: str | None, number: int, size: int) -> Page[Invoice]:
    """Invoices the person may see, newest first; ``words`` looks into number and seller."""
    statement = select(Invoice).order_by(Invoice.id.desc())
    if not policy.may_see_all(actor):
        statement = statement.where(Invoice.buyer_id.in_(actor.organisations(*policy.BUYER_ROLES)))
    if words:
        found = (Invoice.number.contains(words, autoescape=True), Invoice.seller_name.contains(words, autoescape=True))
        statement = statement.where(or_(*found))
    return scalars_page(statement, number=number, size=size)


def payments_page(actor: Actor, *, words: str | None, number: int, size: int) -> Page[Payment]:
    """Payments the person may see, newest first; ``words`` looks into slip number and payee."""
    statement = select(Payment).order_by(Payment.id.desc())
    if not policy.may_see_all(actor):
        statement = statement.where(Payment.payer_id.in_(actor.organisations(*policy.BUYER_ROLES)))
    if words:
        found = (
            Payment.slip_number.contains(words, autoescape=True),
            Payment.payee_name.contains(words, autoescape=True),
        )
        statement = statement.where(or_(*found))
    return scalars_page(statement, number=number, size=size)


def invoice_for(actor: Actor, invoice_id: int) -> Invoice:
    """An invoice, if it is this person's to see. Raises :class:`NotFound` otherwise."""
    found = session().scalar(select(Invoice).where(Invoice.id == invoice_id).options(joinedload(Invoice.file)))
    if found is None or not policy.may_see_invoice(actor, found):
        raise NotFound
    return found


def payment_for(actor: Actor, payment_id: int) -> Payment:
    """A payment, if it is this person's to see. Raises :class:`NotFound` otherwise."""
    found = session().scalar(select(Payment).where(Payment.id == payment_id).options(joinedload(Payment.file)))
    if found is None or not policy.may_see_payment(actor, found):
        raise NotFound
    return found


def allocations(reference: str) -> Sequence[Allocation]:
    """What is allocated to a thing, with its papers, in order of entry."""
    return (
        session()
        .scalars(
            select(Allocation)
            .where(Allocation.reference == reference)
            .options(joinedload(Allocation.invoice), joinedload(Allocation.payment))
            .order_by(Allocation.id)
        )
        .all()
    )


def uses_of_invoice(invoice_id: int) -> Sequence[Allocation]:
    """What an invoice is used for, in order of entry, at most :data:`MOST_PAPERS`."""
    return _uses(Allocation.invoice_id == invoice_id)


def uses_of_payment(payment_id: int) -> Sequence[Allocation]:
    """What a payment is used for, in order of entry, at most :data:`MOST_PAPERS`."""
    return _uses(Allocation.payment_id == payment_id)


def _uses(which: object) -> Sequence[Allocation]:
    statement = select(Allocation).where(which).order_by(Allocation.id).limit(MOST_PAPERS)  # type: ignore[arg-type]
    return session().scalars(statement).all()


def invoices_to_use(buyer_id: int, *, besides: str) -> Sequence[Invoice]:
    """Valid invoices of a buyer with something left, or already used for ``besides``; newest first."""
    used = (
        select(Allocation.invoice_id).where(Allocation.reference == besides).where(Allocation.invoice_id.is_not(None))
    )
    return (
        session()
        .scalars(
            select(Invoice)
            .where(Invoice.buyer_id == buyer_id)
            .where(Invoice.status == InvoiceStatus.NORMAL)
            .where(or_(Invoice.allocated_fen < Invoice.total_fen, Invoice.id.in_(used)))
            .order_by(Invoice.id.desc())
            .limit(MOST_PAPERS)
        )
        .all()
    )


def payments_to_use(payer_id: int, *, besides: str) -> Sequence[Payment]:
    """Payments of a payer with something left, or already used for ``besides``; newest first."""
    used = (
        select(Allocation.payment_id).where(Allocation.reference == besides).where(Allocation.payment_id.is_not(None))
    )
    return (
        session()
        .scalars(
            select(Payment)
            .where(Payment.payer_id == payer_id)
            .where(or_(Payment.allocated_fen < Payment.amount_fen, Payment.id.in_(used)))
            .order_by(Payment.id.desc())
            .limit(MOST_PAPERS)
        )
        .all()
    )
