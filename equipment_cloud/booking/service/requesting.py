"""Asking for machine time: everything is judged at once, nothing is written by halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from equipment_cloud.booking import policy, queries, rules
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.queries import Estimate, Granted, Judgement, Place
from equipment_cloud.booking.queries.estimates import policy_of, shared
from equipment_cloud.booking.service import record
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.kernel.errors import N_, Invalid, Problem
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.occupancy.models import OccupationKind
from equipment_cloud.occupancy.rules import PeriodTaken, unwaived
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.pricing import service as pricing
from equipment_cloud.pricing.rules import Price
from equipment_cloud.vouchers import queries as vouchers_known
from equipment_cloud.vouchers import service as vouchers


def request(
    instrument_id: int,
    period: Period,
    *,
    organisation_id: int,
    purpose: str,
    note: str | None = None,
    voucher_id: int | None = None,
    on_behalf_of: int | None = None,
    waive_reason: str | None = None,
    by: Actor,
    now: datetime,
) -> Booking:
    """Book the lowest position free for the period, at once or awaiting the provider, as the instrument's rules say.

    With ``waive_reason`` the provider's staff let pass what may be let pass; codes and reason are kept. Raises
    :class:`Invalid` with every broken rule, a taken period and the voucher's reasons included; :class:`PeriodTaken`
    when that alone is wrong; ``NotEnough`` when the voucher's money ran out in the meantime; ``Forbidden``.
    """
    where = queries.place(instrument_id, organisation_id)
    person_id = on_behalf_of or by.id
    if where.position_ids:
        occupancy.lock(where.position_ids)
    found = queries.judge(where, period, purpose=purpose, person_id=person_id, now=now)
    problems, waived = left_standing(found, where, period, person_id, waive_reason, by=by)
    problems += _problems_with_people(organisation_id, on_behalf_of, by=by, now=now)
    problems += _voucher_problems(where, found, period, purpose, voucher_id, alone=not problems)
    position_id = place_for(where, found, period, problems, now=now)
    values = _values(where, found.granted([]), period, position_id, by=by, now=now)
    values |= {"organisation_id": organisation_id, "purpose": purpose, "note": note, "waived": waived}
    booking = record.inserted(values | {"person_id": person_id}, now=now)
    occupancy.record(
        position_id,
        found.granted([]).setting.terms.padded(period),
        kind=OccupationKind.BOOKING,
        reference=booking.reference,
        is_firm=booking.state is BookingState.APPROVED,
        expires_at=booking.expires_at,
    )
    if voucher_id is not None:
        hold(booking, voucher_id, by=by, now=now)
    if waived:
        record.remember(booking, "waived", by=by, now=now, detail={"rules": waived, "reason": waive_reason})
    _announce(booking, where, by=by, now=now)
    return booking


def left_standing(
    found: Judgement, where: Place, period: Period, person_id: int, waive_reason: str | None, *, by: Actor
) -> tuple[list[Problem], list[str]]:
    """The problems that still stand, and the codes of those the provider's staff let pass. Raises ``Forbidden``."""
    if not (waive_reason or "").strip():
        return list(found.problems), []
    permit(policy.may_waive(by, where.provider.id, person_id))
    return unwaived(found.problems, period)


def place_for(
    where: Place,
    found: Judgement,
    period: Period,
    problems: Sequence[Problem],
    *,
    besides: str | None = None,
    now: datetime,
) -> int:
    """The position to take, under the lock of all of them. Raises :class:`Invalid`, :class:`PeriodTaken`."""
    padded = found.setting.terms.padded(period) if found.setting else period
    position_id = occupancy.free_position(where.position_ids, padded, besides=besides) if where.position_ids else None
    if problems:
        taken = [PeriodTaken.problem()] if position_id is None and where.position_ids else []
        shown = queries.explained(found, [*problems, *taken], where, period, besides=besides, now=now)
        raise Invalid(problems=shown)
    if position_id is None:
        raise PeriodTaken
    return position_id


def hold(booking: Booking, voucher_id: int, *, by: Actor, now: datetime) -> None:
    """Set the voucher's share aside and write the estimate with it. Raises what ``vouchers.service.hold`` raises."""
    voucher = queries.voucher_of(voucher_id, booking.organisation_id)
    if voucher is None:
        raise Invalid(problems=[rules.against("voucher-unknown")])
    held = vouchers.hold(
        voucher_id,
        reference=booking.reference,
        provider_id=booking.provider_id,
        category=rules.MACHINE_TIME,
        purpose=booking.purpose,
        price_fen=booking.price_fen,
        service_on=clock.today(booking.starts_at),
        by=by,
        now=now,
    )
    version = vouchers_known.version(held.policy_version_id)
    estimate = shared(
        Price(booking.price_fen, list(booking.estimate["lines"])),
        held.amount_fen,
        model=vouchers_known.terms_of_version(version).settlement_model,
        calculation=list(held.calculation),
        policy=policy_of(version),
        plan_id=booking.price_plan_id or 0,
    )
    booking.voucher_id, booking.voucher_fen, booking.estimate = voucher_id, held.amount_fen, estimate.kept()


def answer_by(found: Granted, period: Period, *, now: datetime) -> datetime | None:
    """When a request nobody answers expires: after the instrument's hours, and no later than its start."""
    if found.is_instant:
        return None
    return min(now + found.setting.pending_for, period.starts_at)


def _values(
    where: Place, found: Granted, period: Period, position_id: int, *, by: Actor, now: datetime
) -> dict[str, Any]:
    expires_at = answer_by(found, period, now=now)
    if not found.plan.is_used:
        pricing.mark_used(found.plan.id, now)
    fen = found.price.price_fen
    return {
        "uid": f"{uuid4()}@equipment-cloud",
        "sequence": 0,
        "instrument_id": where.instrument_id,
        "position_id": position_id,
        "provider_id": where.provider.id,
        "requested_by": by.id,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "state": BookingState.REQUESTED if expires_at else BookingState.APPROVED,
        "price_plan_id": found.plan.id,
        "price_fen": fen,
        "voucher_fen": 0,
        "estimate": Estimate(fen, 0, fen, found.price.lines).kept(),
        "expires_at": expires_at,
        "asked_at": now,
        "created_at": now,
        "revision": 1,
    }


def _problems_with_people(organisation_id: int, on_behalf_of: int | None, *, by: Actor, now: datetime) -> list[Problem]:
    if on_behalf_of is None or on_behalf_of == by.id:
        return []
    grants = organisations.grants_of(on_behalf_of, clock.today(now))
    if any(grant.organisation_id == organisation_id for grant in grants):
        return []
    return [rules.against("not-a-member")]


def _voucher_problems(
    where: Place, found: Judgement, period: Period, purpose: str, voucher_id: int | None, *, alone: bool
) -> list[Problem]:
    """Why the voucher cannot be used, when other rules are broken too; else the hold itself says it under its lock."""
    if voucher_id is None or (alone and queries.voucher_of(voucher_id, where.customer.id if where.customer else 0)):
        return []
    if found.plan is None or found.price is None:
        return []
    given = queries.priced(where, found.plan, found.price, period=period, purpose=purpose, voucher_id=voucher_id)
    return [replace(reason, field="voucher_id") for reason in given.reasons if reason.level == "error"]


def _announce(booking: Booking, where: Place, *, by: Actor, now: datetime) -> None:
    detail = {"instrument_id": where.instrument_id, "price_fen": booking.price_fen, "voucher_fen": booking.voucher_fen}
    audit.note("booking.request", booking.reference, by=by, now=now, detail=detail)
    if booking.state is BookingState.REQUESTED:
        message = N_("%(organisation)s asks for %(instrument)s, %(period)s (%(number)s).")
        customer = where.customer.name if where.customer else ""
        record.tell_provider(
            booking, "requested", message, by=by, now=now, organisation=customer, instrument=where.name
        )
    if booking.person_id != by.id:
        message = N_("%(name)s booked %(instrument)s for you, %(period)s (%(number)s).")
        record.tell(
            [booking.person_id], booking, "booked-for-you", message, now=now, name=by.name, instrument=where.name
        )
