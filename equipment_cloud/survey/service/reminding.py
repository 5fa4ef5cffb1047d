"""Reminding units (催报): once a unit and day, kept where the bureau sees it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update

from equipment_cloud.foundation import outbox
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.survey.models import Campaign, SurveyReminder

REMINDED_ROLES = ("manager", "owner")


def remind_unit(campaign_id: int, organisation_id: int, drafts: int, *, on: date, now: datetime) -> bool:
    """Tell those in charge of a unit how many records still wait for them; false when that was done for the day.

    A unit where nobody has an account is noted too, with nobody told: the bureau calls it.
    """
    key = {"campaign_id": campaign_id, "organisation_id": organisation_id, "remind_on": on}
    if not insert_one_missing(SurveyReminder, key | {"drafts": drafts, "told": 0, "is_escalated": False, "at": now}):
        return False
    campaign = session().get_one(Campaign, campaign_id)
    people = organisations.people_with_role(organisation_id, *REMINDED_ROLES, on=on)
    is_late = on > campaign.due_on
    words = (
        N_("%(campaign)s was due on %(day)s: %(count)s instrument records still wait to be submitted.")
        if is_late
        else N_("%(campaign)s is due on %(day)s: %(count)s instrument records still wait to be submitted.")
    )
    values = {"campaign": campaign.name, "day": campaign.due_on.isoformat(), "count": drafts}
    outbox.post("survey.remind", people, words, now=now, link="/my-instruments?state=draft", values=values)
    session().execute(update(SurveyReminder).filter_by(**key).values(told=len(people)))
    return True
