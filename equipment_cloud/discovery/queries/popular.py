"""What the home page shows: the city in figures, newest instruments, needs people search for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import Instrument, InstrumentState, ServiceState, TestService
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Pool

NEEDS = (
    N_("salt spray"),
    N_("coordinate measuring"),
    N_("tensile"),
    N_("RoHS"),
    N_("metallography"),
    N_("EMC"),
    N_("high and low temperature"),
    N_("roughness"),
    N_("harmonic reducer"),
    N_("MTF"),
)
"""Words of the trades of Yuyao for the first visit; each finds something in the catalogue of the example city."""


@dataclass(frozen=True)
class CityFigures:
    """Counts and fen as of now; the year is the local one."""

    instruments: int
    services: int
    enterprises_this_month: int
    budget_fen: int
    committed_fen: int


def popular_needs() -> tuple[str, ...]:
    """Message ids of needs to search for."""
    return NEEDS


def newest(*, most: int = 6) -> list[Instrument]:
    """The instruments published last."""
    statement = (
        select(Instrument)
        .options(joinedload(Instrument.organisation))
        .where(Instrument.state == InstrumentState.PUBLISHED)
        .order_by(Instrument.published_at.desc(), Instrument.id.desc())
        .limit(most)
    )
    return list(session().scalars(statement))


def city_in_figures(*, now: datetime) -> CityFigures:
    """Five counts in one statement."""
    today = clock.today(now)
    month_start = clock.at(date(today.year, today.month, 1))
    balance = select(func.coalesce(func.sum(LedgerAccount.balance_fen), 0)).join(Pool, Pool.id == LedgerAccount.pool_id)
    of_year = balance.where(Pool.year == today.year)
    row = (
        session()
        .execute(
            select(
                select(func.count()).where(Instrument.state == InstrumentState.PUBLISHED).scalar_subquery(),
                select(func.count()).where(TestService.state == ServiceState.PUBLISHED).scalar_subquery(),
                select(func.count(func.distinct(UsageRecord.organisation_id)))
                .where(UsageRecord.started_at >= month_start)
                .scalar_subquery(),
                of_year.where(LedgerAccount.kind != AccountKind.APPROPRIATION).scalar_subquery(),
                of_year.where(
                    LedgerAccount.kind.not_in([AccountKind.APPROPRIATION, AccountKind.POOL_FREE])
                ).scalar_subquery(),
            )
        )
        .one()
    )
    return CityFigures(row[0], row[1], row[2], int(row[3]), int(row[4]))
