"""Figures from the books, set-based: three statements for a year, whatever the size of the city."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, case, cast, extract, func, literal, select, true

from equipment_cloud.catalog.models import Instrument, InstrumentState, ShareMode
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.foundation.page import Page, rows_page
from equipment_cloud.insight.models import StockMonth
from equipment_cloud.insight.rules import Figures, StockThen, Summary
from equipment_cloud.reference import queries as reference
from equipment_cloud.usage.models import UsageRecord, UsageState
from equipment_cloud.vouchers.models import AccountKind, LedgerAccount, Pool

PUBLIC = (InstrumentState.PUBLISHED, InstrumentState.PAUSED)
USED = (AccountKind.VOUCHER_DRAWN, AccountKind.CLAIM_PAYABLE, AccountKind.POOL_PAID)


def summary(year: int) -> Summary:
    """The figures of a local year: public instruments as of now, confirmed sessions begun in that year."""
    towns = stock()
    months: dict[int, tuple[int, int]] = {}
    for town, month, seconds, outside in session().execute(_hours(year)):
        towns[town] = towns.get(town, Figures()) + Figures(seconds=int(seconds), outside_seconds=int(outside))
        before = months.get(month, (0, 0))
        months[month] = (before[0] + int(seconds), before[1] + int(outside))
    budget, used = _money(year)
    return Summary(year, dict(sorted(towns.items())), months, budget, used, reference.region_names(towns.keys()))


def stock_by_month(year: int) -> list[StockThen]:
    """The stock of the whole city at the end of each month that was kept, in order."""
    rows = session().execute(
        select(
            StockMonth.month,
            func.sum(StockMonth.instruments),
            func.sum(StockMonth.shared),
            func.sum(StockMonth.value_fen),
            func.max(StockMonth.as_of),
        )
        .where(StockMonth.month.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(StockMonth.month)
        .order_by(StockMonth.month)
    )
    return [
        StockThen(month.month, Figures(int(count), int(shared), int(fen)), as_of)
        for month, count, shared, fen, as_of in rows
    ]


def by_instrument(year: int, town: str | None, *, number: int, size: int) -> Page[Any]:
    """The rows behind the hours: instrument id, name, model, seconds, outside seconds; longest first."""
    hours = _sessions(year).with_only_columns(
        UsageRecord.instrument_id,
        func.sum(_seconds()).label("seconds"),
        func.sum(_outside()).label("outside"),
    )
    counted = hours.group_by(UsageRecord.instrument_id).subquery()
    statement = (
        select(
            Instrument.id,
            Instrument.name,
            Instrument.model,
            func.coalesce(counted.c.seconds, 0).label("seconds"),
            func.coalesce(counted.c.outside, 0).label("outside"),
        )
        .outerjoin(counted, counted.c.instrument_id == Instrument.id)
        .where(Instrument.state.in_(PUBLIC))
        .where(func.coalesce(Instrument.town_code, "") == town if town is not None else true())
        .order_by(func.coalesce(counted.c.seconds, 0).desc(), Instrument.id)
    )
    return rows_page(statement, number=number, size=size)


def stock() -> dict[str, Figures]:
    """Public instruments as of now, by town code ("" where none is known)."""
    shared = case((Instrument.share_mode == ShareMode.EXTERNAL, 1), else_=0)
    rows = session().execute(
        select(
            Instrument.town_code,
            func.count(),
            func.sum(shared),
            func.coalesce(func.sum(Instrument.original_value_fen), 0),
        )
        .where(Instrument.state.in_(PUBLIC))
        .group_by(Instrument.town_code)
        .order_by(Instrument.town_code)
    )
    return {town or "": Figures(count, int(open_), int(value)) for town, count, open_, value in rows}


def _hours(year: int) -> Select[Any]:
    later = [UsageRecord.started_at >= clock.at(date(year, month, 1)) for month in range(2, 13)]
    month = literal(1) + sum((case((condition, 1), else_=0) for condition in later), literal(0))
    found = (
        _sessions(year)
        .with_only_columns(
            func.coalesce(Instrument.town_code, "").label("town"),
            cast(month, Integer).label("month"),
            _seconds().label("seconds"),
            _outside().label("outside"),
        )
        .subquery()
    )
    return (
        select(found.c.town, found.c.month, func.sum(found.c.seconds), func.sum(found.c.outside))
        .group_by(found.c.town, found.c.month)
        .order_by(found.c.town, found.c.month)
    )


def _sessions(year: int) -> Select[Any]:
    return (
        select(UsageRecord.id)
        .join(Instrument, Instrument.id == UsageRecord.instrument_id)
        .where(Instrument.state.in_(PUBLIC))
        .where(UsageRecord.state == UsageState.CONFIRMED)
        .where(UsageRecord.started_at >= clock.at(date(year, 1, 1)))
        .where(UsageRecord.started_at < clock.at(date(year + 1, 1, 1)))
    )


def _seconds() -> ColumnElement[int]:
    if is_sqlite():
        days = func.julianday(UsageRecord.ended_at) - func.julianday(UsageRecord.started_at)
        return cast(func.round(days * 86_400), BigInteger)
    return cast(extract("epoch", UsageRecord.ended_at - UsageRecord.started_at), BigInteger)


def _outside() -> ColumnElement[int]:
    """Time for other organisations than the owner (对外服务机时)."""
    return case((UsageRecord.organisation_id != UsageRecord.provider_id, _seconds()), else_=0)


def _money(year: int) -> tuple[int, int]:
    used = case((LedgerAccount.kind.in_(USED), LedgerAccount.balance_fen), else_=0)
    statement = (
        select(func.coalesce(func.sum(LedgerAccount.balance_fen), 0), func.coalesce(func.sum(used), 0))
        .join(Pool, Pool.id == LedgerAccount.pool_id)
        .where(Pool.year == year)
        .where(LedgerAccount.kind != AccountKind.APPROPRIATION)
    )
    budget, spent = session().execute(statement).one()
    return int(budget), int(spent)
