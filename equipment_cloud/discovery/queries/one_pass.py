"""Matches found once: total, one page of ids and all facets come from the same matches in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from equipment_cloud.foundation.db import session

OWNERS_SHOWN = 30


@dataclass(frozen=True)
class OnePass:
    """``ids`` of the page in order, ``total`` of all hits, ``facets``: name -> {value: count}."""

    ids: list[int]
    total: int
    facets: dict[str, dict[str, int]]


def one_pass(
    matched: Select[Any] | CompoundSelect[Any],
    chosen: Mapping[str, Sequence[Any]],
    *,
    order: Sequence[str],
    number: int,
    size: int,
) -> OnePass:
    """Run it. ``matched`` has columns ``id``, one per facet of ``chosen``, and those of ``order`` (``-`` descends).

    A facet's counts obey every other facet's choice but not its own, so that a second value can be added.
    """
    base = matched.cte("matched").prefix_with("MATERIALIZED", dialect="postgresql")
    picked = {name: base.c[name].in_(values) if values else true() for name, values in chosen.items()}
    everything = and_(true(), *picked.values())
    parts = [select(literal("total").label("part"), _text(null()), func.count().label("number")).where(everything)]
    parts[0] = parts[0].select_from(base)
    parts += [_facet(base, name, picked) for name in chosen]
    parts.append(_page(base, everything, order, number, size))
    rows = session().execute(union_all(*parts)).all()
    facets: dict[str, dict[str, int]] = {name: {} for name in chosen}
    ids: list[tuple[int, int]] = []
    total = 0
    for part, value, count in rows:
        if part == "total":
            total = count
        elif part == "row":
            ids.append((count, int(value)))
        elif value is not None:
            facets[part][value] = count
    return OnePass([item for _position, item in sorted(ids)], total, facets)


def _facet(base: CTE, name: str, picked: Mapping[str, ColumnElement[bool]]) -> Select[Any]:
    others = [condition for other, condition in picked.items() if other != name]
    counted = (
        select(_text(base.c[name]), func.count().label("number"))
        .where(and_(true(), *others))
        .group_by(base.c[name])
        .order_by(func.count().desc(), base.c[name])
        .limit(OWNERS_SHOWN)
        .subquery()
    )
    return select(literal(name), counted.c.value, counted.c.number)


def _page(base: CTE, everything: ColumnElement[bool], order: Sequence[str], number: int, size: int) -> Select[Any]:
    keys = [base.c[name[1:]].desc() if name.startswith("-") else base.c[name].asc() for name in order]
    position = func.row_number().over(order_by=[*keys, base.c.id]).label("number")
    page = (
        select(_text(base.c.id), position)
        .where(everything)
        .order_by(*keys, base.c.id)
        .limit(size)
        .offset((number - 1) * size)
        .subquery()
    )
    return select(literal("row"), page.c.value, cast(page.c.number, Integer))


def _text(column: Any) -> ColumnElement[str]:
    return cast(column, String).label("value")
