"""Returns of units: their rows, their defects, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.catalog.rules import BY_NAME, WRITABLE
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    ReturnDefect,
    ReturnRow,
    RowSource,
)
from equipment_cloud.survey.rules import ANSWERERS, WITH_UNIT, Said, UnitState, typed

MOST_DEFECTS = 500


def return_rows(unit_id: int, *, number: int, size: int, view: str | None = None) -> Page[ReturnRow]:
    """Rows of a return by the unit's own number; ``view``: changed, new, gone, unconfirmed."""
    views: Mapping[str, ColumnElement[bool]] = {
        "changed": ReturnRow.is_touched & ReturnRow.instrument_id.is_not(None),
        "new": ReturnRow.instrument_id.is_(None),
        "gone": ReturnRow.gone_reason.is_not(None),
        "unconfirmed": unconfirmed(),
    }
    statement = select(ReturnRow).where(ReturnRow.unit_id == unit_id)
    if view is not None and view in views:
        statement = statement.where(views[view])
    statement = statement.options(joinedload(ReturnRow.instrument)).order_by(ReturnRow.unit_number, ReturnRow.id)
    return scalars_page(statement, number=number, size=size)


def return_counts(unit_id: int) -> dict[str, int]:
    """How many rows in all, and how many changed, new, gone, unconfirmed."""
    known = ReturnRow.instrument_id.is_not(None)
    counted: Mapping[str, ColumnElement[bool]] = {
        "all": ReturnRow.id.is_not(None),
        "changed": ReturnRow.is_touched & known,
        "new": ~known,
        "gone": ReturnRow.gone_reason.is_not(None),
        "unconfirmed": unconfirmed(),
    }
    row = session().execute(
        select(*(func.count().filter(which) for which in counted.values()))
        .select_from(ReturnRow)
        .where(ReturnRow.unit_id == unit_id)
    ).one()  # fmt: skip
    return dict(zip(counted, row, strict=True))


def return_row(unit_id: int, row_id: int) -> ReturnRow:
    """One row of a return. Raises :class:`NotFound`."""
    statement = select(ReturnRow).where(ReturnRow.id == row_id, ReturnRow.unit_id == unit_id)
    found = session().scalar(statement.options(joinedload(ReturnRow.instrument)))
    if found is None:
        raise NotFound
    return found


def all_rows(unit_id: int) -> Sequence[ReturnRow]:
    """Every row of a return with its record, by number; for handing in and accepting the whole."""
    statement = select(ReturnRow).where(ReturnRow.unit_id == unit_id).options(joinedload(ReturnRow.instrument))
    return session().scalars(statement.order_by(ReturnRow.unit_number, ReturnRow.id)).all()


def as_said(rows: Sequence[ReturnRow]) -> Iterator[Said]:
    """Rows as the rules judge them."""
    for row in rows:
        confirmed = row.confirmed_at is not None or row.source is RowSource.CATALOGUE
        yield Said(row.unit_number, together(row), row.is_touched, row.gone_reason is not None, confirmed)


def record_values(record: Instrument | None) -> dict[str, Any] | None:
    """A record's writable fields; none where there is no record."""
    if record is None:
        return None
    return {name: getattr(record, name) for name in BY_NAME if name in WRITABLE}


def together(row: ReturnRow) -> dict[str, Any]:
    """The record with what the return says laid over it."""
    return {**(record_values(row.instrument) or {}), **typed(row.values)}


def unconfirmed() -> ColumnElement[bool]:
    """Rows the firm has not stood by yet."""
    return (
        ReturnRow.confirmed_at.is_(None) & (ReturnRow.source != RowSource.CATALOGUE) & ReturnRow.gone_reason.is_(None)
    )


def defects_of(unit_id: int, of_round: int) -> Sequence[ReturnDefect]:
    """Defects of one round, in the order of the rows (at most 500)."""
    statement = select(ReturnDefect).where(ReturnDefect.unit_id == unit_id, ReturnDefect.round == of_round)
    statement = statement.options(joinedload(ReturnDefect.row)).order_by(ReturnDefect.row_id, ReturnDefect.id)
    return session().scalars(statement.limit(MOST_DEFECTS)).all()


def earlier_values(unit: CampaignUnit, numbers: Collection[str]) -> dict[str, dict[str, Any]]:
    """What was last accepted of these own numbers in another campaign."""
    latest = (
        select(func.max(ReturnRow.id))
        .join(CampaignUnit, CampaignUnit.id == ReturnRow.unit_id)
        .where(CampaignUnit.organisation_id == unit.organisation_id, CampaignUnit.campaign_id != unit.campaign_id)
        .where(ReturnRow.accepted_values.is_not(None), ReturnRow.unit_number.in_(numbers))
        .group_by(ReturnRow.unit_number)
    )
    statement = select(ReturnRow.unit_number, ReturnRow.accepted_values).where(ReturnRow.id.in_(latest))
    return {number: typed(values or {}) for number, values in session().execute(statement)}


def own_units(actor: Actor, *, number: int, size: int) -> Page[CampaignUnit]:
    """Campaigns that ask, or asked, the organisations this person is in charge of, newest first."""
    statement = (
        select(CampaignUnit)
        .where(CampaignUnit.organisation_id.in_(actor.organisations(*ANSWERERS)), CampaignUnit.removed_at.is_(None))
        .options(joinedload(CampaignUnit.campaign), joinedload(CampaignUnit.organisation))
        .order_by(CampaignUnit.campaign_id.desc(), CampaignUnit.id)
    )
    return scalars_page(statement, number=number, size=size)


def to_answer(actor: Actor, *, most: int) -> Sequence[CampaignUnit]:
    """Own units whose next step is theirs, the earliest due first."""
    statement = (
        select(CampaignUnit)
        .join(Campaign, Campaign.id == CampaignUnit.campaign_id)
        .where(Campaign.state == CampaignState.OPEN, CampaignUnit.removed_at.is_(None), CampaignUnit.outcome.is_(None))
        .where(CampaignUnit.organisation_id.in_(actor.organisations(*ANSWERERS)))
        .where(CampaignUnit.state.in_(WITH_UNIT))
        .options(joinedload(CampaignUnit.campaign), joinedload(CampaignUnit.organisation))
        .order_by(CampaignUnit.due_on, CampaignUnit.id)
    )
    return session().scalars(statement.limit(most)).all()


def handed_in() -> tuple[int, CampaignUnit | None]:
    """How many returns wait for the bureau, and the one that waits longest."""
    waits = (
        select(CampaignUnit)
        .join(Campaign, Campaign.id == CampaignUnit.campaign_id)
        .where(Campaign.state == CampaignState.OPEN, CampaignUnit.state == UnitState.SUBMITTED)
        .where(CampaignUnit.removed_at.is_(None))
    )
    first = waits.options(joinedload(CampaignUnit.organisation)).order_by(CampaignUnit.submitted_at, CampaignUnit.id)
    page = scalars_page(first, number=1, size=1)
    return page.total, page.items[0] if page.items else None


def next_handed_in(campaign_id: int, after_id: int) -> int | None:
    """The next return of a campaign for a surveyor who works through them."""
    statement = select(CampaignUnit.id).where(
        CampaignUnit.campaign_id == campaign_id, CampaignUnit.state == UnitState.SUBMITTED, CampaignUnit.id != after_id
    )
    return session().scalar(statement.order_by(CampaignUnit.submitted_at, CampaignUnit.id).limit(1))


def returns_with(instrument_id: int, *, number: int, size: int) -> Page[ReturnRow]:
    """Accepted rows of a record, newest first: which campaign, who said it, when."""
    statement = select(ReturnRow).where(ReturnRow.instrument_id == instrument_id, ReturnRow.accepted_at.is_not(None))
    return scalars_page(statement.order_by(ReturnRow.id.desc()), number=number, size=size)


def campaigns_of(unit_ids: Collection[int]) -> dict[int, CampaignUnit]:
    """Units by id, with campaign and organisation."""
    statement = select(CampaignUnit).where(CampaignUnit.id.in_(unit_ids))
    statement = statement.options(joinedload(CampaignUnit.campaign), joinedload(CampaignUnit.organisation))
    return {unit.id: unit for unit in session().scalars(statement)}


def known_instruments(organisation_id: int) -> int:
    """How many live records the catalogue has of an organisation."""
    statement = select(func.count()).where(Instrument.organisation_id == organisation_id, Instrument.state != "retired")
    return session().scalar(statement) or 0
