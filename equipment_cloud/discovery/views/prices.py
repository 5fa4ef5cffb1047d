"""What the reader's enterprise would pay for the hits of a list, fetched after the list stands."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from equipment_cloud.booking.rules import Purpose
from equipment_cloud.discovery import policy, queries
from equipment_cloud.discovery.forms import ids_of, period_of
from equipment_cloud.discovery.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.kernel.errors import Forbidden
from equipment_cloud.kernel.period import Period
from equipment_cloud.organisations import queries as organisations


@bp.get("/instruments/our-prices")
@only(*policy.CUSTOMERS)
def own_prices() -> str:
    """Prices of an hour from now, or of the wanted time, after the enterprise's voucher; pieces of the list."""
    now = clock.now()
    customer = policy.customer_of(current_actor())
    if customer is None:
        raise Forbidden
    period = period_of(request.args) or Period(now, now + timedelta(hours=1))
    found = queries.own_prices(
        ids_of(request.args, "id"), organisations.organisation(customer), period, purpose=Purpose.RD.value
    )
    return render_template("discovery/_own_prices.html", found=found, hours=period.minutes / 60)
