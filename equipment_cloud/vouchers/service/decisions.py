"""The bureau's decisions on applications: reviewed by one person, approved and issued by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.filters import money
from equipment_cloud.kernel.errors import N_, Invalid, SamePerson, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.vouchers import ledger, queries
from equipment_cloud.vouchers.models import AccountKind, Pool, Voucher, VoucherState
from equipment_cloud.vouchers.refusals import PoolExhausted
from equipment_cloud.vouchers.rules import MOVES, Act, expires_on, problems_with_application, redeem_by
from equipment_cloud.vouchers.rules.states import ISSUING
from equipment_cloud.vouchers.service import locks
from equipment_cloud.vouchers.service.steps import step, tell_applicant


def review(voucher_id: int, opinion: str, *, by: Actor, now: datetime) -> Voucher:
    """First look (初审): passes the application on to the approver. Raises :class:`SamePerson` for the applicant."""
    voucher = locks.voucher(voucher_id)
    target = move(MOVES, voucher.state, VoucherState.REVIEWED)
    if by.id == voucher.applied_by:
        raise SamePerson
    voucher.state, voucher.reviewed_by = target, by.id
    step(voucher, "review", by=by, now=now, opinion=opinion)
    outbox.post(
        "vouchers.reviewed", organisations.bureau_people("approver", on=clock.today(now)),
        N_("Voucher application %(number)s awaits your approval."), now=now, link=f"/vouchers/{voucher.id}",
        values={"number": voucher.number},
    )  # fmt: skip
    return voucher


def approve(voucher_id: int, opinion: str, *, amount_fen: int | None = None, by: Actor, now: datetime) -> Voucher:
    """Second look (复审) by another person, which issues the voucher in the same breath; see :func:`issue`."""
    return issue(voucher_id, opinion=opinion, amount_fen=amount_fen, by=by, now=now)


def issue(
    voucher_id: int, *, opinion: str = "", amount_fen: int | None = None, by: Actor, now: datetime
) -> Voucher:  # fmt: skip
    """Issue a reviewed application: the pool's money becomes the voucher's. Issuing an issued one changes nothing.

    ``amount_fen`` may only lower what was asked. Raises :class:`SamePerson` for the reviewer or the applicant,
    :class:`PoolExhausted` (409), :class:`Invalid` when a rule of the policy is broken by now.
    """
    voucher = locks.voucher(voucher_id)
    if voucher.state is VoucherState.ISSUED and voucher.approved_by == by.id:
        return voucher
    target = move(ISSUING, voucher.state, VoucherState.ISSUED)
    if by.id in (voucher.reviewed_by, voucher.applied_by):
        raise SamePerson
    amount = _amount(voucher, amount_fen)
    terms = queries.terms_of_version(queries.version(voucher.policy_version_id))
    voucher.state, voucher.approved_by, voucher.issued_fen, voucher.issued_at = target, by.id, amount, now
    voucher.expires_on = expires_on(terms, clock.today(now))
    voucher.redeem_by = redeem_by(terms, voucher.expires_on)
    _reserve(voucher, amount, by=by, now=now)
    step(voucher, "issue", by=by, now=now, opinion=opinion or None)
    tell_applicant(voucher, "issued", N_("Voucher %(number)s was issued: %(amount)s."), now=now, amount=money(amount))
    return voucher


def send_back(voucher_id: int, reason: str, *, defects: Sequence[str] = (), by: Actor, now: datetime) -> Voucher:
    """Back to the applicant with everything that is to be mended, told at once (一次性告知)."""
    reason, voucher = _reasoned(reason), locks.voucher(voucher_id)
    voucher.state = move(MOVES, voucher.state, VoucherState.SENT_BACK)
    step(voucher, "send-back", by=by, now=now, opinion=reason, defects=defects)
    words = N_("Voucher application %(number)s was sent back: %(reason)s")
    tell_applicant(voucher, "sent-back", words, now=now, reason=reason)
    return voucher


def refuse(voucher_id: int, reason: str, *, by: Actor, now: datetime) -> Voucher:
    """No (不通过); the reason is mandatory and told to the applicant."""
    reason, voucher = _reasoned(reason), locks.voucher(voucher_id)
    voucher.state = move(MOVES, voucher.state, VoucherState.REFUSED)
    step(voucher, "refuse", by=by, now=now, opinion=reason)
    words = N_("Voucher application %(number)s was refused: %(reason)s")
    tell_applicant(voucher, "refused", words, now=now, reason=reason)
    return voucher


def _reasoned(reason: str) -> str:
    if not reason.strip():
        words, remedy = N_("A reason is needed."), N_("Write what is wrong and what to do about it.")
        raise Invalid.single("reason", words, field="reason", remedy=remedy)
    return reason.strip()


def _amount(voucher: Voucher, amount_fen: int | None) -> int:
    amount = voucher.requested_fen if amount_fen is None else amount_fen
    if amount > voucher.requested_fen:
        words, remedy = N_("No more than the applicant asked for can be issued."), N_("Enter a smaller amount.")
        raise Invalid.single("amount", words, field="amount_fen", remedy=remedy)
    version = queries.version(voucher.policy_version_id)
    terms, outstanding = (
        queries.terms_of_version(version),
        queries.outstanding_fen(voucher.organisation_id, version.policy_id),
    )
    raise_if(problems_with_application(terms, requested_fen=amount, outstanding_fen=outstanding))
    return amount


def _reserve(voucher: Voucher, amount_fen: int, *, by: Actor, now: datetime) -> None:
    """Pool to voucher; the pool's balance is taken by a conditional update, so it is never overdrawn."""
    owner, pool = ledger.voucher_owner(voucher.id), ledger.pool_owner(voucher.pool_id)
    ledger.ensure(voucher.pool_id, ledger.VOUCHER_KINDS, owner)
    free = ledger.account(AccountKind.POOL_FREE, pool)
    try:
        ledger.transfer(
            free, ledger.account(AccountKind.VOUCHER_AVAILABLE, owner), amount_fen, act=Act.ISSUE,
            cause=f"issue:{owner}", reference=owner, by=by, now=now,
        )  # fmt: skip
    except ledger.NotEnough:
        left = ledger.balances(pool)[AccountKind.POOL_FREE]
        year = session().get_one(Pool, voucher.pool_id).year
        raise PoolExhausted(year=year, free=money(left)) from None
