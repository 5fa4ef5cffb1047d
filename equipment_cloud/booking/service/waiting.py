"""The waiting list (候补): time that is taken is waited for, offered when it comes free, and held while one decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from equipment_cloud.booking import policy, queries, rules
from equipment_cloud.booking.models import Booking, WaitlistEntry
from equipment_cloud.booking.rules import WaitState
from equipment_cloud.booking.service.requesting import request
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import changed, insert_one_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound
from equipment_cloud.kernel.period import Period
from equipment_cloud.kernel.states import move
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.occupancy.models import OccupationKind


class NothingToWaitFor(Conflict):
    """The time is free (409)."""

    code = "period-free"
    message = N_("This time is free: there is nothing to wait for.")
    remedy = N_("Book it now.")


class WaitsAlready(Conflict):
    """The person waits for this very time (409)."""

    code = "waits-already"
    message = N_("You are waiting for this time already.")
    remedy = N_("You will be told when it comes free; see your waiting list.")


class OfferOver(Conflict):
    """The offer was not taken in time (409)."""

    code = "offer-over"
    message = N_("This time is no longer held for you.")
    remedy = N_("Look at the calendar: it may still be free.")


def wait(
    instrument_id: int, period: Period, *, organisation_id: int, purpose: str, by: Actor, now: datetime
) -> WaitlistEntry:
    """Wait for a time that is taken. Raises :class:`Invalid` with every broken rule, as a booking would."""
    where = queries.place(instrument_id, organisation_id)
    if where.position_ids:
        occupancy.lock(where.position_ids)
    found = queries.judge(where, period, purpose=purpose, person_id=by.id, now=now)
    padded = found.granted().setting.terms.padded(period)
    if occupancy.free_position(where.position_ids, padded) is not None:
        raise NothingToWaitFor
    if queries.waits_of(by.id) >= rules.MOST_WAITS:
        message = N_("You are waiting for %(most)s times already.")
        remedy = N_("Leave the list for one of them first.")
        raise Invalid.single("too-many", message, remedy=remedy, most=rules.MOST_WAITS)
    key = f"{by.id}:{instrument_id}:{period.starts_at.isoformat()}:{period.ends_at.isoformat()}"
    values = {
        "instrument_id": instrument_id,
        "organisation_id": organisation_id,
        "person_id": by.id,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "purpose": purpose,
        "state": WaitState.WAITING,
        "live_key": key,
        "created_at": now,
    }
    if not insert_one_missing(WaitlistEntry, values):
        raise WaitsAlready
    entry = session().scalars(select(WaitlistEntry).where(WaitlistEntry.live_key == key)).one()
    audit.note("booking.wait", entry.reference, by=by, now=now, detail={"instrument_id": instrument_id})
    return entry


def offer(entry_id: int, *, now: datetime) -> bool:
    """Hold the time for who waits for it and tell them; false while it is taken or could not be booked."""
    entry = session().get(WaitlistEntry, entry_id)
    if entry is None or entry.state is not WaitState.WAITING:
        return False
    try:
        where = queries.place(entry.instrument_id, entry.organisation_id)
    except NotFound:
        return False
    period, purpose, person_id = entry.period, entry.purpose, entry.person_id
    if not where.position_ids:
        return False
    occupancy.lock(where.position_ids)
    found = queries.judge(where, period, purpose=purpose, person_id=person_id, now=now)
    if found.problems or found.setting is None:
        return False
    padded = found.setting.terms.padded(period)
    position_id = occupancy.free_position(where.position_ids, padded)
    until = rules.offered_until(now, period.starts_at)
    if position_id is None or not _claimed(entry_id, WaitState.WAITING, now=now, state=WaitState.OFFERED, until=until):
        return False
    entry = session().get_one(WaitlistEntry, entry_id, populate_existing=True)
    occupancy.record(
        position_id,
        padded,
        kind=OccupationKind.HOLD,
        reference=entry.reference,
        is_firm=False,
        expires_at=until,
    )
    message = N_("The time you waited for is free: %(instrument)s, %(period)s. It is held for you until %(until)s.")
    _tell(entry, "offered", message, now=now, until=f"{clock.local(until):%Y-%m-%d %H:%M}")
    audit.note("booking.offer", entry.reference, by=SYSTEM, now=now)
    return True


def take(entry_id: int, *, voucher_id: int | None = None, note: str | None = None, by: Actor, now: datetime) -> Booking:
    """Book the time that is held. Raises :class:`OfferOver`, or what a request for it raises."""
    entry = _visible(entry_id, by=by)
    where = queries.place(entry.instrument_id, entry.organisation_id)
    occupancy.lock(where.position_ids)
    if not _claimed(entry_id, WaitState.OFFERED, now=now, state=WaitState.TAKEN, until=None):
        raise OfferOver
    entry = session().get_one(WaitlistEntry, entry_id, populate_existing=True)
    occupancy.release(entry.reference)
    booking = request(
        entry.instrument_id,
        entry.period,
        organisation_id=entry.organisation_id,
        purpose=entry.purpose,
        note=note,
        voucher_id=voucher_id,
        by=by,
        now=now,
    )
    entry.booking_id = booking.id
    session().flush()
    return booking


def leave(entry_id: int, *, by: Actor, now: datetime) -> WaitlistEntry:
    """No longer wait; a time that is held goes to the next."""
    _visible(entry_id, by=by)
    entry = session().get_one(WaitlistEntry, entry_id, with_for_update=True, populate_existing=True)
    entry.state = move(rules.WAIT_MOVES, entry.state, WaitState.LEFT)
    entry.live_key = None
    session().flush()
    occupancy.release(entry.reference)
    audit.note("booking.leave-waitlist", entry.reference, by=by, now=now)
    return entry


def lapse(entry_ids: Sequence[int], *, now: datetime) -> int:
    """End those of the entries whose offer or whose time is over; how many."""
    over = session().scalars(
        update(WaitlistEntry)
        .where(WaitlistEntry.id.in_(entry_ids))
        .where(queries.is_wait_over(now))
        .values(state=WaitState.LAPSED, live_key=None)
        .returning(WaitlistEntry),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    lapsed = sorted(over, key=lambda entry: entry.id)
    occupancy.release_all([entry.reference for entry in lapsed])
    message = N_("The time you waited for was not taken in time: %(instrument)s, %(period)s.")
    for entry in lapsed:
        if entry.offered_until is not None:
            _tell(entry, "offer-lapsed", message, now=now)
    return len(lapsed)


def _claimed(entry_id: int, source: WaitState, *, now: datetime, state: WaitState, until: datetime | None) -> bool:
    """Move the entry if nobody else did, and if its offer still stands; whether it was."""
    values: dict[str, Any] = {"state": state}
    values |= {"offered_until": until} if until else {"live_key": None}
    statement = update(WaitlistEntry).where(WaitlistEntry.id == entry_id).where(WaitlistEntry.state == source)
    if source is WaitState.OFFERED:
        statement = statement.where(WaitlistEntry.offered_until > now)
    return bool(changed(session().execute(statement.values(**values).execution_options(synchronize_session=False))))


def _visible(entry_id: int, *, by: Actor) -> WaitlistEntry:
    entry = queries.wait_for(by, entry_id)
    permit(policy.may_take(by, entry))
    return entry


def _tell(entry: WaitlistEntry, kind: str, message: str, *, now: datetime, **values: str) -> None:
    start, end = clock.local(entry.starts_at), clock.local(entry.ends_at)
    known = {
        "instrument": entry.instrument.name,
        "period": f"{start:%Y-%m-%d %H:%M} – {end:%m-%d %H:%M}",
    }
    link = f"/bookings/waitlist/{entry.id}"
    outbox.post(f"booking.{kind}", [entry.person_id], message, now=now, link=link, values=known | values)
