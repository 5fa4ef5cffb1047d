"""Units on the list of a campaign, and who tried to reach them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Id, Line, Model, Prose, Short
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey.models.campaigns import Campaign
from equipment_cloud.survey.rules import UnitOutcome, UnitState


class CampaignUnit(Model):
    """A unit (单位) on the list of a campaign, with its return. A removed one stays, with the reason.

    ``..._by`` are people's ids, 0 for the platform, and minus the id of an answer link for its bearer.
    """

    __tablename__ = "campaign_unit"
    __table_args__ = (
        UniqueConstraint("campaign_id", "organisation_id"),
        CheckConstraint("(removed_at IS NULL) = (removal_reason IS NULL)", name="removed_with_reason"),
        CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL)", name="outcome_dated"),
        CheckConstraint("state <> 'accepted' OR decided_at IS NOT NULL", name="accepted_dated"),
        Index("ix_campaign_unit_campaign_id_state", "campaign_id", "state"),
        Index("ix_campaign_unit_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[UnitState]
    due_on: Mapped[date]
    """The campaign's day, or a later one granted when the return was sent back."""
    outcome: Mapped[UnitOutcome | None]
    outcome_note: Mapped[Line | None]
    outcome_by: Mapped[int | None]
    outcome_at: Mapped[datetime | None]
    added_by: Mapped[int]
    added_at: Mapped[datetime]
    is_added_later: Mapped[bool]
    removed_by: Mapped[int | None]
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[Line | None]
    declares_none: Mapped[bool]
    """The unit says it has no equipment that is asked for (无设备)."""
    consents: Mapped[bool]
    """The owner agreed in the return that accepted records are shown to all."""
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    round: Mapped[int]
    """How many times it was submitted."""
    revision: Mapped[int]
    """Raised by every change; a step names the one it was decided on."""

    campaign: Mapped[Campaign] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(viewonly=True)


class ContactKind(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"
    LETTER = "letter"


class SurveyContact(Model):
    """Somebody tried to reach a unit (催报记录): how, what came of it, when to try again."""

    __tablename__ = "survey_contact"
    __table_args__ = (Index("ix_survey_contact_unit_id", "unit_id", "id"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("campaign_unit.id"))
    kind: Mapped[ContactKind]
    with_whom: Mapped[Short | None]
    result: Mapped[Prose]
    next_on: Mapped[date | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[Line]
    at: Mapped[datetime]
