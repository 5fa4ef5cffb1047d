"""The public figures for programs."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.endpoint import Blueprint
from equipment_cloud.insight import queries, rules, schemas

blp = Blueprint("insight-api", __name__, description="The city's public figures")


@blp.get("/figures/summary")
@public
@blp.arguments(schemas.YearQuery, location="query")
@blp.response(200, schemas.SummaryShown)
def summary(query: dict[str, Any]) -> dict[str, Any]:
    """What /figures shows."""
    now = clock.now()
    asked = str(query["year"]) if query["year"] is not None else None
    found = queries.summary(rules.year_asked(asked, this_year=clock.today(now).year))
    return {
        "year": found.year,
        "as_of": now,
        "original_value_fen": found.city.value_fen,
        "voucher_budget_fen": found.budget_fen,
        "voucher_used_fen": found.used_fen,
        "by_town": [_shown(code, found.names.get(code, ""), each) for code, each in found.towns.items()],
        "by_month": [
            {"month": month, "effective_hours": _hours(both[0]), "outside_hours": _hours(both[1])}
            for month, both in sorted(found.months.items())
        ],
        "stock_by_month": [
            {
                "month": then.month,
                "instruments": then.figures.instruments,
                "shared_instruments": then.figures.shared,
                "original_value_fen": then.figures.value_fen,
                "as_of": then.as_of,
            }
            for then in queries.stock_by_month(found.year)
        ],
        **_shown("", "", found.city),
    }


def _shown(town: str, name: str, figures: rules.Figures) -> dict[str, Any]:
    return {
        "town": town,
        "name": name,
        "instruments": figures.instruments,
        "shared_instruments": figures.shared,
        "effective_hours": _hours(figures.seconds),
        "outside_hours": _hours(figures.outside_seconds),
        "sharing_rate": figures.sharing_rate,
        "utilisation": figures.utilisation,
        "utilisation_denominator_hours": figures.denominator_hours,
    }


def _hours(seconds: int) -> float:
    return round(seconds / 3600, 2)
