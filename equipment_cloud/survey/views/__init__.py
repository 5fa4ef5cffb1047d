"""Pages of surveys: campaigns with list, board and coverage, units, imports with preview and problems, mappings."""

from equipment_cloud.survey.views import (
    campaigns,
    columns,
    coverage,
    imports,
    links,
    mappings,
    returns,
    reviews,
    scope,
    units,
    visits,
)
from equipment_cloud.survey.views.blueprint import NAV, PANELS, bp

__all__ = [
    "NAV",
    "PANELS",
    "bp",
    "campaigns",
    "columns",
    "coverage",
    "imports",
    "links",
    "mappings",
    "returns",
    "reviews",
    "scope",
    "units",
    "visits",
]
