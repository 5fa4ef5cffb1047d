"""Charges of confirmed usage, invoices (发票), proofs of payment (付款凭证), and what they are allocated to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Document, Fen, Id, Line, Model, Short
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.organisations.models import Organisation


class Charge(Model):
    """What one confirmed usage costs: price, voucher share, own share, as frozen at confirmation."""

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("voucher_fen >= 0 AND voucher_fen <= price_fen", name="voucher_within_price"),
        Index("ix_charge_organisation_id", "organisation_id", "id"),
        Index("ix_charge_provider_id", "provider_id", "id"),
    )

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    usage_id: Mapped[int] = mapped_column(ForeignKey("usage_record.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    price_fen: Mapped[Fen]
    voucher_fen: Mapped[Fen]
    payable_fen: Mapped[Fen]
    lines: Mapped[list[Any]] = mapped_column(Document)
    issued_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)


class InvoiceStatus(StrEnum):
    """正常, 红冲, 作废."""

    NORMAL = "normal"
    RED = "red"
    VOID = "void"


class Invoice(Model):
    """An invoice; ``key`` makes the same paper unique across all enterprises and years.

    ``allocated_fen`` is kept with the allocations; the constraint forbids to use more of a paper than it says.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("total_fen > 0", name="total_positive"),
        CheckConstraint("allocated_fen >= 0 AND allocated_fen <= total_fen", name="not_over_allocated"),
        Index("ix_invoice_buyer_id", "buyer_id", "id"),
    )

    id: Mapped[Id]
    key: Mapped[Short] = mapped_column(unique=True)
    number: Mapped[Short]
    code: Mapped[Short | None]
    issued_on: Mapped[date]
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The organisation that recorded it as its own purchase."""
    buyer_name: Mapped[Line]
    buyer_code: Mapped[Short]
    seller_name: Mapped[Line]
    seller_code: Mapped[Short]
    item: Mapped[Line]
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    total_fen: Mapped[Fen]
    allocated_fen: Mapped[Fen]
    status: Mapped[InvoiceStatus]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship(viewonly=True)


class Payment(Model):
    """A proof of payment (银行回单): who paid whom, when, how much."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("allocated_fen >= 0 AND allocated_fen <= amount_fen", name="not_over_allocated"),
        UniqueConstraint("payer_id", "slip_number"),
    )

    id: Mapped[Id]
    slip_number: Mapped[Line]
    payer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    payer_name: Mapped[Line]
    payee_name: Mapped[Line]
    paid_on: Mapped[date]
    amount_fen: Mapped[Fen]
    allocated_fen: Mapped[Fen]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship(viewonly=True)


class Allocation(Model):
    """A part of an invoice or a payment used for one thing with a reference (``claim:3``)."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(invoice_id IS NULL) <> (payment_id IS NULL)", name="one_paper"),
        UniqueConstraint("reference", "invoice_id"),
        UniqueConstraint("reference", "payment_id"),
        Index("ix_allocation_reference", "reference"),
    )

    id: Mapped[Id]
    reference: Mapped[Short]
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    amount_fen: Mapped[Fen]

    invoice: Mapped[Invoice | None] = relationship(viewonly=True)
    payment: Mapped[Payment | None] = relationship(viewonly=True)
