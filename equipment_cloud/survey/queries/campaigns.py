"""Campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.survey.models import Campaign, CampaignState


def find_campaign(code: str) -> Campaign | None:
    """A campaign by its code."""
    return session().scalar(select(Campaign).where(Campaign.code == code))


def campaign(code: str) -> Campaign:
    """A campaign by its code. Raises :class:`NotFound`."""
    found = find_campaign(code)
    if found is None:
        raise NotFound
    return found


def campaigns_page(*, number: int, size: int) -> Page[Campaign]:
    """All campaigns, newest first."""
    return scalars_page(select(Campaign).order_by(Campaign.id.desc()), number=number, size=size)


def open_campaigns() -> Sequence[Campaign]:
    """Campaigns that take imports, by id."""
    return session().scalars(select(Campaign).where(Campaign.state == CampaignState.OPEN).order_by(Campaign.id)).all()
