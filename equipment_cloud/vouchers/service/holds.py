"""Voucher money set aside at commitment, drawn at confirmed service, released at cancellation."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.vouchers import ledger, queries
from equipment_cloud.vouchers.models import AccountKind, Hold, HoldState, Voucher
from equipment_cloud.vouchers.refusals import AlreadyHeld, refusal_for
from equipment_cloud.vouchers.rules import Act, Subsidy, SubsidyCase, accounts_of, plan_draw
from equipment_cloud.vouchers.service import locks
from equipment_cloud.vouchers.service.balances import money_back, refresh_state


def hold(
    voucher_id: int, *, reference: str, provider_id: int, category: str, purpose: str, price_fen: int, service_on: date,
    by: Actor, now: datetime,
) -> Hold:  # fmt: skip
    """Set aside the voucher's share of a price for the thing ``reference`` names (``booking:12``).

    Voucher, then enterprise year are locked and everything is read anew before the rules decide. Raises
    :class:`VoucherRefused` (422, every reason), :class:`VoucherExpired`, :class:`NotEnough` (409: out of money or above
    the yearly cap) or :class:`AlreadyHeld`.
    """
    voucher = locks.voucher(voucher_id)
    ordered_on = clock.today(now)
    version = queries.version_for(voucher, ordered_on=ordered_on, service_on=service_on)
    assert version is not None  # noqa: S101 - a voucher has a version
    cap = queries.terms_of_version(version).per_enterprise_year_cap_fen
    locks.year(voucher.organisation_id, version.policy_id, service_on.year, cap_fen=cap)
    if queries.hold_of(reference) is not None:
        raise AlreadyHeld
    planned = queries.estimate(
        voucher, voucher.organisation_id, provider_id, category, purpose, price_fen, service_on, ordered_on=ordered_on
    )
    if planned.reasons:
        raise refusal_for(planned.reasons)
    row = _new_hold(voucher, planned, reference=reference, price_fen=price_fen, service_on=service_on, now=now)
    row.provider_id, row.category, row.purpose = provider_id, category, purpose
    session().add(row)
    session().flush()
    _transfer(Act.HOLD, row, planned.amount_fen, by=by, now=now)
    locks.commit_year(voucher.organisation_id, version.policy_id, service_on.year, change_fen=planned.amount_fen)
    _note("hold", row, by=by, now=now, amount_fen=row.amount_fen)
    return row


def release(reference: str, *, by: Actor, now: datetime) -> int:
    """Give a hold back to its voucher (to the pool if the voucher expired); fen released, 0 if nothing was held."""
    found = _locked(reference)
    if found is None:
        return 0
    voucher, row = found
    if row.state is not HoldState.HELD:
        return 0
    _give_back(voucher, row, row.amount_fen, by=by, now=now)
    row.state, row.live_reference, row.settled_at = HoldState.RELEASED, None, now
    session().flush()
    refresh_state(voucher)
    _note("release", row, by=by, now=now, amount_fen=row.amount_fen)
    return row.amount_fen


def draw(reference: str, *, price_fen: int, by: Actor, now: datetime) -> int:
    """Draw a hold at the price in the end; fen drawn, 0 if nothing was held.

    The share is reckoned anew by the version that governed the hold, never above what was held; the rest goes back.
    A second draw changes nothing and answers the first amount.
    """
    found = _locked(reference)
    if found is None:
        return 0
    voucher, row = found
    if row.state is not HoldState.HELD:
        return row.drawn_fen
    drawn = plan_draw(
        queries.terms_of_version(queries.version(row.policy_version_id)), _case(row, price_fen), held_fen=row.amount_fen
    )
    if drawn:
        _transfer(Act.DRAW, row, drawn, by=by, now=now)
    if drawn < row.amount_fen:
        _give_back(voucher, row, row.amount_fen - drawn, by=by, now=now)
    row.drawn_fen, row.settled_at = drawn, now
    row.state = HoldState.DRAWN if drawn else HoldState.RELEASED
    row.live_reference = row.live_reference if drawn else None
    session().flush()
    refresh_state(voucher)
    _note("draw", row, by=by, now=now, drawn_fen=drawn, price_fen=price_fen)
    return drawn


def _new_hold(
    voucher: Voucher, planned: Subsidy, *, reference: str, price_fen: int, service_on: date, now: datetime
) -> Hold:
    return Hold(
        voucher_id=voucher.id, policy_version_id=planned.policy_version_id, reference=reference,
        live_reference=reference,
        service_on=service_on, price_fen=price_fen, amount_fen=planned.amount_fen, drawn_fen=0, returned_fen=0,
        state=HoldState.HELD, calculation=planned.calculation, held_at=now, settled_at=None,
    )  # fmt: skip


def _locked(reference: str) -> tuple[Voucher, Hold] | None:
    """The voucher, locked, and the live hold of a reference, read under that lock."""
    voucher_id = session().scalar(select(Hold.voucher_id).where(Hold.live_reference == reference))
    if voucher_id is None:
        return None
    voucher = locks.voucher(voucher_id)
    statement = select(Hold).where(Hold.live_reference == reference, Hold.voucher_id == voucher_id)
    row = session().scalar(statement, execution_options={"populate_existing": True})
    return None if row is None else (voucher, row)


def _case(row: Hold, price_fen: int) -> SubsidyCase:
    region = queries.provider_region(row.provider_id)
    return SubsidyCase(price_fen=price_fen, category=row.category, purpose=row.purpose, provider_region=region)


def _give_back(voucher: Voucher, row: Hold, amount_fen: int, *, by: Actor, now: datetime) -> None:
    """Held money back to where it may go now; then, after vouchers and pools, the enterprise year."""
    money_back(
        voucher, AccountKind.VOUCHER_HELD, ledger.voucher_owner(voucher.id), amount_fen, act=Act.RELEASE,
        cause=f"release:{row.id}", reference=row.reference, by=by, now=now,
    )  # fmt: skip
    policy_id = queries.version(row.policy_version_id).policy_id
    locks.commit_year(voucher.organisation_id, policy_id, row.service_on.year, change_fen=-amount_fen)


def _transfer(act: Act, row: Hold, amount_fen: int, *, by: Actor, now: datetime) -> None:
    owner = ledger.voucher_owner(row.voucher_id)
    start, end = (ledger.account(kind, owner) for kind in accounts_of(act)[0])
    ledger.transfer(start, end, amount_fen, act=act, cause=f"{act}:{row.id}", reference=row.reference, by=by, now=now)


def _note(verb: str, row: Hold, *, by: Actor, now: datetime, **detail: object) -> None:
    audit.note(f"vouchers.{verb}", f"voucher:{row.voucher_id}", by=by, now=now, detail={"of": row.reference, **detail})
