"""What the clock does for bookings: those without voucher money in sets, those with it one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from equipment_cloud.booking import queries, service
from equipment_cloud.booking.models import BookingState
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused

SET = 200
MOST = 5_000
"""Records of one firing; what is left comes with the next."""


def expire_pending(_on: date, now: datetime) -> Outcome:
    """Expire the requests nobody answered by now."""
    return _sweep(BookingState.REQUESTED, now, lambda ids: service.expire_pending(ids, now=now))


def mark_no_shows(on: date, now: datetime) -> Outcome:
    """Mark approved bookings that ended before the business date began and were never used."""
    before = min(clock.at(on), now)
    return _sweep(BookingState.APPROVED, before, lambda ids: service.mark_no_shows(ids, before=before, now=now))


def offer_waitlist(_on: date, now: datetime) -> Outcome:
    """End offers that were not taken, then offer what came free to whoever waited longest for it."""
    outcome = Outcome()
    over = queries.waits_over(now=now, limit=MOST)
    for start in range(0, len(over), SET):
        with transaction():
            outcome.done += service.lapse(over[start : start + SET], now=now)
    for entry_id, instrument_id, period in queries.waiting(now=now, limit=MOST):
        if not queries.looks_free(instrument_id, period, now=now):
            continue
        try:
            with transaction():
                outcome.done += service.offer(entry_id, now=now)
        except Refused as refusal:
            outcome.failures.append((f"waitlist:{entry_id}", str(refusal)))
    return outcome


def remind_approvers(on: date, now: datetime) -> Outcome:
    """Remind who has not answered; tell the managers of who stayed silent. One transaction per provider."""
    outcome = Outcome()
    to_remind, to_escalate = queries.unanswered(on=on, now=now, limit=MOST)
    for told, act in ((to_remind, service.remind_approvers), (to_escalate, service.escalate)):
        for provider_id, booking_ids in told.items():
            with transaction():
                outcome.done += act(provider_id, booking_ids, now=now)
    return outcome


def _sweep(state: BookingState, before: datetime, act: Callable[[list[int]], list[int]]) -> Outcome:
    outcome = Outcome()
    for with_voucher, size in ((False, SET), (True, 1)):
        due = queries.overdue(state, before=before, limit=MOST, with_voucher=with_voucher)
        for start in range(0, len(due), size):
            _one_set(due[start : start + size], act, outcome)
    return outcome


def _one_set(ids: list[int], act: Callable[[list[int]], list[int]], outcome: Outcome) -> None:
    try:
        with transaction():
            outcome.done += len(act(ids))
    except Refused as refusal:
        outcome.failures.append((f"booking:{ids[0]}", str(refusal)))


JOBS = (
    Job("booking.expire-pending", "*/5 * * * *", expire_pending),
    Job("booking.mark-no-shows", "30 0 * * *", mark_no_shows),
    Job("booking.remind-approvers", "10 * * * *", remind_approvers),
    Job("booking.offer-waitlist", "*/2 * * * *", offer_waitlist),
)
