"""Contracts (合同 / 委托单) between a user and a provider."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Fen, Id, Line, Model
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.organisations.models import Organisation


class Contract(Model):
    """A signed contract: parties, date, total in fen, the paper as PDF."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("buyer_id <> provider_id", name="two_parties"),
        Index("ix_contract_buyer_id", "buyer_id", "id"),
        Index("ix_contract_provider_id", "provider_id", "id"),
    )

    id: Mapped[Id]
    number: Mapped[Line]
    title: Mapped[Line]
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    signed_on: Mapped[date]
    amount_fen: Mapped[Fen]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    buyer: Mapped[Organisation] = relationship(foreign_keys=[buyer_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    file: Mapped[StoredFile | None] = relationship(viewonly=True)
