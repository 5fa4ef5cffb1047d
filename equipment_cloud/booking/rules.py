"""States, purposes and requests of bookings, as pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Conflict, Problem
from equipment_cloud.kernel.period import Period


class BookingState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    IN_USE = "in_use"
    TO_CONFIRM = "to_confirm"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    REVOKED = "revoked"
    NO_SHOW = "no_show"


S = BookingState
MOVES: Mapping[BookingState, frozenset[BookingState]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.DECLINED, S.EXPIRED, S.CANCELLED, S.REVOKED}),
    S.APPROVED: frozenset({S.REQUESTED, S.IN_USE, S.CANCELLED, S.CANCELLED_LATE, S.REVOKED, S.NO_SHOW}),
    S.IN_USE: frozenset({S.TO_CONFIRM}),
    S.TO_CONFIRM: frozenset({S.COMPLETED}),
}
"""Rescheduling an approved booking asks anew."""
OPEN = frozenset({S.REQUESTED, S.APPROVED})
ALIVE = frozenset({S.REQUESTED, S.APPROVED, S.IN_USE, S.TO_CONFIRM})
COUNTED = ALIVE | {S.COMPLETED, S.NO_SHOW}
"""What uses up a quota: a no-show too, a cancellation not."""


class WaitState(StrEnum):
    """A time on the waiting list (候补)."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LAPSED = "lapsed"
    LEFT = "left"


WAIT_MOVES: Mapping[WaitState, frozenset[WaitState]] = {
    WaitState.WAITING: frozenset({WaitState.OFFERED, WaitState.LAPSED, WaitState.LEFT}),
    WaitState.OFFERED: frozenset({WaitState.TAKEN, WaitState.LAPSED, WaitState.LEFT}),
}
OFFERED_FOR = timedelta(hours=4)
"""How long a time that came free is held for who waited longest."""
MOST_WAITS = 20
"""So many times may a person wait for at once."""


class BreachState(StrEnum):
    """A late cancellation or no-show that counts: standing, appealed against, upheld, lifted."""

    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


BREACH_MOVES: Mapping[BreachState, frozenset[BreachState]] = {
    BreachState.STANDING: frozenset({BreachState.APPEALED, BreachState.LIFTED}),
    BreachState.APPEALED: frozenset({BreachState.UPHELD, BreachState.LIFTED}),
}
"""An appeal is made once; the provider may lift by itself."""
COUNTING = (BreachState.STANDING, BreachState.APPEALED, BreachState.UPHELD)
"""An appeal does not stop the points: it is answered first."""


class Purpose(StrEnum):
    """What the time is for (用途): policy and customs supervision answer on it before commitment."""

    RD = "rd"
    TRIAL = "trial"
    FAILURE_ANALYSIS = "failure_analysis"
    TEACHING = "teaching"
    INCOMING_INSPECTION = "incoming_inspection"
    OUTGOING_INSPECTION = "outgoing_inspection"
    CERTIFICATION = "certification"
    ARBITRATION = "arbitration"
    OTHER = "other"


PURPOSE_WORDS: Mapping[Purpose, str] = {
    Purpose.RD: N_("Research and development"),
    Purpose.TRIAL: N_("Trial production"),
    Purpose.FAILURE_ANALYSIS: N_("Failure analysis"),
    Purpose.TEACHING: N_("Teaching"),
    Purpose.INCOMING_INSPECTION: N_("Incoming inspection"),
    Purpose.OUTGOING_INSPECTION: N_("Outgoing inspection"),
    Purpose.CERTIFICATION: N_("Certification or customer's demand"),
    Purpose.ARBITRATION: N_("Arbitration"),
    Purpose.OTHER: N_("Other"),
}
DUTY_FREE_PURPOSES = frozenset({Purpose.RD, Purpose.TRIAL, Purpose.FAILURE_ANALYSIS, Purpose.TEACHING})
"""Instruments imported duty-free (海关监管) serve research, development and teaching only."""
MACHINE_TIME = "instrument_use"
"""The service category under which voucher rules know machine time."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an instrument is to a customer at the moment of asking."""

    is_published: bool
    pause_reason: str | None
    is_self_operated: bool
    is_shared_with_customer: bool
    has_position: bool
    customs_supervised: bool
    calibration_required: bool
    calibration_valid_until: date | None


_AGAINST: Mapping[str, tuple[str | None, str, str]] = {
    "not-bookable": (
        None,
        N_("The instrument cannot be booked at present: %(reason)s"),
        N_("Call the institution, or compare with others."),
    ),
    "samples-only": (
        None,
        N_("The institution operates this instrument itself and takes samples only."),
        N_("Order one of its test services instead."),
    ),
    "not-shared": (
        None,
        N_("This instrument is shared inside its own organisation only."),
        N_("Look for similar instruments in the catalogue."),
    ),
    "no-position": (None, N_("This instrument has no position that could be booked."), N_("Call the institution.")),
    "no-terms": (
        None,
        N_("The institution has not set opening hours for booking yet."),
        N_("Call the institution, or compare with others."),
    ),
    "no-price": (
        "starts_at",
        N_("The institution has not set a price for that day."),
        N_("Call the institution, or choose another day."),
    ),
    "calibration-lapsed": (
        "ends_at",
        N_("The calibration of the instrument ends before this time."),
        N_("Choose an earlier time, or ask the institution."),
    ),
    "purpose": ("purpose", N_("Say what the time is for."), N_("Choose one from the list.")),
    "customs-purpose": (
        "purpose",
        N_("This instrument was imported duty-free: it serves research, development and teaching only."),
        N_("Look for a similar instrument in the catalogue."),
    ),
    "voucher-unknown": (
        "voucher_id",
        N_("This organisation holds no such voucher."),
        N_("Choose one of the list, or book without a voucher."),
    ),
    "unknown-customer": (
        "customer_sign_in",
        N_("Nobody who books for an enterprise signs in with that number or address."),
        N_("Ask the customer for the mobile number of their account, or let them sign up first."),
    ),
    "not-a-member": (
        "on_behalf_of",
        N_("That person does not book for this organisation."),
        N_("Choose a person of the organisation that will pay."),
    ),
}


def against(code: str, **values: object) -> Problem:
    """The problem of a code: which field, what is wrong, what to do."""
    field, message, remedy = _AGAINST[code]
    return Problem(code, message, field, values, remedy)


def problems_with_offer(offer: Offer, purpose: str, *, ends_on: date) -> list[Problem]:
    """All that stands against machine time on this instrument for this purpose, whatever the period."""
    lapsed = offer.calibration_required and (offer.calibration_valid_until or date.min) < ends_on
    broken = {
        "samples-only": not offer.is_self_operated,
        "not-shared": not offer.is_shared_with_customer,
        "no-position": not offer.has_position,
        "calibration-lapsed": lapsed,
        "purpose": purpose not in set(Purpose),
        "customs-purpose": offer.customs_supervised and purpose not in DUTY_FREE_PURPOSES,
    }
    first = [] if offer.is_published else [against("not-bookable", reason=offer.pause_reason or "—")]
    return first + [against(code) for code, is_broken in broken.items() if is_broken]


class RequestExpired(Conflict):
    """Nobody answered the request in time (409)."""

    code = "request-expired"
    message = N_("This request has expired; its time is free again.")
    remedy = N_("Ask the customer to book again.")


def cancelled_state(state: BookingState, starts_at: datetime, *, hours: int, now: datetime) -> BookingState:
    """What a customer's cancellation is: late less than so many ``hours`` before the start of an approved booking."""
    late = state is S.APPROVED and now > starts_at - timedelta(hours=hours)
    return S.CANCELLED_LATE if late else S.CANCELLED


def is_material(old: Period, new: Period) -> bool:
    """Whether a changed period asks for a new approval: it uses time the old one did not."""
    return not old.contains(new)


def offered_until(now: datetime, starts_at: datetime) -> datetime:
    """When an offer made now lapses: no later than the time itself begins."""
    return min(now + OFFERED_FOR, starts_at)


def reference_of(booking_id: int) -> str:
    """How other rooms name a booking: ``booking:12``."""
    return f"booking:{booking_id}"


def steps_done(state: BookingState) -> int | None:
    """How many of requested, confirmed, used, hours confirmed are behind; ``None`` where the way ended early."""
    done = {S.REQUESTED: 1, S.APPROVED: 2, S.IN_USE: 2, S.TO_CONFIRM: 3, S.COMPLETED: 4}
    return done.get(state)
