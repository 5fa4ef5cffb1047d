"""How people of the trades say things: the synonyms that stand in a query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, literal, or_, select

from equipment_cloud.accounts.models import Person
from equipment_cloud.discovery.models import Synonym
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page
from equipment_cloud.foundation.segments import spelling_of
from equipment_cloud.kernel.errors import NotFound

MOST_SAYINGS = 30


@dataclass(frozen=True)
class Saying:
    """``word`` stands in the query and also means ``meaning``; ``spelling`` is the word as it is compared."""

    word: str
    meaning: str
    spelling: str

    def put_into(self, piece: str) -> str | None:
        """A piece of the query said otherwise, or ``None`` where the word does not stand in it."""
        bare = self.spelling.strip()
        if bare == piece:
            return self.meaning
        return piece.replace(bare, self.meaning) if self.spelling == bare and bare in piece else None


def said_otherwise(spelled: str) -> list[Saying]:
    """Synonyms of words in a query (as ``spelling_of`` spells it), of the longest words first."""
    query, table = literal(f" {spelled} "), Synonym
    there = query.contains(table.spelling)
    back = and_(table.both_ways, query.contains(table.meaning_spelling))
    statement = (
        select(table.word, table.meaning, table.spelling, table.meaning_spelling, there, back)
        .where(or_(there, back))
        .order_by(func.length(table.spelling).desc(), table.id)
        .limit(MOST_SAYINGS)
    )
    sayings: list[Saying] = []
    for word, meaning, spelling, meaning_spelling, is_there, is_back in session().execute(statement):
        if is_there:
            sayings.append(Saying(word, meaning, spelling))
        if is_back:
            sayings.append(Saying(meaning, word, meaning_spelling))
    return sayings


def synonyms(text: str | None, *, number: int, size: int) -> Page[tuple[Synonym, str | None]]:
    """Synonyms that hold a text, or all, by word; each with who changed it last (nobody: it came with the platform)."""
    statement = select(Synonym, Person.name).outerjoin(Person, Person.id == Synonym.changed_by)
    if text:
        spelled = spelling_of(text).strip()
        statement = statement.where(or_(Synonym.spelling.contains(spelled), Synonym.meaning_spelling.contains(spelled)))
    return rows_page(statement.order_by(Synonym.spelling, Synonym.id), number=number, size=size)


def synonym(synonym_id: int) -> Synonym:
    """One of them. Raises :class:`NotFound`."""
    found = session().get(Synonym, synonym_id)
    if found is None:
        raise NotFound
    return found
