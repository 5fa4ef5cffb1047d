"""Rows for exports, read in portions so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_
from equipment_cloud.kernel.money import yuan_from_fen
from equipment_cloud.organisations.models import BankAccount, Organisation
from equipment_cloud.settlement.models import Batch, BatchLine, Claim
from equipment_cloud.settlement.rules import ClaimState, LineState
from equipment_cloud.vouchers.models import Voucher

PORTION = 2_000

_PROVIDER = Organisation.__table__.alias("provider")

CLAIM_HEADINGS = (
    N_("Claim number"),
    N_("State"),
    N_("Applicant"),
    N_("Credit code"),
    N_("Provider"),
    N_("Voucher"),
    N_("Requested (yuan)"),
    N_("Approved (yuan)"),
    N_("Filed on"),
    N_("Approved on"),
    N_("Paid on"),
)


def claim_headings() -> Sequence[str]:
    """Message ids of the columns of :func:`claim_rows`."""
    return CLAIM_HEADINGS


def claim_rows() -> Iterator[tuple[Any, ...]]:
    """Every claim that was filed, in order of id; amounts in yuan, dates local, no bank data and no persons."""
    statement = (
        select(
            Claim.id,
            Claim.number,
            Claim.state,
            Organisation.name,
            Organisation.credit_code,
            _PROVIDER.c.name,
            Voucher.number,
            Claim.requested_fen,
            Claim.approved_fen,
            Claim.submitted_at,
            Claim.approved_at,
            Claim.paid_on,
        )
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .join(_PROVIDER, _PROVIDER.c.id == Claim.provider_id)
        .join(Voucher, Voucher.id == Claim.voucher_id)
        .where(Claim.state != ClaimState.DRAFT)
    )
    for row in _portions(statement, Claim.id):
        _id, number, state, firm, code, provider, voucher, requested, approved, filed, decided, paid_on = row
        yield (
            number,
            state.value,
            firm,
            code,
            provider,
            voucher,
            yuan_from_fen(requested),
            None if approved is None else yuan_from_fen(approved),
            clock.today(filed) if filed else None,
            clock.today(decided) if decided else None,
            paid_on,
        )


def notice_rows(batch: Batch) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(claim:3, content)`` of each listed line in order: firms in full, no person, no telephone, no account."""
    for row in _posted(batch, listed_only=True):
        _position, claim_id, number, firm, provider, voucher, fen = row
        content = {"claim": number, "organisation": firm, "provider": provider, "voucher": voucher, "amount_fen": fen}
        yield f"claim:{claim_id}", content


def listed_rows(batch: Batch) -> Iterator[dict[str, Any]]:
    """The same columns of every line ever listed, whatever became of it."""
    for row in _posted(batch, listed_only=False):
        _position, _claim_id, number, firm, provider, voucher, fen = row
        yield {"claim": number, "organisation": firm, "provider": provider, "voucher": voucher, "amount_fen": fen}


def _posted(batch: Batch, *, listed_only: bool) -> Iterator[Any]:
    statement = (
        select(
            BatchLine.position,
            Claim.id,
            Claim.number,
            Organisation.name,
            _PROVIDER.c.name,
            Voucher.number,
            BatchLine.amount_fen,
        )
        .join(Claim, Claim.id == BatchLine.claim_id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .join(_PROVIDER, _PROVIDER.c.id == Claim.provider_id)
        .join(Voucher, Voucher.id == Claim.voucher_id)
        .where(BatchLine.batch_id == batch.id)
    )
    if listed_only:
        statement = statement.where(BatchLine.state == LineState.LISTED)
    return _portions(statement, BatchLine.position)


NOTICE_COLUMNS = (
    {"key": "claim", "label": N_("Claim number"), "kind": "text"},
    {"key": "organisation", "label": N_("Applicant"), "kind": "text"},
    {"key": "provider", "label": N_("Provider"), "kind": "text"},
    {"key": "voucher", "label": N_("Voucher"), "kind": "text"},
    {"key": "amount_fen", "label": N_("Amount"), "kind": "money"},
)


def payment_rows(batch: Batch, *, agent_bank: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Lines to be paid in order: number, claim, account holder, account (text), bank, CNAPS, same bank, yuan, use."""
    statement = (
        select(
            BatchLine.position,
            Claim.number,
            BankAccount.account_name,
            BankAccount.account_number,
            BankAccount.bank_name,
            BankAccount.cnaps,
            BatchLine.amount_fen,
        )
        .join(Claim, Claim.id == BatchLine.claim_id)
        .join(BankAccount, BankAccount.id == BatchLine.bank_account_id)
        .where(BatchLine.batch_id == batch.id)
        .where(BatchLine.state.in_((LineState.PAYABLE, LineState.PAID, LineState.BOUNCED)))
    )
    for row in _portions(statement, BatchLine.position):
        position, claim, holder, account, bank, cnaps, fen = row
        same = None if not agent_bank else agent_bank in bank
        yield position, claim, holder, account, bank, cnaps, same, yuan_from_fen(fen), batch.number


def _portions(statement: Select[*tuple[Any, ...]], key: Any) -> Iterator[Any]:
    """All rows in ascending order of ``key``, which is their first column, a portion a statement."""
    last = 0
    while rows := session().execute(statement.where(key > last).order_by(key).limit(PORTION)).all():
        yield from rows
        last = rows[-1][0]
