"""Price plans (收费标准) of instruments: effective-dated, immutable once used."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Fen, Id, Line, Model
from equipment_cloud.pricing.rules import Basis, CustomerClass, PlanTerms

__all__ = ["Basis", "CustomerClass", "PricePlan", "PriceRate"]


class PricePlan(Model):
    """Prices of one instrument from a date on. Hours are counted per position, cut to minutes."""

    __tablename__ = "price_plan"
    __table_args__ = (
        UniqueConstraint("instrument_id", "valid_from"),
        CheckConstraint("minimum_minutes >= 0 AND setup_fen >= 0", name="not_negative"),
    )

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    basis: Mapped[Basis]
    minimum_minutes: Mapped[int]
    setup_fen: Mapped[Fen]
    note: Mapped[Line | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """Set when the first price is taken from it: from then on it may only be ended, never changed."""

    rates: Mapped[list[PriceRate]] = relationship(order_by="PriceRate.id", cascade="all, delete-orphan")

    @property
    def terms(self) -> PlanTerms:
        """The plan as the rules take it."""
        rates = {rate.customer_class: rate.hour_fen for rate in self.rates}
        return PlanTerms(self.basis, self.minimum_minutes, self.setup_fen, rates)


class PriceRate(Model):
    """Fen per hour for one class of customers."""

    __tablename__ = "price_rate"
    __table_args__ = (
        UniqueConstraint("plan_id", "customer_class"),
        CheckConstraint("hour_fen >= 0", name="not_negative"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("price_plan.id"))
    customer_class: Mapped[CustomerClass]
    hour_fen: Mapped[Fen]
