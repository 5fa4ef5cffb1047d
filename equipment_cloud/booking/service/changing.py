"""Cancelling and moving a booking."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.booking import policy, queries, rules
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.queries import Estimate, Granted
from equipment_cloud.booking.service import record
from equipment_cloud.booking.service.breaches import count_breaches
from equipment_cloud.booking.service.deciding import let_go, needed
from equipment_cloud.booking.service.requesting import answer_by, hold, left_standing, place_for
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import N_, WrongState
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy_known
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.pricing import service as pricing
from equipment_cloud.vouchers import service as vouchers


def cancel(booking_id: int, reason: str | None = None, *, by: Actor, now: datetime) -> Booking:
    """The customer cancels (late, once the free time is over); the provider revokes and must say why.

    Time and voucher money are free again either way; a late cancellation stays on record as one.
    """
    booking = record.locked(booking_id)
    by_customer = policy.is_customer(by, booking)
    if by_customer:
        terms = occupancy_known.rules_of(booking.instrument_id, clock.today(booking.starts_at))
        hours = terms.cancel_hours if terms else 0
        target = rules.cancelled_state(booking.state, booking.starts_at, hours=hours, now=now)
    else:
        needed(reason)
        target = BookingState.REVOKED
    record.moved(booking, target, by=by, now=now, detail={"reason": reason} if reason else None)
    booking.reason = reason
    let_go(booking, by=by, now=now)
    if target is BookingState.CANCELLED_LATE:
        count_breaches([booking], now=now)
    message = N_("Booking %(number)s, %(period)s, was cancelled. %(reason)s")
    tell = record.tell_provider if by_customer else record.tell_customer
    tell(booking, "cancelled", message, by=by, now=now, reason=reason or "")
    return booking


def reschedule(
    booking_id: int,
    period: Period,
    reason: str | None = None,
    *,
    waive_reason: str | None = None,
    by: Actor,
    now: datetime,
) -> Booking:
    """Move a booking that has not begun; it keeps its number and calendar entry and is priced anew for the new day.

    A change that uses time the booking did not have asks for approval again where the instrument asks for it. Raises
    :class:`Invalid` with every broken rule, ``PeriodTaken``, ``WrongState``.
    """
    booking = record.locked(booking_id, whole_instrument=True)
    if booking.state not in rules.OPEN or booking.starts_at <= now:
        raise WrongState(current=booking.state.value)
    where = queries.place(booking.instrument_id, booking.organisation_id)
    person_id, reference = booking.person_id, booking.reference
    found = queries.judge(where, period, purpose=booking.purpose, person_id=person_id, besides=booking.id, now=now)
    problems, waived = left_standing(found, where, period, person_id, waive_reason, by=by)
    place_for(where, found, period, problems, besides=reference, now=now)
    old = booking.period
    _moved_to(booking, found.granted([]), period, where.position_ids, by=by, now=now)
    booking.waived = waived
    detail = {"from": [old.starts_at.isoformat(), old.ends_at.isoformat()], "reason": reason}
    record.remember(booking, "reschedule", by=by, now=now, detail=detail)
    if waived:
        record.remember(booking, "waived", by=by, now=now, detail={"rules": waived, "reason": waive_reason})
    message = N_("Booking %(number)s was moved to %(period)s. %(reason)s")
    tell = record.tell_provider if policy.is_customer(by, booking) else record.tell_customer
    tell(booking, "rescheduled", message, by=by, now=now, reason=reason or "")
    return booking


def _moved_to(
    booking: Booking, found: Granted, period: Period, candidates: tuple[int, ...], *, by: Actor, now: datetime
) -> None:
    anew = rules.is_material(booking.period, period)
    expires_at = answer_by(found, period, now=now) if anew else booking.expires_at
    held = occupancy.move(
        booking.reference,
        candidates,
        found.setting.terms.padded(period),
        is_firm=expires_at is None,
        expires_at=expires_at,
        now=now,
    )
    voucher_id = booking.voucher_id if booking.voucher_fen else None
    if voucher_id is not None:
        vouchers.release(booking.reference, by=by, now=now)
    booking.position_id = held.position_id
    booking.starts_at, booking.ends_at = period.starts_at, period.ends_at
    booking.sequence += 1
    booking.revision += 1
    booking.state = BookingState.APPROVED if expires_at is None else BookingState.REQUESTED
    booking.expires_at = expires_at
    if anew:
        booking.asked_at, booking.reminded_at, booking.escalated_at = now, None, None
    if expires_at is not None:
        booking.decided_by = booking.decided_at = None
    _priced(booking, found, now=now)
    if voucher_id is not None:
        hold(booking, voucher_id, by=by, now=now)


def _priced(booking: Booking, found: Granted, *, now: datetime) -> None:
    if not found.plan.is_used:
        pricing.mark_used(found.plan.id, now)
    fen = found.price.price_fen
    booking.price_plan_id, booking.price_fen, booking.voucher_fen = found.plan.id, fen, 0
    booking.estimate = Estimate(fen, 0, fen, found.price.lines).kept()
