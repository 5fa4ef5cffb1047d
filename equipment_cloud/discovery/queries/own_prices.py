"""What an enterprise would pay itself for the instruments of a list, after its voucher."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from equipment_cloud.booking.queries import Estimate, shared
from equipment_cloud.booking.rules import MACHINE_TIME
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.period import Period
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.rules import customer_class, price
from equipment_cloud.vouchers import queries as vouchers


@dataclass(frozen=True)
class OwnPrices:
    """Estimates by instrument; instruments without a price are left out. ``voucher`` is the number it rests on."""

    by_instrument: dict[int, Estimate]
    voucher: str | None


def own_prices(
    instrument_ids: Collection[int], organisation: Organisation, period: Period, *, purpose: str
) -> OwnPrices:
    """The estimate of the same period on each instrument, by the rules of a booking.

    The voucher is the one that would be offered first: the first to expire. Ten statements or so for any number.
    """
    on = clock.today(period.starts_at)
    statement = (
        select(Instrument)
        .where(Instrument.id.in_(instrument_ids), Instrument.state == InstrumentState.PUBLISHED)
        .options(load_only(Instrument.organisation_id), joinedload(Instrument.organisation))
        .order_by(Instrument.id)
    )
    machines = {record.id: record for record in session().scalars(statement)}
    terms = pricing.terms_among(machines, on)
    amounts = {
        key: price(found.terms, customer_class(organisation, machines[key].organisation), period)
        for key, found in terms.items()
    }
    usable = next(iter(vouchers.usable_vouchers(organisation.id, on)), None)
    if usable is None:
        plain = {
            key: Estimate(amount.price_fen, 0, amount.price_fen, amount.lines, plan_id=terms[key].id)
            for key, amount in amounts.items()
        }
        return OwnPrices(plain, None)
    asked = {key: (machines[key].organisation_id, amount.price_fen) for key, amount in amounts.items()}
    subsidies = vouchers.estimates(
        vouchers.voucher(usable.id), organisation.id, asked, category=MACHINE_TIME, purpose=purpose, on=on
    )
    found = {
        key: shared(
            amount, subsidies[key].amount_fen, model=subsidies[key].settlement_model, calculation=[], policy={},
            plan_id=terms[key].id, reasons=subsidies[key].reasons,
        )
        for key, amount in amounts.items()
    }  # fmt: skip
    return OwnPrices(found, usable.number)
