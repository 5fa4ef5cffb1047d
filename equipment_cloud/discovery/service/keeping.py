"""What somebody keeps for themselves: favourites (收藏) and saved searches (订阅), and telling of new finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog import queries as catalog
from equipment_cloud.discovery import queries
from equipment_cloud.discovery.models import Favourite, SavedSearch, ToldFind
from equipment_cloud.discovery.rules import MOST_FAVOURITES, MOST_SAVED
from equipment_cloud.foundation import outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound


class TooMany(Conflict):
    """Nobody reads a longer list."""

    code = "too-many"
    message = N_("You keep %(most)s of these already.")
    remedy = N_("Remove one you no longer need.")


def keep(instrument_id: int, *, by: Actor, now: datetime) -> None:
    """Put an instrument among one's favourites; once is enough. Raises :class:`NotFound` or :class:`TooMany`."""
    catalog.visible_to(by, instrument_id)
    _room_for_one(select(func.count()).where(Favourite.person_id == by.id), by, most=MOST_FAVOURITES)
    row = {"person_id": by.id, "instrument_id": instrument_id, "added_at": now}
    session().execute(_insert(Favourite).values(row).on_conflict_do_nothing())


def let_go(instrument_id: int, *, by: Actor) -> None:
    """Take it out again."""
    mine = Favourite.person_id == by.id
    session().execute(delete(Favourite).where(mine, Favourite.instrument_id == instrument_id))


def save_search(words: str, facets: Mapping[str, Sequence[Any]], *, by: Actor, now: datetime) -> SavedSearch:
    """Tell me what new fits this. Raises :class:`Invalid` for a search for everything, or :class:`TooMany`."""
    chosen = {name: list(values) for name, values in facets.items() if values}
    if not words and not chosen:
        raise Invalid.single("everything", N_("Say what you look for: everything new would be too much."), field="q")
    _room_for_one(select(func.count()).where(SavedSearch.person_id == by.id), by, most=MOST_SAVED)
    record = SavedSearch(person_id=by.id, words=words, facets=chosen, saved_at=now)
    session().add(record)
    session().flush()
    return record


def forget_search(search_id: int, *, by: Actor) -> None:
    """No more of it. Raises :class:`NotFound` for another's."""
    record = session().get(SavedSearch, search_id, with_for_update=True)
    if record is None or record.person_id != by.id:
        raise NotFound
    session().execute(delete(ToldFind).where(ToldFind.saved_search_id == search_id))
    session().delete(record)
    session().flush()


def tell_new(search_id: int, *, now: datetime) -> int:
    """Tell the owner of a saved search what was published since and was never told; how many finds."""
    record = session().get(SavedSearch, search_id, with_for_update=True)
    if record is None:
        return 0
    hits = queries.new_finds(record, now=now)
    rows = [{"saved_search_id": search_id, "key": hit.key, "told_at": now} for hit in hits]
    if not rows:
        return 0
    fresh = _insert(ToldFind).on_conflict_do_nothing().returning(ToldFind.key)
    told = set(session().scalars(fresh, rows))
    names = [hit.name for hit in hits if hit.key in told]
    if names:
        values = {"count": len(names), "words": record.words or "…", "names": "、".join(names[:5])}
        outbox.post(
            "discovery.new-finds",
            [record.person_id],
            N_("%(count)s new for your search %(words)s: %(names)s"),
            now=now,
            link=queries.address_of(record),
            values=values,
        )
    return len(names)


def _room_for_one(counted: Any, by: Actor, *, most: int) -> None:
    """The person's own row is the lock: two clicks at once are counted one after the other."""
    session().execute(select(Person.id).where(Person.id == by.id).with_for_update())
    if (session().scalar(counted) or 0) >= most:
        raise TooMany(most=most)


def _insert(model: type[Favourite] | type[ToldFind]) -> Any:
    return (sqlite if is_sqlite() else postgresql).insert(cast("Table", model.__table__))
