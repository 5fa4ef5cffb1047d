"""What may be asked of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem, raise_if
from equipment_cloud.kernel.period import Period

INSTRUMENT, SERVICE = "instrument", "service"
KINDS = (INSTRUMENT, SERVICE)
"""What can be found, as the index and the facet name it."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    PRICE = "price"
    NEXT_FREE = "next_free"
    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True)
class Asked:
    """A search: words, facets (each a choice of several), and limits; prices are a local enterprise's by the hour.

    ``accredited``: something done on the instrument is in its laboratory's scope today; ``calibrated``: its calibration
    is valid today. ``voucher``: its owner is on the carriers' register; with ``customer`` a voucher is good for nothing
    at home, so the customer's own instruments are left out.
    """

    q: str = ""
    category: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    owner: tuple[int, ...] = ()
    mode: tuple[str, ...] = ()
    service: int | None = None
    voucher: bool = False
    accredited: bool = False
    calibrated: bool = False
    min_price_fen: int | None = None
    max_price_fen: int | None = None
    free: Period | None = None
    sort: Sort = Sort.RELEVANCE
    customer: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything besides the words limits what is found."""
        chosen = (*self.category, *self.town, *self.owner, *self.mode)
        limits = (self.service, self.min_price_fen, self.max_price_fen, self.free)
        is_ticked = self.voucher or self.accredited or self.calibrated
        return is_ticked or bool(chosen) or any(limit is not None for limit in limits)


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet with how many hits it would give."""

    value: str
    label: str
    count: int
    chosen: bool


def asked_period(free_from: datetime | None, free_to: datetime | None, *, now: datetime) -> Period | None:
    """The wanted free period; both ends or none. Raises ``Invalid`` naming the field."""
    if free_from is None and free_to is None:
        return None
    problems: list[Problem] = []
    if free_from is None:
        problems.append(Problem("missing", N_("Say from when it should be free."), "free_from"))
    if free_to is None:
        problems.append(Problem("missing", N_("Say until when it should be free."), "free_to"))
    if free_from is not None and free_to is not None and free_to <= free_from:
        problems.append(Problem("not-in-order", N_("The end must lie after the start."), "free_to"))
    if free_from is not None and free_from < now:
        problems.append(Problem("past", N_("The wanted time has passed already."), "free_from"))
    raise_if(problems)
    return Period(free_from, free_to) if free_from is not None and free_to is not None else None
