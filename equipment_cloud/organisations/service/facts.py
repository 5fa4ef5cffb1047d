"""What an organisation says of itself: contact, yearly figures, relations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, raise_if
from equipment_cloud.organisations import rules
from equipment_cloud.organisations.models import Organisation, ProfileYear, Relation
from equipment_cloud.organisations.service.record import locked, note
from equipment_cloud.reference import queries as reference


def update_details(
    organisation_id: int,
    *,
    name_en: str | None,
    town_code: str | None,
    address: str | None,
    industry_code: str | None,
    contact_name: str | None,
    phone: str | None,
    introduction: str | None,
    is_provider: bool,
    by: Actor,
    now: datetime,
) -> Organisation:
    """Change what needs no licence: contact, township, industry, introduction, whether it shares instruments."""
    record = locked(organisation_id)
    if town_code is not None and not reference.is_town(town_code):
        raise Invalid.single("town-unknown", N_("There is no such township."), field="town_code")
    record.name_en, record.town_code, record.address = name_en, town_code, address
    record.industry_code, record.contact_name, record.phone = industry_code, contact_name, phone
    record.introduction, record.is_provider = introduction, is_provider
    record.revision += 1
    note("update", record.id, by=by, now=now)
    return record


def record_profile(
    organisation_id: int,
    year: int,
    *,
    industry: str,
    staff: int,
    revenue_fen: int,
    assets_fen: int,
    by: Actor,
    now: datetime,
) -> ProfileYear:
    """Enter or correct a year's figures; the size class follows by rule. Raises :class:`Invalid`."""
    record = locked(organisation_id)
    raise_if(
        rules.problems_with_profile(
            year,
            industry=industry,
            staff=staff,
            revenue_fen=revenue_fen,
            assets_fen=assets_fen,
            this_year=clock.today(now).year,
        )
    )
    found = rules.size_class(industry, staff=staff, revenue_fen=revenue_fen, assets_fen=assets_fen)
    row = session().scalar(
        select(ProfileYear).where(ProfileYear.organisation_id == record.id, ProfileYear.year == year)
    )
    if row is None:
        row = ProfileYear(organisation_id=record.id, year=year)
        session().add(row)
    row.industry, row.staff, row.revenue_fen, row.assets_fen, row.size_class = (
        industry, staff, revenue_fen, assets_fen, found.value,
    )  # fmt: skip
    session().flush()
    note("record-profile", record.id, by=by, now=now, year=year, size_class=found.value)
    return row


def relate(
    organisation_id: int, other_id: int, kind: str, source: str, *, as_of: date, by: Actor, now: datetime
) -> Relation:
    """Record that two organisations are related (关联方), with the source of the knowledge."""
    locked(min(organisation_id, other_id))
    row = session().scalar(
        select(Relation).where(
            Relation.organisation_id == organisation_id, Relation.other_id == other_id, Relation.kind == kind
        )
    )
    if row is None:
        row = Relation(organisation_id=organisation_id, other_id=other_id, kind=kind, source=source, as_of=as_of)
        session().add(row)
    row.source, row.as_of = source, as_of
    session().flush()
    note("relate", organisation_id, by=by, now=now, other=other_id, kind=kind, source=source)
    return row
