"""Answer links of units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.survey.models import AnswerLink

MOST = 50


def links_of(unit_id: int) -> Sequence[AnswerLink]:
    """Links of a unit, newest first (at most 50)."""
    statement = select(AnswerLink).where(AnswerLink.unit_id == unit_id).order_by(AnswerLink.id.desc())
    return session().scalars(statement.limit(MOST)).all()


def live_links(unit_id: int, *, now: datetime) -> int:
    """How many of them open the return at this moment."""
    live = (AnswerLink.revoked_at.is_(None), AnswerLink.expires_at > now)
    return session().scalar(select(func.count()).where(AnswerLink.unit_id == unit_id, *live)) or 0


def link_of(token_hash: str) -> AnswerLink | None:
    """The link of a secret's hash."""
    return session().scalar(select(AnswerLink).where(AnswerLink.token_hash == token_hash))
