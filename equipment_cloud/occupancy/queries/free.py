"""What is free: for one instrument's calendar and for a list of instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipment_cloud.catalog.rules import IN_CATALOGUE
from equipment_cloud.kernel.period import Period, without
from equipment_cloud.occupancy import rules
from equipment_cloud.occupancy.models import OccupationKind
from equipment_cloud.occupancy.queries.held import Held, held, period_of, taken_by_instrument, taken_of
from equipment_cloud.occupancy.queries.settings import SUGGEST_FOR, setting, settings
from equipment_cloud.occupancy.rules import Opening


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch in which a position is taken or the instrument closed; ``kind`` as strangers may see it."""

    period: Period
    kind: str
    reason: str | None = None
    position: int | None = None
    reference: str | None = None
    """Of the record that holds the time; for those who may know."""


@dataclass(frozen=True, slots=True)
class Availability:
    free: list[Period]
    busy: list[Busy]
    is_public: bool
    """Whether the catalogue shows the instrument to everyone."""


def availability(instrument_id: int, window: Period, *, now: datetime) -> Availability:
    """Free time (lead time honoured, cut to the step) and busy time with its kind. Four statements at most."""
    found = setting(instrument_id, window)
    rows = held([instrument_id], window)
    taken = [item for row in rows if (item := stretch(row, window))]
    is_public = bool(rows) and rows[0].instrument_state in IN_CATALOGUE
    if found is None:
        return Availability([], taken, is_public)
    free = rules.free_time(found.terms, found.opening, taken_of(rows), window=window, now=now)
    everything = taken + closed(found.opening, window)
    return Availability(free, sorted(everything, key=lambda item: (item.period, item.position or 0)), is_public)


def stretch(row: Held, window: Period) -> Busy | None:
    """An occupation as strangers may see it: its kind, and a reason only where it is the instrument's own."""
    whole = period_of(row)
    part = whole.common(window) if whole else None
    if part is None or row.kind is None:
        return None
    own = row.kind in (OccupationKind.MAINTENANCE, OccupationKind.TRAINING)
    kind = kind_seen(row.kind, is_firm=bool(row.is_firm))
    return Busy(part, kind, row.reason if own else None, row.position, row.reference)


def kind_seen(kind: OccupationKind, *, is_firm: bool) -> str:
    """``booked``, ``pending``, ``hold`` or ``maintenance``."""
    if kind in (OccupationKind.MAINTENANCE, OccupationKind.HOLD):
        return kind.value
    return "booked" if is_firm else "pending"


def closed(opening: Opening, window: Period) -> list[Busy]:
    """Closed stretches of the window: closures with their reason, the rest without."""
    parts = ((closing.period.common(window), closing.reason) for closing in opening.closures)
    closures = [Busy(part, "closed", reason) for part, reason in parts if part]
    shut = without([window], opening.periods(window))
    return closures + [Busy(part, "closed") for part in without(shut, [item.period for item in closures])]


def next_free(instrument_ids: Sequence[int], *, now: datetime) -> dict[int, datetime | None]:
    """The next start at which the shortest booking finds a position, within two weeks. Four statements for all."""
    window = Period(now, now + SUGGEST_FOR)
    found = settings(instrument_ids, window)
    taken = taken_by_instrument(list(found), window) if found else {}
    starts = {
        key: rules.first_start(item.terms, item.opening, taken[key], window=window, now=now)
        for key, item in found.items()
        if key in taken
    }
    return {key: starts.get(key) for key in instrument_ids}
