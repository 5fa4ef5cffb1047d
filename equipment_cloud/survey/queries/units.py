"""Units of campaigns: the board, one unit, its contacts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey.models import Campaign, CampaignState, CampaignUnit, SurveyContact, SurveyReminder
from equipment_cloud.survey.queries.board import surveyed
from equipment_cloud.survey.rules import WITH_UNIT, UnitOutcome, UnitState, is_late

LATE = "late"
MOST_CONTACTS = 100
MOST_TO_VISIT = 1000


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a board is looked at. ``towns`` is the reader's limit (``None``: whole city), the rest is chosen."""

    today: date
    towns: frozenset[str] | None = None
    town: str | None = None
    industry: str | None = None
    view: str | None = None
    """A state, an outcome, or ``late``."""
    words: str | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One unit of the board: how its return stands, who tried last, how many of its instruments are known."""

    unit: CampaignUnit
    organisation: Organisation
    is_late: bool
    days_late: int
    records: int = 0
    contact: SurveyContact | None = None
    reminder: SurveyReminder | None = None
    counts: dict[str, int] = field(default_factory=dict)


def unit(unit_id: int) -> CampaignUnit:
    """One unit with its campaign and organisation. Raises :class:`NotFound`."""
    statement = select(CampaignUnit).where(CampaignUnit.id == unit_id)
    statement = statement.options(joinedload(CampaignUnit.campaign), joinedload(CampaignUnit.organisation))
    found = session().scalar(statement)
    if found is None:
        raise NotFound
    return found


def board(campaign_id: int, sight: Sight, *, number: int, size: int) -> Page[BoardRow]:
    """Units of a campaign, those who are late first; five statements a page."""
    page = rows_page(board_statement(campaign_id, sight), number=number, size=size)
    ids = [row.CampaignUnit.id for row in page.items]
    owners = [row.CampaignUnit.organisation_id for row in page.items]
    contacts, reminders = last_contacts(ids), _last_reminders(campaign_id, owners)
    counts = _counts(campaign_id, owners)
    items = [
        _board_row(
            row,
            sight.today,
            counts=counts.get(row.CampaignUnit.organisation_id, {}),
            contact=contacts.get(row.CampaignUnit.id),
            reminder=reminders.get(row.CampaignUnit.organisation_id),
        )
        for row in page.items
    ]
    return Page(items, page.number, page.size, page.total)


def whole_board(campaign_id: int, sight: Sight) -> Iterator[BoardRow]:
    """The same rows for an export, all of them, streamed, without contacts."""
    statement = board_statement(campaign_id, sight).execution_options(yield_per=1000)
    for row in session().execute(statement):
        yield _board_row(row, sight.today)


def board_statement(campaign_id: int, sight: Sight) -> Select[CampaignUnit, Organisation]:
    """``(CampaignUnit, Organisation)``: late ones first by how long, then by name."""
    late = late_on(sight.today)
    statement = (
        select(CampaignUnit, Organisation)
        .join(Organisation, Organisation.id == CampaignUnit.organisation_id)
        .where(CampaignUnit.campaign_id == campaign_id)
        .where(CampaignUnit.removed_at.is_not(None) if sight.view == "removed" else CampaignUnit.removed_at.is_(None))
        .where(*_seen(sight))
    )
    return statement.order_by(case((late, 0), else_=1), CampaignUnit.due_on, Organisation.name, CampaignUnit.id)


def late_on(today: date) -> ColumnElement[bool]:
    """``rules.is_late`` in SQL."""
    return and_(CampaignUnit.outcome.is_(None), CampaignUnit.state.in_(WITH_UNIT), CampaignUnit.due_on < today)


def within(towns: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Only units of these townships; all where there is no limit."""
    return [] if towns is None else [Organisation.town_code.in_(towns)]


def contacts_of(unit_id: int) -> Sequence[SurveyContact]:
    """Who tried to reach a unit, newest first (at most 100)."""
    statement = select(SurveyContact).where(SurveyContact.unit_id == unit_id).order_by(SurveyContact.id.desc())
    return session().scalars(statement.limit(MOST_CONTACTS)).all()


def tries_of(unit_id: int) -> int:
    """How often somebody tried."""
    return session().scalar(select(func.count()).where(SurveyContact.unit_id == unit_id)) or 0


def last_contacts(unit_ids: Collection[int]) -> dict[int, SurveyContact]:
    """The last contact of each of these units."""
    latest = select(func.max(SurveyContact.id)).where(SurveyContact.unit_id.in_(unit_ids))
    statement = select(SurveyContact).where(SurveyContact.id.in_(latest.group_by(SurveyContact.unit_id)))
    return {contact.unit_id: contact for contact in session().scalars(statement)}


def to_call(towns: frozenset[str] | None, today: date, *, most: int) -> Sequence[tuple[SurveyContact, Organisation]]:
    """Contacts whose next day has come and that are the last of their unit, earliest first."""
    latest = select(func.max(SurveyContact.id)).group_by(SurveyContact.unit_id)
    statement = (
        select(SurveyContact, Organisation)
        .join(CampaignUnit, CampaignUnit.id == SurveyContact.unit_id)
        .join(Organisation, Organisation.id == CampaignUnit.organisation_id)
        .where(SurveyContact.id.in_(latest), SurveyContact.next_on <= today)
        .where(CampaignUnit.state.in_(WITH_UNIT), CampaignUnit.outcome.is_(None), CampaignUnit.removed_at.is_(None))
        .where(*within(towns))
        .order_by(SurveyContact.next_on, SurveyContact.id)
        .limit(most)
    )
    return [(contact, organisation) for contact, organisation in session().execute(statement)]


def units_to_visit(towns: frozenset[str] | None) -> list[tuple[int, str]]:
    """``(unit id, name and campaign)`` whose return is still the unit's, for a visitor's list; the first 1,000."""
    statement = (
        select(CampaignUnit.id, Organisation.name, Campaign.name)
        .join(Organisation, Organisation.id == CampaignUnit.organisation_id)
        .join(Campaign, Campaign.id == CampaignUnit.campaign_id)
        .where(Campaign.state == CampaignState.OPEN, CampaignUnit.removed_at.is_(None))
        .where(CampaignUnit.state.in_(WITH_UNIT), *within(towns))
        .order_by(Organisation.name, CampaignUnit.id)
        .limit(MOST_TO_VISIT)
    )
    return [(unit_id, f"{name} · {campaign}") for unit_id, name, campaign in session().execute(statement)]


def _board_row(row: Any, today: date, **more: Any) -> BoardRow:
    found = row.CampaignUnit
    late = is_late(found.state, found.outcome, found.due_on, today)
    days = (today - found.due_on).days if late else 0
    return BoardRow(found, row.Organisation, late, days, sum(more.get("counts", {}).values()), **more)


def _seen(sight: Sight) -> list[ColumnElement[bool]]:
    found = within(sight.towns)
    if sight.town:
        found.append(Organisation.town_code == sight.town)
    if sight.industry:
        found.append(func.substr(Organisation.industry_code, 1, 1) == sight.industry)
    if sight.words:
        found.append(Organisation.name.icontains(sight.words, autoescape=True))
    if sight.view == LATE:
        found.append(late_on(sight.today))
    elif sight.view in set(UnitState):
        found.append(CampaignUnit.state == UnitState(sight.view))
        found.append(CampaignUnit.outcome.is_(None))
    elif sight.view in set(UnitOutcome):
        found.append(CampaignUnit.outcome == UnitOutcome(sight.view))
    return found


def _counts(campaign_id: int, owners: Collection[int]) -> dict[int, dict[str, int]]:
    """Instruments of these units that the campaign's imports or returns brought, by state."""
    statement = (
        select(Instrument.organisation_id, Instrument.state, func.count())
        .where(Instrument.organisation_id.in_(owners), Instrument.id.in_(surveyed(campaign_id)))
        .group_by(Instrument.organisation_id, Instrument.state)
    )
    found: dict[int, dict[str, int]] = {}
    for organisation_id, state, number in session().execute(statement):
        found.setdefault(organisation_id, {})[state.value] = number
    return found


def _last_reminders(campaign_id: int, owners: Collection[int]) -> dict[int, SurveyReminder]:
    """The last reminder of each of these units."""
    mine = select(SurveyReminder).where(SurveyReminder.campaign_id == campaign_id)
    found = session().scalars(mine.where(SurveyReminder.organisation_id.in_(owners)).order_by(SurveyReminder.remind_on))
    return {reminder.organisation_id: reminder for reminder in found}
