"""Definitions of the figures, pure. Hours are confirmed session time (有效工作机时) in seconds until they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FULL_YEAR_HOURS = 1_600
"""Hours a year an instrument is expected to run: 年有效工作机时 / 1600 is its utilisation (national survey)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, fen and seconds of a town or of the city."""

    instruments: int = 0
    shared: int = 0
    value_fen: int = 0
    seconds: int = 0
    outside_seconds: int = 0

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    @property
    def outside_hours(self) -> float:
        return self.outside_seconds / 3600

    @property
    def sharing_rate(self) -> float | None:
        """共享率: hours for others / effective hours; ``None`` without hours."""
        return self.outside_seconds / self.seconds if self.seconds else None

    @property
    def denominator_hours(self) -> int:
        """What the shared instruments would run in a full year."""
        return FULL_YEAR_HOURS * self.shared

    @property
    def utilisation(self) -> float | None:
        """利用率: effective hours / (1,600 h x shared instruments); ``None`` without such instruments."""
        return self.hours / self.denominator_hours if self.shared else None

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class StockThen:
    """The city's instruments as they last stood in a month (1..12)."""

    month: int
    figures: Figures
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A year's figures: by town code ("" where none is known), by month (1..12: seconds, outside seconds), vouchers."""

    year: int
    towns: Mapping[str, Figures]
    months: Mapping[int, tuple[int, int]]
    budget_fen: int
    used_fen: int
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def city(self) -> Figures:
        """All towns together."""
        return sum(self.towns.values(), Figures())


def year_asked(text: str | None, *, this_year: int) -> int:
    """The year of the filter; this year for whatever is none of the last ten."""
    known = text is not None and text.isascii() and text.isdigit() and len(text) == 4
    year = int(text) if known and text is not None else this_year
    return year if this_year - 10 < year <= this_year else this_year
