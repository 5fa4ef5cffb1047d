"""Starting and stopping at the instrument."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from equipment_cloud.booking import service as booking
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.catalog.models import Instrument, Position
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound, WrongState, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.usage import policy, rules
from equipment_cloud.usage.models import UsageRecord, UsageState

LEAST = timedelta(minutes=1)


def start(booking_id: int, *, by: Actor, now: datetime, source: str = "scan") -> UsageRecord:
    """Begin the session of an approved booking on its position.

    Raises :class:`WrongState` unless it is approved, :class:`~rules.NotStartable` outside its time,
    :class:`~rules.AlreadyRunning` when the position is in use.
    """
    booked = session().get(Booking, booking_id, with_for_update=True)
    if booked is None:
        raise NotFound
    permit(policy.may_start_booking(by, booked))
    if booked.state is not BookingState.APPROVED:
        raise WrongState(current=booked.state.value)
    if not rules.may_begin(now, booked.starts_at, booked.ends_at):
        raise rules.NotStartable
    record = _insert(
        booking_id=booked.id,
        instrument_id=booked.instrument_id,
        position_id=booked.position_id,
        organisation_id=booked.organisation_id,
        provider_id=booked.provider_id,
        person_id=booked.person_id,
        started_at=now,
        source=source,
    )
    booking.start_use(booked.id, by=by, now=now)
    _note("usage.start", record, by=by, now=now)
    return record


def walk_in(
    instrument: Instrument, position: Position, *, by: Actor, now: datetime, source: str = "scan"
) -> UsageRecord:
    """The owner's own use without a booking."""
    permit(policy.may_walk_in(by, instrument))
    record = _insert(
        booking_id=None,
        instrument_id=instrument.id,
        position_id=position.id,
        organisation_id=instrument.organisation_id,
        provider_id=instrument.organisation_id,
        person_id=by.id,
        started_at=now,
        source=source,
    )
    _note("usage.start", record, by=by, now=now)
    return record


def stop(usage_id: int, *, samples: int | None, note: str | None, by: Actor, now: datetime) -> UsageRecord:
    """End a running session; both sides are then asked to confirm it."""
    record = _locked(usage_id)
    permit(policy.may_stop(by, record))
    raise_if(rules.problems_with_samples(samples))
    _end(record, ended_at=max(now, record.started_at + LEAST), by=by, now=now)
    record.samples, record.note = samples, note
    _note("usage.stop", record, by=by, now=now)
    return record


def close_forgotten(usage_id: int, *, now: datetime) -> None:
    """End a session nobody stopped at its booked end, marked so: it is never silently billed (domain: 自动结束)."""
    record = _locked(usage_id)
    if record.state is not UsageState.RUNNING:
        return
    booked = session().get(Booking, record.booking_id) if record.booking_id else None
    ended_at = booked.ends_at if booked is not None and booked.ends_at > record.started_at else now
    record.source = "auto_end"
    record.grade = rules.grade_of(record.source, both_confirmed=False)
    _end(record, ended_at=ended_at, by=SYSTEM, now=now)
    _note("usage.auto-end", record, by=SYSTEM, now=now)


def _insert(*, started_at: datetime, source: str, position_id: int, **facts: Any) -> UsageRecord:
    record = UsageRecord(
        **facts,
        position_id=position_id,
        running_position_id=position_id,
        started_at=started_at,
        source=source,
        grade=rules.grade_of(source, both_confirmed=False),
        state=UsageState.RUNNING,
        price_lines=[],
        created_at=started_at,
        revision=1,
    )
    try:
        with session().begin_nested():
            session().add(record)
    except IntegrityError as error:
        raise rules.AlreadyRunning from error
    record.number = rules.number_of(record.id, clock.today(started_at).year)
    return record


def _locked(usage_id: int) -> UsageRecord:
    found = session().scalar(select(UsageRecord).where(UsageRecord.id == usage_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def _end(record: UsageRecord, *, ended_at: datetime, by: Actor, now: datetime) -> None:
    record.state = move(rules.MOVES, record.state, UsageState.TO_CONFIRM)
    record.ended_at = ended_at
    record.running_position_id = None
    record.revision += 1
    if record.booking_id is not None:
        booking.finish_use(record.booking_id, by=by, now=now)


def _note(action: str, record: UsageRecord, *, by: Actor, now: datetime) -> None:
    detail = {"started_at": record.started_at.isoformat(), "source": record.source, "position": record.position_id}
    if record.ended_at is not None:
        detail["ended_at"] = record.ended_at.isoformat()
    audit.note(action, f"usage:{record.id}", by=by, now=now, detail=detail)
