"""Both sides confirm; the second confirmation prices the hours and draws the voucher. Silence never does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from equipment_cloud.booking import queries as bookings
from equipment_cloud.booking import service as booking
from equipment_cloud.booking.models import Booking
from equipment_cloud.foundation import audit, outbox
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, NotFound, raise_if
from equipment_cloud.kernel.period import Period
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.usage import policy, rules
from equipment_cloud.usage.models import UsageCorrection, UsageRecord, UsageState
from equipment_cloud.vouchers import service as vouchers


def confirm(usage_id: int, *, by: Actor, now: datetime) -> UsageRecord:
    """Confirm for the side(s) the person speaks for; the second side settles price and voucher share."""
    record = _locked(usage_id)
    move(rules.MOVES, record.state, UsageState.CONFIRMED)
    permit(policy.may_confirm(by, record))
    sides = policy.sides(by, record)
    if rules.Side.USER in sides:
        record.user_confirmed_by, record.user_confirmed_at = by.id, now
    if rules.Side.PROVIDER in sides:
        record.provider_confirmed_by, record.provider_confirmed_at = by.id, now
    record.revision += 1
    audit.note("usage.confirm", f"usage:{record.id}", by=by, now=now, detail={"hours_between": _times(record)})
    if record.user_confirmed_at is not None and record.provider_confirmed_at is not None:
        _settle(record, by=by, now=now)
    else:
        _ask_other_side(record, now=now)
    return record


def correct(
    usage_id: int,
    *,
    started_at: datetime,
    ended_at: datetime,
    samples: int | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> UsageRecord:
    """Change the times before both sides confirmed; the old values stay, and both are asked anew."""
    record = _locked(usage_id)
    move(rules.MOVES, record.state, UsageState.TO_CONFIRM)
    permit(policy.may_correct(by, record))
    raise_if([*rules.problems_with_times(started_at, ended_at, now=now), *rules.problems_with_samples(samples)])
    before = _times(record) | {"samples": record.samples, "source": record.source}
    record.started_at, record.ended_at, record.samples = started_at, ended_at, samples
    record.user_confirmed_by = record.user_confirmed_at = None
    record.provider_confirmed_by = record.provider_confirmed_at = None
    record.source, record.revision = "corrected", record.revision + 1
    record.grade = rules.grade_of(record.source, both_confirmed=False)
    after = _times(record) | {"samples": samples, "source": record.source}
    session().add(
        UsageCorrection(usage_id=record.id, at=now, person_id=by.id, reason=reason, before=before, after=after)
    )
    audit.note(
        "usage.correct",
        f"usage:{record.id}",
        by=by,
        now=now,
        detail={"before": before, "after": after, "reason": reason},
    )
    _ask_other_side(record, now=now)
    return record


def _settle(record: UsageRecord, *, by: Actor, now: datetime) -> None:
    record.state = move(rules.MOVES, record.state, UsageState.CONFIRMED)
    record.confirmed_at = now
    record.grade = rules.grade_of(record.source, both_confirmed=True)
    record.price_fen, record.voucher_fen, record.price_lines = 0, 0, []
    booked = session().get(Booking, record.booking_id) if record.booking_id else None
    if booked is None or record.ended_at is None:
        return
    price = bookings.price_of_use(booked, Period(record.started_at, record.ended_at))
    record.price_fen, record.price_lines = price.price_fen, [dict(line) for line in price.lines]
    if booked.voucher_id is not None and booked.voucher_fen > 0:
        record.voucher_fen = vouchers.draw(f"booking:{booked.id}", price_fen=price.price_fen, by=by, now=now)
    booking.complete(booked.id, by=by, now=now)


def _ask_other_side(record: UsageRecord, *, now: datetime) -> None:
    people: list[int] = []
    if record.user_confirmed_at is None:
        people.append(record.person_id)
    if record.provider_confirmed_at is None:
        people.extend(organisations.people_with_role(record.provider_id, "manager", "operator", on=now.date()))
    outbox.post(
        "usage.to-confirm",
        people,
        N_("Please confirm the hours of %(number)s."),
        now=now,
        link=f"/usage/{record.id}",
        values={"number": record.number},
    )


def _times(record: UsageRecord) -> dict[str, str | int | None]:
    return {
        "started_at": record.started_at.isoformat(),
        "ended_at": record.ended_at.isoformat() if record.ended_at else None,
    }


def _locked(usage_id: int) -> UsageRecord:
    found = session().scalar(select(UsageRecord).where(UsageRecord.id == usage_id).with_for_update())
    if found is None:
        raise NotFound
    return found
