"""Size class of an enterprise (中小企业划型, 工信部联企业〔2011〕300号).

A cascade on lower limits: large when *all* indicators of the industry reach the large limits, else medium when all
reach the medium ones, else small, else micro. Money limits are in 万元 as in the notice; the agriculture line is from
general knowledge and not yet compared with the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.money import FEN_PER_WAN, MAX_FEN

STAFF_MOST = 1_000_000


class SizeClass(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


SIZE_WORDS = {
    SizeClass.LARGE: N_("Large"),
    SizeClass.MEDIUM: N_("Medium-sized"),
    SizeClass.SMALL: N_("Small"),
    SizeClass.MICRO: N_("Micro"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower limits of an industry: for each indicator (``staff``, ``revenue``, ``assets``) large, medium, small."""

    words: str
    staff: tuple[int, int, int] | None = None
    revenue: tuple[int, int, int] | None = None
    assets: tuple[int, int, int] | None = None


LIMITS: dict[str, Limits] = {
    "industry": Limits(N_("Industry (mining, manufacturing, energy, water)"), (1000, 300, 20), (40000, 2000, 300)),
    "construction": Limits(N_("Construction"), revenue=(80000, 6000, 300), assets=(80000, 5000, 300)),
    "wholesale": Limits(N_("Wholesale"), (200, 20, 5), (40000, 5000, 1000)),
    "retail": Limits(N_("Retail"), (300, 50, 10), (20000, 500, 100)),
    "transport": Limits(N_("Transport"), (1000, 300, 20), (30000, 3000, 200)),
    "storage": Limits(N_("Storage"), (200, 100, 20), (30000, 1000, 100)),
    "post": Limits(N_("Postal services"), (1000, 300, 20), (30000, 2000, 100)),
    "hospitality": Limits(N_("Accommodation and catering"), (300, 100, 10), (10000, 2000, 100)),
    "information": Limits(N_("Information transmission"), (2000, 100, 10), (100000, 1000, 100)),
    "software": Limits(N_("Software and information technology services"), (300, 100, 10), (10000, 1000, 50)),
    "real_estate": Limits(N_("Real estate development"), revenue=(200000, 1000, 100), assets=(10000, 5000, 2000)),
    "property": Limits(N_("Property management"), (1000, 300, 100), (5000, 1000, 500)),
    "leasing": Limits(N_("Leasing and business services"), (300, 100, 10), assets=(120000, 8000, 100)),
    "agriculture": Limits(N_("Agriculture, forestry, animal husbandry and fishery"), revenue=(20000, 500, 50)),
    "other": Limits(N_("Other, research services included"), (300, 100, 10)),
}
_BY_SECTION = {
    "A": "agriculture", "B": "industry", "C": "industry", "D": "industry", "E": "construction", "F": "wholesale",
    "G": "transport", "H": "hospitality", "I": "software", "K": "real_estate", "L": "leasing",
}  # fmt: skip


def default_industry(section: str | None) -> str:
    """The line of the notice a section of GB/T 4754-2017 usually falls under; who enters may choose another."""
    return _BY_SECTION.get(section or "", "other")


def size_class(industry: str, *, staff: int, revenue_fen: int, assets_fen: int) -> SizeClass:
    """The size class by the industry's line (a key of :data:`LIMITS`)."""
    limits = LIMITS[industry]
    indicators = [
        (value, bounds)
        for value, bounds in (
            (staff, limits.staff),
            (revenue_fen, _in_fen(limits.revenue)),
            (assets_fen, _in_fen(limits.assets)),
        )
        if bounds is not None
    ]
    for step, found in enumerate((SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)):
        if all(value >= bounds[step] for value, bounds in indicators):
            return found
    return SizeClass.MICRO


def problems_with_profile(
    year: int, *, industry: str, staff: int, revenue_fen: int, assets_fen: int, this_year: int
) -> list[Problem]:
    """All that is wrong with a year's figures. The year must be over: its accounts are closed."""
    problems: list[Problem] = []
    if not 2000 <= year < this_year:
        problems.append(
            Problem("year", N_("Give a year that is over, from 2000 to %(last)s."), "year", {"last": this_year - 1})
        )
    if industry not in LIMITS:
        problems.append(Problem("industry", N_("Choose one of the industries listed."), "industry"))
    if not 0 <= staff <= STAFF_MOST:
        problems.append(
            Problem("staff", N_("Give the number of staff, from 0 to %(most)s."), "staff", {"most": STAFF_MOST})
        )
    if not 0 <= revenue_fen <= MAX_FEN:
        problems.append(Problem("revenue", N_("This amount cannot be right."), "revenue_fen"))
    if not 0 <= assets_fen <= MAX_FEN:
        problems.append(Problem("assets", N_("This amount cannot be right."), "assets_fen"))
    return problems


def _in_fen(bounds: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    return (bounds[0] * FEN_PER_WAN, bounds[1] * FEN_PER_WAN, bounds[2] * FEN_PER_WAN) if bounds else None
