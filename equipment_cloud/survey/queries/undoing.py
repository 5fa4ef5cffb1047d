"""What stands in the way of undoing an import: the foreign keys of the database say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from equipment_cloud.catalog.models import Instrument, InstrumentState, Position
from equipment_cloud.catalog.rules import UNVERIFIED
from equipment_cloud.foundation.db import Model, session
from equipment_cloud.survey.models import SurveyRow

_OWN = frozenset(
    {
        ("position", "instrument_id"),
        ("survey_row", "instrument_id"),
        ("duplicate_pair", "first_id"),
        ("duplicate_pair", "second_id"),
    }
)
"""References that go with the record: its positions, the rows of the import itself, likenesses found by the clock."""


@dataclass(frozen=True, slots=True)
class Dependant:
    """``count`` records of ``kind`` (a table, ``edited``, ``later-import``, ``verified``) need what the import wrote;
    ``codes`` names some of the instruments.
    """

    kind: str
    count: int
    codes: tuple[str, ...]


def dependants_of(run_id: int) -> list[Dependant]:
    """Everything that needs records an import created, or that has changed what it updated; most first."""
    parts = [*_by_foreign_keys(run_id), *_by_later_work(run_id)]
    found = union_all(*parts).subquery()
    counts = select(found.c.kind, func.count()).group_by(found.c.kind).order_by(func.count().desc(), found.c.kind)
    examples = (
        select(found.c.kind, Instrument.code, func.row_number().over(partition_by=found.c.kind, order_by=Instrument.id))
        .join(Instrument, Instrument.id == found.c.instrument_id)
        .distinct()
        .subquery()
    )
    named: dict[str, list[str]] = {}
    for kind, code, _number in session().execute(select(examples).where(examples.c[2] <= 5).order_by(examples.c[1])):
        named.setdefault(kind, []).append(code or "")
    return [
        Dependant(kind, count, tuple(dict.fromkeys(named.get(kind, [])))) for kind, count in session().execute(counts)
    ]


def created_by(run_id: int) -> Select[int]:
    """Ids of the records an import created."""
    return select(SurveyRow.instrument_id).where(SurveyRow.run_id == run_id, SurveyRow.outcome == "created")


def updates_of(run_id: int) -> Iterator[tuple[SurveyRow, Instrument]]:
    """Rows by which an import changed records, with the records as they are now."""
    statement = (
        select(SurveyRow, Instrument)
        .join(Instrument, Instrument.id == SurveyRow.instrument_id)
        .where(SurveyRow.run_id == run_id, SurveyRow.outcome == "updated")
        .order_by(SurveyRow.id)
    )
    for found in session().execute(statement.execution_options(yield_per=1000)):
        yield found[0], found[1]


def _by_foreign_keys(run_id: int) -> Iterator[Select[Any, Any]]:
    """``(table, instrument)`` of every row of any table that points to a created record or to one of its positions."""
    created = created_by(run_id)
    for table, column, target in _references():
        if target == "instrument":
            yield select(literal(table.name).label("kind"), column.label("instrument_id")).where(column.in_(created))
        else:
            yield (
                select(literal(table.name).label("kind"), Position.instrument_id)
                .join_from(table, Position, Position.id == column)
                .where(Position.instrument_id.in_(created))
            )


def _references() -> Iterator[tuple[Table, Any, str]]:
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                if target in {"instrument", "position"} and (table.name, column.name) not in _OWN:
                    yield table, column, target


def _by_later_work(run_id: int) -> Iterator[Select[Any, Any]]:
    """Edited or handed in since, verified since, said again by a later import."""
    touched = or_(Instrument.revision != 1, Instrument.state != InstrumentState.DRAFT)
    yield select(literal("edited").label("kind"), Instrument.id.label("instrument_id")).where(
        Instrument.id.in_(created_by(run_id)), touched
    )
    mine, later = aliased(SurveyRow), aliased(SurveyRow)
    yield (
        select(literal("later-import").label("kind"), later.instrument_id)
        .join(mine, and_(mine.instrument_id == later.instrument_id, mine.run_id == run_id, mine.id < later.id))
        .where(later.run_id != run_id, mine.outcome.in_(["created", "updated"]))
    )
    yield (
        select(literal("verified").label("kind"), Instrument.id)
        .join(SurveyRow, SurveyRow.instrument_id == Instrument.id)
        .where(SurveyRow.run_id == run_id, SurveyRow.outcome == "updated", Instrument.state.not_in(UNVERIFIED))
    )
