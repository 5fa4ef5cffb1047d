"""Which version governs a commitment when the policy changed in mid-year (过渡规则)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published version: ``transition`` says by which date it takes over vouchers issued before it.

    ``issue``: not at all, an issued voucher keeps its version (老单老办法); ``order``: services ordered from
    ``valid_from`` on; ``service``: services rendered from ``valid_from`` on; ``filing``: claims filed from
    ``valid_from`` on, which a commitment cannot know, so that until then the older version holds.
    """

    id: int
    number: int
    valid_from: date
    transition: str


def governing(candidates: Iterable[Candidate], *, own_id: int, ordered_on: date, service_on: date) -> int:
    """Id of the version that governs an order: the newest that reaches it, else the voucher's own."""
    known = sorted(candidates, key=lambda version: version.number, reverse=True)
    own = next((version.number for version in known if version.id == own_id), 0)
    reach = {"order": ordered_on, "service": service_on}
    for version in known:
        decisive = reach.get(version.transition)
        if version.number > own and decisive is not None and version.valid_from <= decisive:
            return version.id
    return own_id
