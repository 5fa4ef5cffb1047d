"""Synonyms (同义词), kept by the bureau; what is changed counts from the next search on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from equipment_cloud.discovery.models import Synonym
from equipment_cloud.discovery.rules import problems_with_synonym
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.segments import spelling_of
from equipment_cloud.kernel.errors import N_, Conflict, NotFound, raise_if


class KnownSynonym(Conflict):
    """The pair is there already, perhaps spelled otherwise."""

    code = "known-synonym"
    message = N_("These two words are synonyms already.")
    remedy = N_("Look for the word in the list and change it there.")


def add_synonym(word: str, meaning: str, *, both_ways: bool, by: Actor, now: datetime) -> Synonym:
    """Let ``word`` also find what is called ``meaning``. Raises :class:`Invalid` or :class:`KnownSynonym`."""
    record = Synonym()
    _write(record, word, meaning, both_ways=both_ways, by=by, now=now)
    audit.note("discovery.add-synonym", f"synonym:{record.id}", by=by, now=now, detail=_detail(record))
    return record


def change_synonym(synonym_id: int, word: str, meaning: str, *, both_ways: bool, by: Actor, now: datetime) -> Synonym:
    """Change a pair. Raises :class:`NotFound`, :class:`Invalid` or :class:`KnownSynonym`."""
    record = _locked(synonym_id)
    before = _detail(record)
    _write(record, word, meaning, both_ways=both_ways, by=by, now=now)
    detail = {"before": before, "after": _detail(record)}
    audit.note("discovery.change-synonym", f"synonym:{record.id}", by=by, now=now, detail=detail)
    return record


def remove_synonym(synonym_id: int, *, by: Actor, now: datetime) -> None:
    """Forget a pair. Raises :class:`NotFound`."""
    record = _locked(synonym_id)
    audit.note("discovery.remove-synonym", f"synonym:{record.id}", by=by, now=now, detail=_detail(record))
    session().delete(record)
    session().flush()


def _locked(synonym_id: int) -> Synonym:
    record = session().get(Synonym, synonym_id, with_for_update=True)
    if record is None:
        raise NotFound
    return record


def _write(record: Synonym, word: str, meaning: str, *, both_ways: bool, by: Actor, now: datetime) -> None:
    spelling, meaning_spelling = spelling_of(word), spelling_of(meaning)
    raise_if(problems_with_synonym(word, meaning, spelling=spelling, meaning_spelling=meaning_spelling))
    try:
        with session().begin_nested():
            record.word, record.meaning = word.strip(), meaning.strip()
            record.spelling, record.meaning_spelling = spelling, meaning_spelling
            record.both_ways, record.changed_by, record.changed_at = both_ways, by.id, now
            session().add(record)
            session().flush()
    except IntegrityError:
        raise KnownSynonym from None


def _detail(record: Synonym) -> dict[str, object]:
    return {"word": record.word, "meaning": record.meaning, "both_ways": record.both_ways}
