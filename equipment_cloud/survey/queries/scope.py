"""Which organisations a scope means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import count
from equipment_cloud.organisations.models import Kind, Organisation, OrganisationTag, ProfileYear
from equipment_cloud.survey.models import CampaignUnit
from equipment_cloud.survey.rules import Scope

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """How many organisations a scope means, how many of them are new to the list, and the first by name."""

    matching: int
    new: int
    first: Sequence[Organisation]


def scope_of(campaign_id: int, scope: Scope) -> Select[Any]:
    """Ids of the organisations in scope that are not on the campaign's list, nor were taken off it."""
    listed = select(CampaignUnit.organisation_id).where(CampaignUnit.campaign_id == campaign_id)
    return select(Organisation.id).where(*_conditions(scope), Organisation.id.not_in(listed))


def preview(campaign_id: int, scope: Scope) -> Preview:
    """What adding a scope would do."""
    new = scope_of(campaign_id, scope)
    first = select(Organisation).where(Organisation.id.in_(new)).order_by(Organisation.name, Organisation.id)
    matching = count(select(Organisation.id).where(*_conditions(scope)))
    return Preview(matching, count(new), session().scalars(first.limit(SHOWN)).all())


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Organisation.kind != Kind.BUREAU]
    if scope.kinds:
        found.append(Organisation.kind.in_(scope.kinds))
    if scope.towns:
        found.append(Organisation.town_code.in_(scope.towns))
    if scope.industries:
        found.append(func.substr(Organisation.industry_code, 1, 1).in_(scope.industries))
    if scope.tags:
        tagged = OrganisationTag.tag.in_(scope.tags)
        found.append(exists().where(OrganisationTag.organisation_id == Organisation.id, tagged))
    if scope.sizes:
        found.append(Organisation.id.in_(_of_size(scope.sizes)))
    return found


def _of_size(sizes: Sequence[str]) -> Select[Any]:
    """Organisations whose latest yearly figures make them of one of these sizes."""
    latest = (
        select(ProfileYear.organisation_id, func.max(ProfileYear.year).label("year"))
        .group_by(ProfileYear.organisation_id)
        .subquery()
    )
    return (
        select(ProfileYear.organisation_id)
        .join(latest, (latest.c.organisation_id == ProfileYear.organisation_id) & (latest.c.year == ProfileYear.year))
        .where(ProfileYear.size_class.in_(sizes))
    )
