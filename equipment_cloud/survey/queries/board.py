"""What the imports of a campaign brought, and how much of its list is covered."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey.models import CampaignUnit, ImportRun, SurveyRow
from equipment_cloud.survey.rules import Coverage, is_late

_BY: dict[str, Any] = {
    "town": Organisation.town_code,
    "industry": func.substr(Organisation.industry_code, 1, 1),
}
UNKNOWN = ""


def units_behind(campaign_id: int) -> list[tuple[int, int]]:
    """Units with surveyed records they have not submitted: ``(organisation id, how many)``, by id."""
    statement = (
        select(Instrument.organisation_id, func.count())
        .where(Instrument.id.in_(surveyed(campaign_id)))
        .where(Instrument.state == InstrumentState.DRAFT)
        .group_by(Instrument.organisation_id)
        .order_by(Instrument.organisation_id)
    )
    return [(organisation_id, found) for organisation_id, found in session().execute(statement)]


def totals(campaign_id: int) -> dict[str, int]:
    """Surveyed instruments of a campaign by state."""
    statement = select(Instrument.state, func.count()).where(Instrument.id.in_(surveyed(campaign_id)))
    return {state.value: found for state, found in session().execute(statement.group_by(Instrument.state))}


def coverage_by(
    campaign_id: int, what: str, *, today: date, towns: frozenset[str] | None = None
) -> dict[str, Coverage]:
    """Coverage by ``town`` or ``industry`` (codes; empty where unknown), in the order of the codes."""
    found: dict[str, Coverage] = {}
    column = func.coalesce(_BY[what], UNKNOWN)
    past = case((CampaignUnit.due_on < today, 1), else_=0)
    statement = (
        select(column, CampaignUnit.state, CampaignUnit.outcome, past, func.count())
        .join(Organisation, Organisation.id == CampaignUnit.organisation_id)
        .where(CampaignUnit.campaign_id == campaign_id, CampaignUnit.removed_at.is_(None))
    )
    if towns is not None:
        statement = statement.where(Organisation.town_code.in_(towns))
    grouped = statement.group_by(column, CampaignUnit.state, CampaignUnit.outcome, past).order_by(column)
    for code, state, outcome, is_past, number in session().execute(grouped):
        due_on = date.min if is_past else today
        late = is_late(state, outcome, due_on, today)
        found.setdefault(code, Coverage()).add(state.value, outcome.value if outcome else None, number, is_late=late)
    return found


def surveyed(campaign_id: int) -> Select[Any]:
    """Ids of the instruments a campaign's imports wrote or met."""
    runs = select(ImportRun.id).where(ImportRun.campaign_id == campaign_id)
    return select(SurveyRow.instrument_id).where(SurveyRow.run_id.in_(runs))
