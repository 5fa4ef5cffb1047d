"""Reads of the waiting list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking import policy
from equipment_cloud.booking.models import WaitlistEntry
from equipment_cloud.booking.rules import WaitState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.period import Period
from equipment_cloud.occupancy import queries as occupancy

LIVE = (WaitState.WAITING, WaitState.OFFERED)


def wait_for(actor: Actor, entry_id: int) -> WaitlistEntry:
    """One entry of the own organisations. Raises :class:`NotFound`."""
    found = session().get(WaitlistEntry, entry_id)
    if found is None or not policy.may_take(actor, found):
        raise NotFound
    return found


def waits_page(organisation_ids: Collection[int], *, number: int, size: int) -> Page[WaitlistEntry]:
    """Entries of these organisations, offers first, then by time."""
    statement = (
        select(WaitlistEntry)
        .where(WaitlistEntry.organisation_id.in_(organisation_ids))
        .options(joinedload(WaitlistEntry.instrument))
        .order_by(WaitlistEntry.state != WaitState.OFFERED, WaitlistEntry.starts_at.desc(), WaitlistEntry.id)
    )
    return scalars_page(statement, number=number, size=size)


def waits_of(person_id: int) -> int:
    """For how many times a person waits."""
    mine = (WaitlistEntry.person_id == person_id) & WaitlistEntry.state.in_(LIVE)
    return session().scalar(select(func.count()).select_from(WaitlistEntry).where(mine)) or 0


def offers_to(organisation_ids: Collection[int], *, now: datetime) -> Sequence[WaitlistEntry]:
    """Times held for these organisations now, the first to lapse first; for desks."""
    return (
        session()
        .scalars(
            select(WaitlistEntry)
            .where(WaitlistEntry.organisation_id.in_(organisation_ids))
            .where(WaitlistEntry.state == WaitState.OFFERED)
            .where(WaitlistEntry.offered_until > now)
            .options(joinedload(WaitlistEntry.instrument))
            .order_by(WaitlistEntry.offered_until, WaitlistEntry.id)
            .limit(5)
        )
        .all()
    )


def waiting(*, now: datetime, limit: int) -> list[tuple[int, int, Period]]:
    """Who waits for a time that is still to come, the first to ask first: ``(entry id, instrument id, period)``."""
    rows = session().execute(
        select(WaitlistEntry.id, WaitlistEntry.instrument_id, WaitlistEntry.starts_at, WaitlistEntry.ends_at)
        .where(WaitlistEntry.state == WaitState.WAITING)
        .where(WaitlistEntry.starts_at > now)
        .order_by(WaitlistEntry.id)
        .limit(limit)
    )
    return [(entry_id, instrument_id, Period(start, end)) for entry_id, instrument_id, start, end in rows]


def looks_free(instrument_id: int, period: Period, *, now: datetime) -> bool:
    """Whether the period could be booked, without a lock."""
    return session().scalar(occupancy.free_between([instrument_id], period, now=now).limit(1)) is not None


def waits_over(*, now: datetime, limit: int) -> list[int]:
    """Entries whose offer or whose time is over, by id."""
    return list(
        session().scalars(
            select(WaitlistEntry.id).where(is_wait_over(now)).order_by(WaitlistEntry.id).limit(limit)
        )
    )  # fmt: skip


def is_wait_over(now: datetime) -> ColumnElement[bool]:
    """The offer was not taken in time, or the time itself has begun."""
    return or_(
        and_(WaitlistEntry.state == WaitState.OFFERED, WaitlistEntry.offered_until <= now),
        and_(WaitlistEntry.state == WaitState.WAITING, WaitlistEntry.starts_at <= now),
    )
