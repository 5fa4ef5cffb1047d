"""What the clock does to vouchers: reminders before the last days, and the money of expired ones back to the pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, insert, literal, select, update
from sqlalchemy.orm import aliased

from equipment_cloud.foundation import audit, outbox
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.db import Document, UtcDateTime, session
from equipment_cloud.foundation.filters import money
from equipment_cloud.kernel.errors import N_
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Voucher, VoucherState, VoucherStep
from equipment_cloud.vouchers.rules import Act
from equipment_cloud.vouchers.rules.states import WITH_MONEY

CHUNK = 1_000
REMIND_DAYS = (30, 7, 1)


def expire_due(on: date, now: datetime) -> int:
    """Expire at most :data:`CHUNK` vouchers whose last day lies before ``on``; returns how many, 0 when none is left.

    Set-based: what is available goes back to the pool; what is held stays for the services it was held for.
    """
    ids = _lock_due(on)
    if not ids:
        return 0
    available, free = aliased(LedgerAccount), aliased(LedgerAccount)
    owner = literal("voucher:") + cast(Voucher.id, String)
    ledger.transfer_from(
        select(
            available.id.label("from_account_id"), free.id.label("to_account_id"),
            available.balance_fen.label("amount_fen"), (literal("expire:") + owner).label("cause"),
            owner.label("reference"),
        )
        .select_from(Voucher)
        .join(available, available.owner == owner)
        .join(free, free.owner == literal("pool:") + cast(Voucher.pool_id, String))
        .where(available.kind == AccountKind.VOUCHER_AVAILABLE, free.kind == AccountKind.POOL_FREE)
        .where(available.balance_fen > 0, Voucher.id.in_(ids)),
        act=Act.EXPIRE, by=SYSTEM, now=now,
    )  # fmt: skip
    session().execute(update(Voucher).where(Voucher.id.in_(ids)).values(state=VoucherState.EXPIRED))
    _steps(ids, "expire", now)
    detail = {"on": on.isoformat(), "vouchers": len(ids), "first": ids[0], "last": ids[-1]}
    audit.note("vouchers.expire", "vouchers", by=SYSTEM, now=now, detail=detail)
    return len(ids)


def remind_expiring(on: date, now: datetime) -> int:
    """Remind of what can no longer be used, or claimed, in 30, 7 and 1 days; each once. Returns how many were told."""
    told = 0
    for days in REMIND_DAYS:
        last_day = on + timedelta(days=days)
        words = N_("Voucher %(number)s: %(amount)s can be used until %(day)s only.")
        told += _remind(f"remind-use-{days}", words, AccountKind.VOUCHER_AVAILABLE, Voucher.expires_on == last_day, now)
        words = N_("Voucher %(number)s: claim %(amount)s by %(day)s, or it is lost.")
        told += _remind(f"remind-claim-{days}", words, AccountKind.VOUCHER_DRAWN, Voucher.redeem_by == last_day, now)
    return told


def _lock_due(on: date) -> list[int]:
    """Ids of vouchers that are due, locked in ascending order."""
    due = (
        select(Voucher.id)
        .where(Voucher.state.in_(WITH_MONEY), Voucher.expires_on < on)
        .order_by(Voucher.id)
        .limit(CHUNK)
        .with_for_update()
    )
    ids = list(session().scalars(due))
    if ids:
        session().execute(
            update(Voucher).where(Voucher.id.in_(ids)).values(revision=Voucher.revision + 1),
            execution_options={"synchronize_session": False},
        )
    return ids


def _remind(act: str, words: str, kind: AccountKind, when: object, now: datetime) -> int:
    owner = literal("voucher:") + cast(Voucher.id, String)
    reminded = select(VoucherStep.id).where(VoucherStep.voucher_id == Voucher.id, VoucherStep.act == act).exists()
    due = (
        select(Voucher, LedgerAccount.balance_fen)
        .join(LedgerAccount, LedgerAccount.owner == owner)
        .where(LedgerAccount.kind == kind, LedgerAccount.balance_fen > 0, ~reminded)
        .where(when)  # type: ignore[arg-type]
        .order_by(Voucher.id)
        .limit(CHUNK)
    )
    rows = session().execute(due).all()
    for voucher, fen in rows:
        last_day = voucher.expires_on if kind is AccountKind.VOUCHER_AVAILABLE else voucher.redeem_by
        outbox.post(
            "vouchers.expiring", [voucher.applied_by], words, now=now, link=f"/vouchers/{voucher.id}",
            values={"number": voucher.number, "amount": money(fen), "day": f"{last_day}"},
        )  # fmt: skip
    if rows:
        _steps([voucher.id for voucher, _fen in rows], act, now)
    return len(rows)


def _steps(ids: Sequence[int], act: str, now: datetime) -> None:
    rows = select(
        Voucher.id, literal(now, UtcDateTime), literal(SYSTEM.id), literal(SYSTEM.name), literal(act),
        literal([], Document),
    ).where(Voucher.id.in_(ids))  # fmt: skip
    names = ["voucher_id", "at", "person_id", "person_name", "act", "defects"]
    session().execute(insert(VoucherStep).from_select(names, rows.order_by(Voucher.id)))
