"""What must never be false about the ledger: one question each, asked of all records at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from equipment_cloud.foundation.db import session
from equipment_cloud.vouchers import documents
from equipment_cloud.vouchers.models import (
    AccountKind,
    EnterpriseYear,
    Hold,
    HoldState,
    LedgerAccount,
    PolicyVersion,
    Transfer,
    VersionState,
    Voucher,
    VoucherState,
)
from equipment_cloud.vouchers.rules import Act, accounts_of
from equipment_cloud.vouchers.rules.states import WITH_MONEY

Breach = dict[str, str]


def _breach(code: str, record: str, message: str) -> Breach:
    return {"code": code, "record": record, "message": message}


def balances_that_differ() -> Iterator[Breach]:
    """A cached balance is the sum of its transfers."""
    moved = union_all(
        select(Transfer.to_account_id.label("account_id"), Transfer.amount_fen.label("fen")),
        select(Transfer.from_account_id, -Transfer.amount_fen),
    ).subquery()
    sums = select(moved.c.account_id, func.sum(moved.c.fen).label("fen")).group_by(moved.c.account_id).subquery()
    truth = func.coalesce(sums.c.fen, 0)
    rows = session().execute(
        select(LedgerAccount.kind, LedgerAccount.owner, LedgerAccount.balance_fen, truth)
        .outerjoin(sums, sums.c.account_id == LedgerAccount.id)
        .where(LedgerAccount.balance_fen != truth)
        .order_by(LedgerAccount.id)
    )
    for kind, owner, cached, summed in rows:
        yield _breach("balance-differs", owner, f"{kind.value}: balance {cached} fen, transfers add up to {summed} fen")


def pools_that_do_not_add_up() -> Iterator[Breach]:
    """Appropriation is minus the sum of the rest, and no transfer leaves its pool."""
    total = func.sum(LedgerAccount.balance_fen)
    for pool_id, fen in session().execute(
        select(LedgerAccount.pool_id, total)
        .group_by(LedgerAccount.pool_id)
        .having(total != 0)
        .order_by(LedgerAccount.pool_id)
    ):
        yield _breach("pool-unbalanced", f"pool:{pool_id}", f"the accounts of the pool add up to {fen} fen, not to 0")


def overdrawn_accounts() -> Iterator[Breach]:
    """No account but the appropriation is ever negative."""
    rows = session().execute(
        select(LedgerAccount.kind, LedgerAccount.owner, LedgerAccount.balance_fen)
        .where(LedgerAccount.balance_fen < 0, LedgerAccount.kind != AccountKind.APPROPRIATION)
        .order_by(LedgerAccount.id)
    )
    for kind, owner, fen in rows:
        yield _breach("negative-balance", owner, f"{kind.value} stands at {fen} fen")


def transfers_between_wrong_accounts() -> Iterator[Breach]:
    """Each act moves money between its own kinds of account, within one pool."""
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    allowed = [
        and_(Transfer.act == act.value, source.kind == start, target.kind == end)
        for act in Act
        for start, end in accounts_of(act)
    ]
    rows = session().execute(
        select(Transfer.id, Transfer.act, source.kind, target.kind)
        .join(source, source.id == Transfer.from_account_id)
        .join(target, target.id == Transfer.to_account_id)
        .where(or_(~or_(*allowed), source.pool_id != target.pool_id))
        .order_by(Transfer.id)
    )
    for transfer_id, act, start, end in rows:
        yield _breach("wrong-accounts", f"transfer:{transfer_id}", f"{act} from {start.value} to {end.value}")


def _owner() -> ColumnElement[str]:
    return literal("voucher:") + cast(Voucher.id, String)


def _per_voucher(kind: AccountKind) -> Subquery:
    return (
        select(LedgerAccount.owner, LedgerAccount.balance_fen.label("fen")).where(LedgerAccount.kind == kind).subquery()
    )


def _compared(code: str, words: str, statement: Select[*tuple[Any, ...]]) -> Iterator[Breach]:
    for voucher_id, told, booked in session().execute(statement):
        yield _breach(code, f"voucher:{voucher_id}", f"{words}: {told} fen, ledger: {booked} fen")


def holds_that_differ() -> Iterator[Breach]:
    """What the live holds of a voucher add up to is what its account holds."""
    account = _per_voucher(AccountKind.VOUCHER_HELD)
    holds = (
        select(Hold.voucher_id, func.sum(Hold.amount_fen).label("fen"))
        .where(Hold.state == HoldState.HELD)
        .group_by(Hold.voucher_id)
        .subquery()
    )
    told, booked = func.coalesce(holds.c.fen, 0), func.coalesce(account.c.fen, 0)
    yield from _compared(
        "held-differs", "live holds", select(Voucher.id, told, booked)
        .outerjoin(holds, holds.c.voucher_id == Voucher.id).outerjoin(account, account.c.owner == _owner())
        .where(told != booked).order_by(Voucher.id),
    )  # fmt: skip


def draws_that_differ() -> Iterator[Breach]:
    """What the holds say was drawn, less what review took back, is what left the held account and did not return."""
    holds = (
        select(Hold.voucher_id, func.sum(Hold.drawn_fen).label("fen"))
        .where(Hold.state == HoldState.DRAWN).group_by(Hold.voucher_id).subquery()
    )  # fmt: skip
    drawn = (
        select(LedgerAccount.owner, func.sum(Transfer.amount_fen).label("fen"))
        .join(LedgerAccount, LedgerAccount.id == Transfer.to_account_id)
        .where(Transfer.act == Act.DRAW.value).group_by(LedgerAccount.owner).subquery()
    )  # fmt: skip
    told, booked = func.coalesce(holds.c.fen, 0), func.coalesce(drawn.c.fen, 0)
    yield from _compared(
        "drawn-differs", "drawn holds", select(Voucher.id, told, booked)
        .outerjoin(holds, holds.c.voucher_id == Voucher.id).outerjoin(drawn, drawn.c.owner == _owner())
        .where(told != booked).order_by(Voucher.id),
    )  # fmt: skip


def issues_that_differ() -> Iterator[Breach]:
    """The amount on the voucher is the amount the pool gave for it."""
    issued = (
        select(LedgerAccount.owner, func.sum(Transfer.amount_fen).label("fen"))
        .join(LedgerAccount, LedgerAccount.id == Transfer.to_account_id)
        .where(Transfer.act == Act.ISSUE.value).group_by(LedgerAccount.owner).subquery()
    )  # fmt: skip
    told, booked = func.coalesce(Voucher.issued_fen, 0), func.coalesce(issued.c.fen, 0)
    yield from _compared(
        "issued-differs", "issued", select(Voucher.id, told, booked)
        .outerjoin(issued, issued.c.owner == _owner()).where(told != booked).order_by(Voucher.id),
    )  # fmt: skip


def states_that_contradict_balances() -> Iterator[Breach]:
    """Expired and returned vouchers have nothing available, exhausted ones nothing held either, unissued nothing."""
    available, held = _per_voucher(AccountKind.VOUCHER_AVAILABLE), _per_voucher(AccountKind.VOUCHER_HELD)
    has_available = func.coalesce(available.c.fen, 0) > 0
    has_held = func.coalesce(held.c.fen, 0) > 0
    over = (VoucherState.EXPIRED, VoucherState.RETURNED)
    before = [state for state in VoucherState if state not in (*over, *WITH_MONEY)]
    rows = session().execute(
        select(Voucher.id, Voucher.state)
        .outerjoin(available, available.c.owner == _owner())
        .outerjoin(held, held.c.owner == _owner())
        .where(
            or_(
                and_(Voucher.state.in_(over), has_available),
                and_(Voucher.state.in_((VoucherState.EXHAUSTED, *before)), or_(has_available, has_held)),
                and_(Voucher.state == VoucherState.ISSUED, ~has_available, ~has_held),
            )
        )
        .order_by(Voucher.id)
    )
    for voucher_id, state in rows:
        yield _breach(
            "state-differs", f"voucher:{voucher_id}", f"{state.value} does not fit what is available and held"
        )


def years_that_differ() -> Iterator[Breach]:
    """What an enterprise committed in a year is what its holds of that year say."""
    committed = case(
        (Hold.state == HoldState.HELD, Hold.amount_fen),
        (Hold.state == HoldState.DRAWN, Hold.drawn_fen - Hold.returned_fen),
        else_=0,
    )
    year = extract("year", Hold.service_on)
    holds = (
        select(
            Voucher.organisation_id, PolicyVersion.policy_id, year.label("year"), func.sum(committed).label("fen"),
        )
        .join(Voucher, Voucher.id == Hold.voucher_id)
        .join(PolicyVersion, PolicyVersion.id == Voucher.policy_version_id)
        .group_by(Voucher.organisation_id, PolicyVersion.policy_id, year)
        .subquery()
    )  # fmt: skip
    told, summed = func.coalesce(EnterpriseYear.committed_fen, 0), func.coalesce(holds.c.fen, 0)
    same = and_(
        EnterpriseYear.organisation_id == holds.c.organisation_id,
        EnterpriseYear.policy_id == holds.c.policy_id,
        EnterpriseYear.year == holds.c.year,
    )
    missing = select(holds.c.organisation_id, holds.c.year, told, summed).outerjoin(EnterpriseYear, same)
    surplus = select(EnterpriseYear.organisation_id, EnterpriseYear.year, told, summed).outerjoin(holds, same)
    both = missing.where(told != summed).union(surplus.where(told != summed))
    for organisation_id, on_year, kept, truth in session().execute(both):
        words = f"{int(on_year)}: committed {kept} fen, holds add up to {truth} fen"
        yield _breach("year-differs", f"organisation:{organisation_id}", words)


def years_above_their_cap() -> Iterator[Breach]:
    """No enterprise is above its yearly cap."""
    rows = session().execute(
        select(
            EnterpriseYear.organisation_id, EnterpriseYear.year, EnterpriseYear.committed_fen, EnterpriseYear.cap_fen
        )
        .where(EnterpriseYear.committed_fen > EnterpriseYear.cap_fen)
        .order_by(EnterpriseYear.id)
    )
    for organisation_id, year, fen, cap in rows:
        yield _breach("year-over-cap", f"organisation:{organisation_id}", f"{year}: {fen} fen of {cap} fen")


def policies_that_changed() -> Iterator[Breach]:
    """A published version reads as it did when it was published."""
    published = select(PolicyVersion).where(PolicyVersion.state == VersionState.PUBLISHED).order_by(PolicyVersion.id)
    for version in session().scalars(published):
        if documents.checksum(version.document) != version.checksum:
            yield _breach(
                "policy-changed", f"policy-version:{version.id}", "the text is not the one that was published"
            )
