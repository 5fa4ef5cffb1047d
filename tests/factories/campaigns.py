"""Campaigns with units for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.service import BulkRow
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Organisation, ProfileYear
from equipment_cloud.survey import service
from equipment_cloud.survey.models import Campaign, CampaignUnit, ImportRun, SurveyRow
from equipment_cloud.survey.service.units import enrol_imported
from tests.factories import organisations as units

FENGSHAN = "330281002"
_serial = count(0)


def surveyor(session: Session) -> Actor:
    """The bureau's surveyor."""
    return units.actor(units.member(session, units.bureau(session), "surveyor"))


def sign_in_as(session: Session, role: str, scope: str | None = None) -> Person:
    """A person of the bureau with that role, ready to sign in."""
    at = session.scalars(select(Organisation).where(Organisation.kind == "bureau")).first() or units.bureau(session)
    person = units.member(session, at, role, scope=scope)
    session.commit()
    return person


def firms(session: Session, number: int) -> list[Organisation]:
    """So many firms of Fengshan, named 示例厂 and a number."""
    return [
        units.organisation(session, name=f"示例厂{next(_serial)}", town_code=FENGSHAN, industry_code="C")
        for _each in range(number)
    ]


def profile(session: Session, owner: Organisation, year: int, size: str) -> None:
    """Yearly figures that make the owner of this size."""
    session.add(
        ProfileYear(organisation_id=owner.id, year=year, staff=1, industry="industry", revenue_fen=0, assets_fen=0,
                    size_class=size)
    )  # fmt: skip
    session.flush()


def asked(session: Session, campaign: Campaign, by: Actor, now: datetime) -> CampaignUnit:
    """A firm on the list."""
    owner = firms(session, 1)[0]
    service.add_unit(campaign.code, owner.id, by=by, now=now)
    return session.scalars(select(CampaignUnit).where(CampaignUnit.organisation_id == owner.id)).one()


def only_units(session: Session) -> Sequence[CampaignUnit]:
    """Every unit of every list, by id."""
    return session.scalars(select(CampaignUnit).order_by(CampaignUnit.id)).all()


def import_one(session: Session, campaign: Campaign, owner: Organisation, *, now: datetime, by: Actor) -> int:
    """One record of the owner that an import of the campaign brought; its id."""
    zeros = dict.fromkeys(("rows", "created", "updated", "unchanged", "refused", "duplicates"), 0)
    run = ImportRun(
        campaign_id=campaign.id, file_id=None, mapping={}, is_dry_run=False, person_id=by.id, at=now, **zeros
    )
    session.add(run)
    session.flush()
    row = BulkRow(owner.id, f"I-{run.id}", {"name": "三坐标测量机", "model": "CONTURA"})
    (record_id,) = catalog.bulk_upsert([row], by=by, now=now, source=f"import:{run.id}")
    session.add(SurveyRow(run_id=run.id, row=2, instrument_id=record_id, outcome="created", values={}))
    session.flush()
    enrol_imported(campaign, run.id, by=by, now=now)
    return record_id


def person(session: Session, actor: Actor) -> Person:
    """Who an actor is, ready to sign in."""
    session.commit()
    return session.get_one(Person, actor.id)
