"""A year's money: planned, increased, withdrawn; each act with its document number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound
from equipment_cloud.kernel.money import MAX_FEN
from equipment_cloud.vouchers import ledger, queries
from equipment_cloud.vouchers.models import AccountKind, Policy, Pool
from equipment_cloud.vouchers.rules import Act


def plan_pool(
    policy_id: int, year: int, amount_fen: int, document_number: str, *, by: Actor, now: datetime,
    act: Act = Act.PLAN,
) -> Pool:  # fmt: skip
    """Plan money for a policy and year, or add to it (``act`` PLAN or CARRY_OVER).

    One document plans once: the same number for the same pool again raises :class:`AlreadyMoved`.
    """
    _check(year, amount_fen, document_number)
    if session().get(Policy, policy_id) is None:
        raise NotFound
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    row = {"policy_id": policy_id, "year": year, "document_number": document_number, "created_at": now}
    session().execute(insert(Pool).values(row).on_conflict_do_nothing(index_elements=["policy_id", "year"]))
    pool = queries.pool_for(policy_id, year)
    assert pool is not None  # noqa: S101 - it stands since the line above
    ledger.ensure(pool.id, ledger.POOL_KINDS, ledger.pool_owner(pool.id))
    _move(pool, amount_fen, document_number, act=act, by=by, now=now)
    return pool


def withdraw_from_pool(pool_id: int, amount_fen: int, document_number: str, *, by: Actor, now: datetime) -> Pool:
    """Take free money back to the appropriation (收回). Raises :class:`NotEnough` above what is free."""
    pool = session().get(Pool, pool_id)
    if pool is None:
        raise NotFound
    _check(pool.year, amount_fen, document_number)
    _move(pool, amount_fen, document_number, act=Act.WITHDRAW, by=by, now=now)
    return pool


def _move(pool: Pool, amount_fen: int, document_number: str, *, act: Act, by: Actor, now: datetime) -> None:
    owner = ledger.pool_owner(pool.id)
    appropriation = ledger.account(AccountKind.APPROPRIATION, owner)
    free = ledger.account(AccountKind.POOL_FREE, owner)
    start, end = (free, appropriation) if act is Act.WITHDRAW else (appropriation, free)
    ledger.transfer(
        start, end, amount_fen, act=act, cause=f"{act.value}:{owner}:{document_number}"[:255], reference=owner, by=by,
        now=now, note=document_number,
    )  # fmt: skip
    detail = {"amount_fen": amount_fen, "document_number": document_number}
    audit.note(f"vouchers.{act.value}", owner, by=by, now=now, detail=detail)


def _check(year: int, amount_fen: int, document_number: str) -> None:
    if not 0 < amount_fen <= MAX_FEN:
        words, remedy = N_("The amount must be above zero."), N_("Enter the amount in yuan.")
        raise Invalid.single("amount", words, field="amount_fen", remedy=remedy)
    if not 2000 <= year <= 2200:
        words, remedy = N_("This is no budget year."), N_("Enter a year of four digits.")
        raise Invalid.single("year", words, field="year", remedy=remedy)
    if not 0 < len(document_number.strip()) <= 120:
        words, remedy = (
            N_("A document number is needed."),
            N_("Enter the number of the document that planned the money."),
        )
        raise Invalid.single("document-number", words, field="document_number", remedy=remedy)
