"""Many transfers as a set: one INSERT ... SELECT, one grouped UPDATE of balances. For settlement and expiry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import NamedFromClause

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import UtcDateTime, is_sqlite, session
from equipment_cloud.vouchers.models import LedgerAccount, Transfer
from equipment_cloud.vouchers.rules import Act

CHUNK = 10_000
COLUMNS = ("from_account_id", "to_account_id", "amount_fen", "cause", "reference")
TransferRow = tuple[int, int, int, str, str]
"""``(from account, to account, fen, cause, reference)``"""


def transfer_many(rows: Iterable[TransferRow], *, act: Act, by: Actor, now: datetime) -> int:
    """Append transfers given as rows; returns how many.

    All or nothing: an overdraft or a known cause raises ``IntegrityError``.
    """
    done, remaining = 0, iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        done += transfer_from(_rows_as_select(chunk), act=act, by=by, now=now)
    return done


def transfer_from(source: Select[*tuple[Any, ...]], *, act: Act, by: Actor, now: datetime) -> int:
    """Append a transfer for each row of a select; returns how many.

    ``source`` yields the columns of :data:`COLUMNS` and must not read balances it changes: it is evaluated three times,
    under the locks of its accounts. The constraint under the balances refuses an overdraft of any of them.
    """
    current = session()
    moves = source.subquery("moves")
    _lock(moves)
    rows = select(
        literal(now, UtcDateTime),
        literal(act.value, String),
        *(moves.c[name] for name in COLUMNS),
        literal(by.id, Integer),
    )
    names = ["at", "act", *COLUMNS, "person_id"]
    inserted = current.execute(insert(Transfer).from_select(names, rows), execution_options={"preserve_rowcount": True})
    deltas = _deltas(moves)
    current.execute(
        update(LedgerAccount)
        .where(LedgerAccount.id == deltas.c.account_id)
        .values(balance_fen=LedgerAccount.balance_fen + deltas.c.delta),
        execution_options={"synchronize_session": False},
    )
    return int(inserted.rowcount)  # type: ignore[attr-defined]


def _lock(moves: NamedFromClause) -> None:
    """Lock the accounts in ascending order; on SQLite the write transaction is the lock."""
    if is_sqlite():
        return
    ids = union_all(select(moves.c.from_account_id), select(moves.c.to_account_id))
    statement = select(LedgerAccount.id).where(LedgerAccount.id.in_(ids)).order_by(LedgerAccount.id).with_for_update()
    session().execute(select(func.count()).select_from(statement.subquery()))


def _deltas(moves: NamedFromClause) -> NamedFromClause:
    both = union_all(
        select(moves.c.from_account_id.label("account_id"), (-moves.c.amount_fen).label("fen")),
        select(moves.c.to_account_id.label("account_id"), moves.c.amount_fen.label("fen")),
    ).subquery("both")
    return select(both.c.account_id, func.sum(both.c.fen).label("delta")).group_by(both.c.account_id).subquery("deltas")


def _rows_as_select(rows: Sequence[TransferRow]) -> Select[*tuple[Any, ...]]:
    """The rows as one JSON parameter that both engines read as a table."""
    document = bindparam("rows", json.dumps(rows), String, unique=True)
    parts: list[ColumnElement[Any]]
    if is_sqlite():
        each = func.json_each(document).table_valued(column("value", String), name="each")
        parts = [func.json_extract(each.c.value, f"$[{index}]") for index in range(5)]
    else:
        each = func.json_array_elements(cast(document, JSON())).table_valued(column("value", JSON()), name="each")
        parts = [each.c.value.op("->>")(index) for index in range(5)]
    whole, words = parts[:3], parts[3:]
    typed: list[ColumnElement[Any]] = [cast(part, BigInteger) for part in whole]
    typed += [cast(part, String) for part in words]
    return select(*(part.label(name) for part, name in zip(typed, COLUMNS, strict=True)))
