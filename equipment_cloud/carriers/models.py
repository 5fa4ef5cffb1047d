"""The dated register of carriers (载体): only a carrier's listed services, on its dates, draw vouchers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Document, Id, Line, Model
from equipment_cloud.organisations.models import Organisation


class CarrierEntry(Model):
    """One entry: entered by one person of the bureau, confirmed by another; both its days inclusive."""

    __tablename__ = "carrier_entry"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_people"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_carrier_entry_organisation_id", "organisation_id", "valid_from"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    categories: Mapped[list[str]] = mapped_column(Document)
    """Service categories: ``instrument_use``, ``testing``, ``rd_design`` ..."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document_number: Mapped[Line | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    suspended_from: Mapped[date | None]
    suspended_reason: Mapped[Line | None]
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
