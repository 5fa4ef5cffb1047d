"""Keeping the stock of the present month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.insight import queries
from equipment_cloud.insight.models import StockMonth

_KEY = ("month", "town_code")
_FIGURES = ("instruments", "shared", "value_fen", "as_of")


def roll_up(on: date, *, now: datetime) -> int:
    """Write down how many instruments there are, by town; how many towns.

    A month that is over keeps what was written last in it: today's books do not know what stood there then.
    """
    month = on.replace(day=1)
    if month != clock.today(now).replace(day=1):
        return 0
    rows = [
        {"month": month, "town_code": town, "instruments": found.instruments, "shared": found.shared,
         "value_fen": found.value_fen, "as_of": now}
        for town, found in queries.stock().items()
    ]  # fmt: skip
    if rows:
        insert: Any = sqlite.insert if is_sqlite() else postgresql.insert
        statement = insert(StockMonth.__table__).values(rows)
        anew = {name: statement.excluded[name] for name in _FIGURES}
        session().execute(statement.on_conflict_do_update(index_elements=_KEY, set_=anew))
    gone = (StockMonth.month == month) & (StockMonth.as_of < now)
    session().execute(delete(StockMonth).where(gone).execution_options(synchronize_session=False))
    return len(rows)
