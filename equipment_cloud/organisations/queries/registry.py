"""Which organisations there are."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, or_, select

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, count, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.identifiers import normalise_credit_code
from equipment_cloud.organisations.models import (
    CreditCode,
    Kind,
    Organisation,
    OrganisationName,
    OrganisationTag,
    Standing,
)


def organisation(organisation_id: int) -> Organisation:
    """Raises :class:`NotFound`."""
    found = session().get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def organisations_named(ids: Collection[int | None]) -> dict[int, Organisation]:
    """Organisations by id; unknown ids are left out."""
    wanted = {organisation_id for organisation_id in ids if organisation_id}
    if not wanted:
        return {}
    rows = session().scalars(select(Organisation).where(Organisation.id.in_(wanted)).order_by(Organisation.id))
    return {row.id: row for row in rows}


def by_credit_code(code: str) -> Organisation | None:
    """The organisation that carries, or once carried, the code."""
    return by_credit_codes([code]).get(normalise_credit_code(code))


def by_credit_codes(codes: Collection[str]) -> dict[str, Organisation]:
    """Organisations by credit code, former codes included; unknown codes are left out."""
    wanted = {normalise_credit_code(code) for code in codes}
    rows = session().execute(
        select(CreditCode.code, Organisation)
        .join(Organisation, Organisation.id == CreditCode.organisation_id)
        .where(CreditCode.code.in_(wanted))
        .order_by(CreditCode.valid_from)
    )
    return {row.code: row.Organisation for row in rows}


def by_name(name: str) -> Organisation | None:
    """The organisation that carries the registered name, or carried it last."""
    return by_names([name]).get(name.strip())


def by_names(names: Collection[str]) -> dict[str, Organisation]:
    """Organisations by registered name, former names included; today's bearer of a name comes first."""
    wanted = {name.strip() for name in names}
    rows = session().execute(
        select(OrganisationName.name, Organisation)
        .join(Organisation, Organisation.id == OrganisationName.organisation_id)
        .where(OrganisationName.name.in_(wanted))
        .order_by(OrganisationName.valid_to.is_(None), OrganisationName.valid_from)
    )
    return {row.name: row.Organisation for row in rows}


def bureau() -> Organisation | None:
    """The one organisation of kind bureau."""
    return session().scalar(select(Organisation).where(Organisation.kind == Kind.BUREAU).order_by(Organisation.id))


def page_of(
    *,
    text: str | None = None,
    kind: Kind | None = None,
    town_code: str | None = None,
    standing: Standing | None = None,
    number: int,
    size: int,
) -> Page[Organisation]:
    """Organisations by name; ``text`` looks into names (English too) and credit codes."""
    statement = _filtered(text=text, kind=kind, town_code=town_code, standing=standing)
    return scalars_page(statement.order_by(Organisation.name, Organisation.id), number=number, size=size)


def tags_of(organisation_id: int) -> list[str]:
    """An organisation's tags by name."""
    statement = select(OrganisationTag.tag).where(OrganisationTag.organisation_id == organisation_id)
    return list(session().scalars(statement.order_by(OrganisationTag.tag).limit(100)))


def all_tags() -> list[str]:
    """Every tag in use, by name (at most 200)."""
    return list(session().scalars(select(OrganisationTag.tag).distinct().order_by(OrganisationTag.tag).limit(200)))


def standing_requests() -> int:
    """How many organisations wait for the bureau's approval."""
    return count(select(Organisation.id).where(Organisation.standing == Standing.REQUESTED))


def _filtered(
    *, text: str | None, kind: Kind | None, town_code: str | None, standing: Standing | None
) -> Select[Organisation]:
    statement = select(Organisation)
    if kind is not None:
        statement = statement.where(Organisation.kind == kind)
    if town_code:
        statement = statement.where(Organisation.town_code == town_code)
    if standing is not None:
        statement = statement.where(Organisation.standing == standing)
    if text:
        columns = (Organisation.name, Organisation.name_en, Organisation.credit_code)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return statement
