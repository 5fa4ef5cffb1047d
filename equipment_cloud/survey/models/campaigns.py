"""Campaigns (普查轮次): who is asked, until when, and who was reminded."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Id, Line, Model, Prose, Short


class CampaignState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Campaign(Model):
    """A survey campaign (普查轮次)."""

    __tablename__ = "campaign"

    id: Mapped[Id]
    code: Mapped[Short] = mapped_column(unique=True)
    name: Mapped[Line]
    state: Mapped[CampaignState]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    form: Mapped[Short]
    """Which fields it asks for: a key of ``rules.FORMS``."""
    note: Mapped[Prose | None]
    """What the units are told."""
    frozen_at: Mapped[datetime | None]
    """From then on a unit leaves the list only with a reason, and whoever comes is marked as added later."""
    created_by: Mapped[int]
    created_at: Mapped[datetime]


class SurveyReminder(Model):
    """A unit was reminded (催报) of a campaign on a day: how many drafts it had, how many people were told."""

    __tablename__ = "survey_reminder"
    __table_args__ = (UniqueConstraint("campaign_id", "organisation_id", "remind_on"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    remind_on: Mapped[date]
    drafts: Mapped[int]
    is_escalated: Mapped[bool]
    """The township's liaison was told as well."""
    told: Mapped[int]
    at: Mapped[datetime]
