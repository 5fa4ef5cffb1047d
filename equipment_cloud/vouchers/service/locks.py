"""Locks of this room, in the order of the house: vouchers by ascending id, then pools, then enterprise years.

A lock is an UPDATE of the row, because SQLite knows no ``FOR UPDATE``. It is the first statement of a service, and what
follows is read anew.
"""

from __future__ import annotations

from sqlalchemy import case, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import EnterpriseYear, Voucher


def voucher(voucher_id: int) -> Voucher:
    """Lock a voucher and read it anew. Raises :class:`NotFound`."""
    current = session()
    current.flush()
    current.execute(
        update(Voucher).where(Voucher.id == voucher_id).values(revision=Voucher.revision + 1),
        execution_options={"synchronize_session": False},
    )
    found = current.get(Voucher, voucher_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def year(organisation_id: int, policy_id: int, on_year: int, *, cap_fen: int | None) -> None:
    """Lock what an enterprise may commit in a year, made at its first hold.

    The row carries the cap, so that the database refuses to pass it; a cap below what is committed leaves no
    room.
    """
    row = {
        "organisation_id": organisation_id,
        "policy_id": policy_id,
        "year": on_year,
        "committed_fen": 0,
        "cap_fen": None,
    }
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    keys = ["organisation_id", "policy_id", "year"]
    session().execute(insert(EnterpriseYear).values(row).on_conflict_do_nothing(index_elements=keys))
    committed = EnterpriseYear.committed_fen
    effective = None if cap_fen is None else case((committed > cap_fen, committed), else_=cap_fen)
    _change_year(organisation_id, policy_id, on_year, {"cap_fen": effective})


def commit_year(organisation_id: int, policy_id: int, on_year: int, *, change_fen: int) -> None:
    """Add to what is committed in a year, or take away. Raises :class:`NotEnough` above the cap."""
    committed = EnterpriseYear.committed_fen + change_fen
    room = or_(EnterpriseYear.cap_fen.is_(None), committed <= EnterpriseYear.cap_fen)
    if not _change_year(organisation_id, policy_id, on_year, {"committed_fen": committed}, room):
        raise ledger.NotEnough


def _change_year(
    organisation_id: int, policy_id: int, on_year: int, values: dict[str, object], *conditions: object
) -> bool:
    statement = (
        update(EnterpriseYear)
        .where(EnterpriseYear.organisation_id == organisation_id, EnterpriseYear.policy_id == policy_id)
        .where(EnterpriseYear.year == on_year, *conditions)  # type: ignore[arg-type]
        .values(values)
        .returning(EnterpriseYear.id)
    )
    return session().execute(statement, execution_options={"synchronize_session": False}).scalar() is not None
