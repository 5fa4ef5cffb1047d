"""What programs ask of the figures and get."""

from __future__ import annotations

from equipment_cloud.foundation.endpoint import Body, Fen, Instant, Nested, Query, Raw, Several, Text, Whole


class YearQuery(Query):
    """The local year; this year by default."""

    year = Whole(2000, 2100, load_default=None, allow_none=True)


class TownShown(Body):
    """Figures of a town; rates are fractions, ``null`` where nothing can be divided by."""

    town = Text()
    name = Text()
    instruments = Whole()
    shared_instruments = Whole()
    effective_hours = Raw()
    outside_hours = Raw()
    sharing_rate = Raw()
    utilisation = Raw()
    utilisation_denominator_hours = Whole()


class MonthShown(Body):
    """Hours of a month."""

    month = Whole()
    effective_hours = Raw()
    outside_hours = Raw()


class StockShown(Body):
    """Instruments as they last stood in a month."""

    month = Whole()
    instruments = Whole()
    shared_instruments = Whole()
    original_value_fen = Fen()
    as_of = Instant()


class SummaryShown(TownShown):
    """The city's figures with towns and months."""

    year = Whole()
    as_of = Instant()
    original_value_fen = Fen()
    voucher_budget_fen = Fen()
    voucher_used_fen = Fen()
    by_town = Several(Nested(TownShown))
    by_month = Several(Nested(MonthShown))
    stock_by_month = Several(Nested(StockShown))
