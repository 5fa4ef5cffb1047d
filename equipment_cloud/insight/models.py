"""The stock of instruments month by month: what the books of today cannot say about an earlier day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from equipment_cloud.foundation.db import Fen, Id, Model, Short


class StockMonth(Model):
    """Public instruments of a town as they last stood in a month; ``town_code`` is empty where none is known."""

    __tablename__ = "stock_month"
    __table_args__ = (UniqueConstraint("month", "town_code"),)

    id: Mapped[Id]
    month: Mapped[date]
    """Its first day."""
    town_code: Mapped[Short]
    instruments: Mapped[int]
    shared: Mapped[int]
    value_fen: Mapped[Fen]
    as_of: Mapped[datetime]
