"""The provider's answer to a request."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.booking import policy, queries
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.rules import RequestExpired
from equipment_cloud.booking.service import record
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.kernel.errors import N_, Invalid, SamePerson, WrongState, raise_if
from equipment_cloud.occupancy import queries as occupancy_known
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.occupancy.models import OccupationKind
from equipment_cloud.occupancy.rules import unwaived
from equipment_cloud.vouchers import service as vouchers


def approve(booking_id: int, *, waive_reason: str | None = None, by: Actor, now: datetime) -> Booking:
    """Confirm a request: every rule is asked again as of the time it was made, and its time is looked at again; if it
    was lost, it is taken anew or refused as ``PeriodTaken``.

    With ``waive_reason`` the approver lets pass what may be let pass. Raises ``WrongState``, :class:`RequestExpired`,
    :class:`SamePerson` (nobody approves their own request), ``Forbidden``, :class:`Invalid` with every rule it now
    breaks.
    """
    booking = record.locked(booking_id)
    if policy.is_own(by, booking):
        raise SamePerson(N_("You asked for this time yourself; somebody else must approve it."))
    if booking.state is not BookingState.REQUESTED:
        raise WrongState(current=booking.state.value)
    if booking.expires_at is not None and booking.expires_at <= now:
        raise RequestExpired
    permit(queries.may_decide(by, booking, clock.today(now)))
    waived = _checked_again(booking, waive_reason, by=by, now=now)
    _take_again(booking, now=now)
    if waived:
        booking.waived = sorted({*booking.waived, *waived})
        record.remember(booking, "waived", by=by, now=now, detail={"rules": waived, "reason": waive_reason})
    record.moved(booking, BookingState.APPROVED, by=by, now=now)
    booking.decided_by, booking.decided_at = by.id, now
    message = N_("Your booking %(number)s is confirmed: %(period)s.")
    record.tell_customer(booking, "approved", message, by=by, now=now)
    return booking


def decline(booking_id: int, reason: str | None, *, by: Actor, now: datetime) -> Booking:
    """Say no, with the reason the customer reads; time and voucher money are free again."""
    needed(reason)
    booking = record.locked(booking_id)
    permit(queries.may_decide(by, booking, clock.today(now)))
    record.moved(booking, BookingState.DECLINED, by=by, now=now, detail={"reason": reason})
    booking.decided_by, booking.decided_at, booking.reason = by.id, now, reason
    let_go(booking, by=by, now=now)
    message = N_("Your booking %(number)s was declined: %(reason)s")
    record.tell_customer(booking, "declined", message, by=by, now=now, reason=reason)
    return booking


def let_go(booking: Booking, *, by: Actor, now: datetime) -> None:
    """Free the time and the voucher money a booking holds."""
    occupancy.release(booking.reference)
    if booking.voucher_fen:
        vouchers.release(booking.reference, by=by, now=now)


def needed(reason: str | None) -> None:
    """Raise :class:`Invalid` without a reason."""
    if not (reason or "").strip():
        message = N_("Say why; the other side reads it.")
        raise Invalid.single("reason", message, field="reason", remedy=N_("Write one sentence."))


def _checked_again(booking: Booking, waive_reason: str | None, *, by: Actor, now: datetime) -> list[str]:
    """Ask the rules again; what was let pass when it was booked stays so. The codes let pass now."""
    where = queries.place(booking.instrument_id, booking.organisation_id)
    found = queries.judge(
        where,
        booking.period,
        purpose=booking.purpose,
        person_id=booking.person_id,
        besides=booking.id,
        asked_at=booking.asked_at,
        now=now,
    )
    settled = {*booking.waived, "no-price"}  # the price was fixed when it was asked for
    problems = [problem for problem in found.problems if problem.code not in settled]
    if not problems or not (waive_reason or "").strip():
        raise_if(queries.explained(found, problems, where, booking.period, besides=booking.reference, now=now))
        return []
    permit(policy.may_waive(by, booking.provider_id, booking.person_id))
    left, waived = unwaived(problems, booking.period)
    raise_if(left)
    return waived


def _take_again(booking: Booking, *, now: datetime) -> None:
    """Make the time held firm, buffers included; take it anew where it was lost."""
    held = occupancy_known.occupation_of(booking.reference)
    if held is not None and held.position_id == booking.position_id and held.period.contains(booking.period):
        occupancy.make_firm(booking.reference)
        return
    occupancy.release(booking.reference)
    rules_now = occupancy_known.rules_of(booking.instrument_id, clock.today(booking.starts_at))
    occupancy.occupy(
        [booking.position_id],
        rules_now.padded(booking.period) if rules_now else booking.period,
        kind=OccupationKind.BOOKING,
        reference=booking.reference,
        is_firm=True,
        now=now,
    )
