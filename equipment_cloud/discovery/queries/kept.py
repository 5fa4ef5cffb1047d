"""What somebody keeps for themselves, what they used last, and instruments side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.booking.models import Booking
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.discovery.models import Favourite, SavedSearch
from equipment_cloud.discovery.queries.everything import Hit, search_everything
from equipment_cloud.discovery.rules import MOST_COMPARED, MOST_FAVOURITES, MOST_SAVED
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session

LOOK_BACK = timedelta(days=31)
"""A saved search that could not be run for long is caught up so far."""
MOST_TOLD = 100
MOST_RECENT = 10


def is_favourite(person_id: int, instrument_id: int) -> bool:
    """Whether somebody keeps an instrument."""
    return session().get(Favourite, (person_id, instrument_id)) is not None


def favourites(person_id: int) -> Sequence[Instrument]:
    """Kept instruments that are in the catalogue, the last kept first."""
    statement = (
        select(Instrument)
        .join(Favourite, Favourite.instrument_id == Instrument.id)
        .where(Favourite.person_id == person_id, Instrument.state == InstrumentState.PUBLISHED)
        .options(joinedload(Instrument.organisation))
        .order_by(Favourite.added_at.desc(), Instrument.id)
        .limit(MOST_FAVOURITES)
    )
    return session().scalars(statement).all()


def recently_booked(person_id: int) -> Sequence[Instrument]:
    """Instruments somebody booked, the last used first."""
    last = func.max(Booking.starts_at)
    used = select(Booking.instrument_id, last.label("last")).where(Booking.person_id == person_id)
    latest = used.group_by(Booking.instrument_id).order_by(last.desc()).limit(MOST_RECENT).subquery()
    statement = (
        select(Instrument)
        .join(latest, latest.c.instrument_id == Instrument.id)
        .where(Instrument.state == InstrumentState.PUBLISHED)
        .options(joinedload(Instrument.organisation))
        .order_by(latest.c.last.desc(), Instrument.id)
    )
    return session().scalars(statement).all()


def side_by_side(ids: Sequence[int]) -> list[Instrument]:
    """Published instruments in the order asked for, four at most."""
    wanted = list(dict.fromkeys(ids))[:MOST_COMPARED]
    statement = (
        select(Instrument)
        .where(Instrument.id.in_(wanted), Instrument.state == InstrumentState.PUBLISHED)
        .options(joinedload(Instrument.organisation))
        .order_by(Instrument.id)
    )
    found = {record.id: record for record in session().scalars(statement)}
    return [found[key] for key in wanted if key in found]


def saved_searches(person_id: int) -> Sequence[SavedSearch]:
    """Somebody's, the newest first."""
    mine = select(SavedSearch).where(SavedSearch.person_id == person_id)
    return session().scalars(mine.order_by(SavedSearch.id.desc()).limit(MOST_SAVED)).all()


def searches_after(search_id: int, *, most: int = 500) -> Sequence[int]:
    """Ids of saved searches, for the job, in portions."""
    following = select(SavedSearch.id).where(SavedSearch.id > search_id).order_by(SavedSearch.id)
    return session().scalars(following.limit(most)).all()


def new_finds(record: SavedSearch, *, now: datetime) -> list[Hit]:
    """What fits a saved search word for word and was published since it was saved."""
    facets = {name: tuple(values) for name, values in record.facets.items()}
    today: date = clock.today(now)
    since = max(record.saved_at, now - LOOK_BACK)
    found = search_everything(record.words, **facets, since=since, today=today, now=now, number=1, size=MOST_TOLD)
    return list(found.page.items) if found.answer.is_exact else []


def address_of(record: SavedSearch) -> str:
    """The search page of a saved search, as a local path."""
    pairs = [("q", record.words)] if record.words else []
    pairs += [(name, str(value)) for name, values in sorted(record.facets.items()) for value in values]
    return f"/search?{urlencode(pairs)}"[:255]
