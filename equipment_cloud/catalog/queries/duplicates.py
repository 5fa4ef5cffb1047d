"""Reads of pairs that may be one machine."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import DuplicatePair, Instrument, InstrumentState, PairState
from equipment_cloud.catalog.rules import Identity
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound

_OWNERS = (
    joinedload(DuplicatePair.first).joinedload(Instrument.organisation),
    joinedload(DuplicatePair.second).joinedload(Instrument.organisation),
)


def pair(pair_id: int) -> DuplicatePair:
    """One pair with both records and their owners. Raises :class:`NotFound`."""
    found = session().scalar(select(DuplicatePair).where(DuplicatePair.id == pair_id).options(*_OWNERS))
    if found is None:
        raise NotFound
    return found


def pairs_page(*, number: int, size: int, state: str = "open") -> Page[DuplicatePair]:
    """Pairs in a state, surest first."""
    wanted = PairState(state) if state in set(PairState) else PairState.OPEN
    statement = select(DuplicatePair).where(DuplicatePair.state == wanted).options(*_OWNERS)
    return scalars_page(statement.order_by(DuplicatePair.score.desc(), DuplicatePair.id), number=number, size=size)


def pair_counts() -> dict[str, int]:
    """How many pairs are in each state."""
    rows = session().execute(select(DuplicatePair.state, func.count()).group_by(DuplicatePair.state))
    return {state.value: count for state, count in rows}


def known_pairs() -> dict[tuple[int, int], tuple[int, PairState]]:
    """Every pair found so far: the ids of its records -> its own id and state."""
    rows = session().execute(
        select(DuplicatePair.first_id, DuplicatePair.second_id, DuplicatePair.id, DuplicatePair.state)
    )
    return {(first, second): (pair_id, state) for first, second, pair_id, state in rows}


def live_identities() -> Iterator[Identity]:
    """What tells the machines apart of all records that are not retired, by id."""
    statement = select(
        Instrument.id,
        Instrument.organisation_id,
        Instrument.name,
        Instrument.model,
        Instrument.manufacturer,
        Instrument.serial_number,
        Instrument.original_value_fen,
        Instrument.in_service_on,
    ).where(Instrument.state != InstrumentState.RETIRED)
    for row in session().execute(statement.order_by(Instrument.id).execution_options(yield_per=2000)):
        yield Identity(*row)
