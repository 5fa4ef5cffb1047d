"""Vouchers with what is left of them, their decisions and holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, String, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.vouchers import ledger
from equipment_cloud.vouchers.ledger.accounts import balances_of
from equipment_cloud.vouchers.models import (
    AccountKind,
    EnterpriseYear,
    Hold,
    LedgerAccount,
    PolicyVersion,
    Voucher,
    VoucherState,
    VoucherStep,
)
from equipment_cloud.vouchers.policy import READERS
from equipment_cloud.vouchers.rules.states import WITH_MONEY

"""Bureau roles that see every voucher."""


@dataclass(frozen=True, slots=True)
class Balances:
    """What is left of a voucher, in fen: free to use, set aside for orders, drawn for services and not yet claimed."""

    available_fen: int = 0
    held_fen: int = 0
    drawn_fen: int = 0


@dataclass(frozen=True, slots=True)
class UsableVoucher:
    """A voucher someone may choose when booking."""

    id: int
    number: str
    available_fen: int
    expires_on: date
    policy_name: str
    policy_name_en: str
    is_example: bool
    settlement_model: str


def voucher_for(actor: Actor, voucher_id: int) -> Voucher:
    """A voucher this person may see, with organisation, policy and pool. Raises :class:`NotFound`."""
    found = session().scalar(_whole().where(Voucher.id == voucher_id))
    if found is None or not (actor.has(*READERS) or actor.has_at(found.organisation_id)):
        raise NotFound
    return found


def voucher(voucher_id: int) -> Voucher:
    """A voucher whoever asks, with organisation, policy and pool. Raises :class:`NotFound`."""
    found = session().scalar(_whole().where(Voucher.id == voucher_id))
    if found is None:
        raise NotFound
    return found


def vouchers_page(
    actor: Actor, *, states: Collection[VoucherState] = (), organisation_id: int | None = None,
    oldest_first: bool = False, number: int, size: int,
) -> Page[Voucher]:  # fmt: skip
    """A page of the vouchers this person may see, newest first unless it is a queue."""
    statement = _whole()
    if not actor.has(*READERS):
        statement = statement.where(Voucher.organisation_id.in_(actor.organisations()))
    if states:
        statement = statement.where(Voucher.state.in_(states))
    if organisation_id is not None:
        statement = statement.where(Voucher.organisation_id == organisation_id)
    order = Voucher.id if oldest_first else Voucher.id.desc()
    return scalars_page(statement.order_by(order), number=number, size=size)


def waiting(states: Collection[VoucherState], *, not_by: int, limit: int) -> Sequence[Voucher]:
    """Applications in these states that another person than this one brought there, the oldest first."""
    statement = _whole().where(Voucher.state.in_(states), Voucher.applied_by != not_by)
    others = statement.where(or_(Voucher.reviewed_by.is_(None), Voucher.reviewed_by != not_by))
    return session().scalars(others.order_by(Voucher.id).limit(limit)).all()


def waiting_counts() -> dict[VoucherState, int]:
    """How many applications wait for review and for approval."""
    states = (VoucherState.SUBMITTED, VoucherState.REVIEWED)
    statement = select(Voucher.state, func.count()).where(Voucher.state.in_(states)).group_by(Voucher.state)
    return dict(session().execute(statement).all())


def totals(organisation_ids: Collection[int]) -> Balances:
    """Balances of all vouchers of some organisations together."""
    statement = (
        select(LedgerAccount.kind, func.sum(LedgerAccount.balance_fen))
        .join(Voucher, LedgerAccount.owner == literal("voucher:") + cast(Voucher.id, String))
        .where(Voucher.organisation_id.in_(organisation_ids))
        .group_by(LedgerAccount.kind)
    )
    return _balances({kind: int(fen) for kind, fen in session().execute(statement)})


def numbers_of(voucher_ids: Collection[int]) -> dict[int, str]:
    """The numbers people know vouchers by."""
    statement = select(Voucher.id, Voucher.number).where(Voucher.id.in_(voucher_ids)).order_by(Voucher.id)
    return {id_: number or "" for id_, number in session().execute(statement)}


def balances(voucher_ids: Iterable[int]) -> dict[int, Balances]:
    """Balances of many vouchers in one statement; zeros for one that was never issued."""
    owners = {ledger.voucher_owner(voucher_id): voucher_id for voucher_id in voucher_ids}
    if not owners:
        return {}
    found = balances_of(list(owners))
    return {voucher_id: _balances(found[owner]) for owner, voucher_id in owners.items()}


def usable_vouchers(organisation_id: int, on: date) -> list[UsableVoucher]:
    """Issued vouchers of an enterprise valid on a day with something available; the first to expire first."""
    available = LedgerAccount.balance_fen
    statement = (
        select(Voucher, available)
        .join(LedgerAccount, LedgerAccount.owner == literal("voucher:") + cast(Voucher.id, String))
        .options(joinedload(Voucher.policy_version).joinedload(PolicyVersion.policy))
        .where(LedgerAccount.kind == AccountKind.VOUCHER_AVAILABLE, available > 0)
        .where(Voucher.organisation_id == organisation_id)
        .where(Voucher.state == VoucherState.ISSUED, Voucher.expires_on >= on)
        .order_by(Voucher.expires_on, Voucher.id)
        .limit(100)
    )
    return [_usable(voucher, fen) for voucher, fen in session().execute(statement)]


def outstanding_fen(organisation_id: int, policy_id: int) -> int:
    """What an enterprise holds in vouchers of a policy: available and held, over all that live."""
    kinds = (AccountKind.VOUCHER_AVAILABLE, AccountKind.VOUCHER_HELD)
    statement = (
        select(func.coalesce(func.sum(LedgerAccount.balance_fen), 0))
        .join(Voucher, LedgerAccount.owner == literal("voucher:") + cast(Voucher.id, String))
        .join(PolicyVersion, PolicyVersion.id == Voucher.policy_version_id)
        .where(LedgerAccount.kind.in_(kinds), PolicyVersion.policy_id == policy_id)
        .where(Voucher.organisation_id == organisation_id, Voucher.state.in_(WITH_MONEY))
    )
    return int(session().scalar(statement) or 0)


def year_of(organisation_id: int, policy_id: int, year: int) -> EnterpriseYear | None:
    """What an enterprise committed under a policy in a year; none before its first hold."""
    statement = select(EnterpriseYear).where(EnterpriseYear.organisation_id == organisation_id)
    found = statement.where(EnterpriseYear.policy_id == policy_id, EnterpriseYear.year == year)
    return session().scalar(found, execution_options={"populate_existing": True})


def steps_of(voucher_id: int) -> Sequence[VoucherStep]:
    """Decisions on a voucher with their opinions, oldest first; the clock's reminders are left out."""
    statement = select(VoucherStep).where(VoucherStep.voucher_id == voucher_id, VoucherStep.act.not_like("remind%"))
    return session().scalars(statement.order_by(VoucherStep.id).limit(200)).all()


def holds_of(voucher_id: int, *, limit: int = 100) -> Sequence[Hold]:
    """Holds of a voucher, newest first."""
    statement = select(Hold).where(Hold.voucher_id == voucher_id).order_by(Hold.id.desc())
    return session().scalars(statement.limit(limit)).all()


def hold_of(reference: str) -> Hold | None:
    """The hold, held or drawn, of a thing with a reference."""
    return session().scalar(select(Hold).where(Hold.live_reference == reference))


def _whole() -> Select[Voucher]:
    return select(Voucher).options(
        joinedload(Voucher.organisation),
        joinedload(Voucher.pool),
        joinedload(Voucher.policy_version).joinedload(PolicyVersion.policy),
    )


def _balances(found: dict[AccountKind, int]) -> Balances:
    kinds = (AccountKind.VOUCHER_AVAILABLE, AccountKind.VOUCHER_HELD, AccountKind.VOUCHER_DRAWN)
    return Balances(*(found.get(kind, 0) for kind in kinds))


def _usable(voucher: Voucher, fen: int) -> UsableVoucher:
    version, policy = voucher.policy_version, voucher.policy_version.policy
    return UsableVoucher(
        id=voucher.id, number=voucher.number or "", available_fen=fen, expires_on=voucher.expires_on or date.max,
        policy_name=policy.name, policy_name_en=policy.name_en, is_example=policy.is_example,
        settlement_model=version.document["settlement_model"],
    )  # fmt: skip
