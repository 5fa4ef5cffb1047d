"""What this room keeps: how people of the trades say things, and what somebody marked for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Document, Id, Line, Model, Short


class Synonym(Model):
    """Who types ``word`` also means ``meaning`` (同义词); with ``both_ways`` the other way round as well.

    The spellings are what the search compares, see ``foundation.segments.spelling_of``.
    """

    __tablename__ = "synonym"
    __table_args__ = (UniqueConstraint("spelling", "meaning_spelling"),)

    id: Mapped[Id]
    word: Mapped[Short]
    meaning: Mapped[Short]
    spelling: Mapped[Short]
    meaning_spelling: Mapped[Short]
    both_ways: Mapped[bool]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]


class Favourite(Model):
    """An instrument (收藏) somebody keeps at hand."""

    __tablename__ = "favourite"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]


class SavedSearch(Model):
    """A search (订阅) whose new finds somebody is told of, once a day."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_person_id", "person_id", "id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[Line]
    facets: Mapped[dict[str, Any]] = mapped_column(Document)
    """Chosen values by facet, as ``search_everything`` takes them."""
    saved_at: Mapped[datetime]


class ToldFind(Model):
    """What a saved search told already: nothing is told twice, whatever runs again."""

    __tablename__ = "told_find"

    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """The record's key in the index: kind and id."""
    told_at: Mapped[datetime]
