"""What settlement moves: drawn money approved, cut, restored, paid, sent back by the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid
from equipment_cloud.vouchers import ledger, queries
from equipment_cloud.vouchers.ledger.bulk import TransferRow
from equipment_cloud.vouchers.models import AccountKind, Hold, HoldState, LedgerAccount, Voucher
from equipment_cloud.vouchers.rules import Act
from equipment_cloud.vouchers.service import locks
from equipment_cloud.vouchers.service.balances import money_back, refresh_state

CHUNK = 5_000


class NotPayable(Conflict):
    """A claim of the list holds no such approved amount, or was paid before (409)."""

    code = "not-payable"
    message = N_("A claim of this list was paid before, or was never approved for this amount.")
    remedy = N_("Reload the batch; if it stays, run the check of the ledger.")


def approve_claim(
    claim_id: int, voucher_id: int, drawn_fen: int, approved_fen: int, *, references: Sequence[str] = (), by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Drawn money to the claim's account; what review cut goes back to the voucher, or to the pool if it expired.

    ``approved_fen`` 0 rejects the whole claim. ``references`` names the things claimed (``booking:12``), so that a cut
    frees the yearly cap of the right year; without them the latest drawn ones of the voucher answer for it.
    """
    if not 0 <= approved_fen <= drawn_fen:
        words, remedy = N_("Review may only lower the amount."), N_("Enter an amount up to %(most)s fen.")
        raise Invalid.single("amount", words, field="amount_fen", remedy=remedy, most=drawn_fen)
    voucher = locks.voucher(voucher_id)
    owner, claim = ledger.voucher_owner(voucher_id), ledger.claim_owner(claim_id)
    ledger.ensure(voucher.pool_id, (AccountKind.CLAIM_PAYABLE,), claim)
    if approved_fen:
        ledger.transfer(
            ledger.account(AccountKind.VOUCHER_DRAWN, owner), ledger.account(AccountKind.CLAIM_PAYABLE, claim),
            approved_fen, act=Act.APPROVE, cause=f"approve:{claim}", reference=claim, by=by, now=now,
        )  # fmt: skip
    if approved_fen < drawn_fen:
        money_back(
            voucher, AccountKind.VOUCHER_DRAWN, owner, drawn_fen - approved_fen, act=Act.CUT, cause=f"cut:{claim}",
            reference=claim, by=by, now=now,
        )  # fmt: skip
        _take_back(voucher, drawn_fen - approved_fen, references)
    audit.note(
        "vouchers.approve-claim", claim, by=by, now=now, detail={"approved_fen": approved_fen, "drawn_fen": drawn_fen}
    )


def restore_claim(
    claim_id: int, voucher_id: int, amount_fen: int, *, references: Sequence[str] = (), by: Actor, now: datetime
) -> None:
    """Take an approved claim out of payment (objection upheld, finding): to the voucher, or the pool if it expired."""
    voucher, claim = locks.voucher(voucher_id), ledger.claim_owner(claim_id)
    money_back(
        voucher, AccountKind.CLAIM_PAYABLE, claim, amount_fen, act=Act.RESTORE, cause=f"restore:{claim}",
        reference=claim, by=by, now=now,
    )  # fmt: skip
    _take_back(voucher, amount_fen, references)
    audit.note("vouchers.restore-claim", claim, by=by, now=now, detail={"amount_fen": amount_fen})


def pay_claims(rows: Iterable[tuple[int, int, int]], *, cause_prefix: str, by: Actor, now: datetime) -> int:
    """Pay ``(claim_id, pool_id, amount_fen)`` as a set; returns how many. All or nothing.

    ``cause_prefix`` (``pay:batch:2``) makes the cause unique: a repeated file pays nothing twice; it raises
    :class:`NotPayable`.
    """
    done, remaining = 0, iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        transfers = list(_payments(chunk, cause_prefix))
        if len(transfers) != len(chunk):
            raise NotPayable
        try:
            done += ledger.transfer_many(transfers, act=Act.PAY, by=by, now=now)
        except IntegrityError:
            raise NotPayable from None
    return done


def bounce_claim(claim_id: int, amount_fen: int, *, cause: str, by: Actor, now: datetime) -> None:
    """The bank sent a payment back: it is payable again. ``cause`` names the result that said so, and is unique."""
    claim = ledger.claim_owner(claim_id)
    payable = ledger.account(AccountKind.CLAIM_PAYABLE, claim)
    pool_id = session().scalars(select(LedgerAccount.pool_id).where(LedgerAccount.id == payable)).one()
    paid = ledger.account(AccountKind.POOL_PAID, ledger.pool_owner(pool_id))
    ledger.transfer(paid, payable, amount_fen, act=Act.BOUNCE, cause=cause, reference=claim, by=by, now=now)


def _payments(rows: Sequence[tuple[int, int, int]], cause_prefix: str) -> Iterator[TransferRow]:
    owners = {ledger.claim_owner(claim_id) for claim_id, _pool, _fen in rows}
    pools = {ledger.pool_owner(pool_id) for _claim, pool_id, _fen in rows}
    payable, paid = _ids(AccountKind.CLAIM_PAYABLE, owners), _ids(AccountKind.POOL_PAID, pools)
    for claim_id, pool_id, fen in rows:
        claim, pool = ledger.claim_owner(claim_id), ledger.pool_owner(pool_id)
        if claim in payable and pool in paid:
            yield payable[claim], paid[pool], fen, f"{cause_prefix}:{claim}", claim


def _ids(kind: AccountKind, owners: Iterable[str]) -> dict[str, int]:
    statement = select(LedgerAccount.owner, LedgerAccount.id).where(LedgerAccount.kind == kind)
    return dict(session().execute(statement.where(LedgerAccount.owner.in_(list(owners)))).all())


def _take_back(voucher: Voucher, amount_fen: int, references: Sequence[str]) -> None:
    """Write the amount taken back on the drawn holds, latest first, and free the yearly cap of their years."""
    statement = select(Hold).where(Hold.voucher_id == voucher.id, Hold.state == HoldState.DRAWN)
    if references:
        statement = statement.where(Hold.reference.in_(references))
    policy_id, left, by_year = queries.version(voucher.policy_version_id).policy_id, amount_fen, dict[int, int]()
    for row in session().scalars(statement.where(Hold.returned_fen < Hold.drawn_fen).order_by(Hold.id.desc())):
        part = min(left, row.drawn_fen - row.returned_fen)
        row.returned_fen += part
        by_year[row.service_on.year] = by_year.get(row.service_on.year, 0) + part
        left -= part
        if not left:
            break
    if left:
        raise NotPayable
    session().flush()
    for on_year, fen in sorted(by_year.items()):
        locks.commit_year(voucher.organisation_id, policy_id, on_year, change_fen=-fen)
    refresh_state(voucher)
