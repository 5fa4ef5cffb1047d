"""Dated facts of an organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.organisations.models import (
    BankAccount,
    CreditCode,
    Organisation,
    OrganisationName,
    ProfileYear,
    Relation,
    Standing,
)
from equipment_cloud.organisations.queries.registry import organisation


def holds_on(row: Any, on: date) -> ColumnElement[bool]:
    """The dated row (a model with ``valid_from`` and ``valid_to``) holds on the day."""
    return and_(row.valid_from <= on, or_(row.valid_to.is_(None), row.valid_to > on))


def name_row_on(organisation_id: int, on: date) -> OrganisationName | None:
    """The dated name of a day."""
    return session().scalar(
        select(OrganisationName)
        .where(OrganisationName.organisation_id == organisation_id, holds_on(OrganisationName, on))
        .order_by(OrganisationName.valid_from.desc())
    )


def name_on(organisation_or_id: Organisation | int, on: date) -> str:
    """The registered name on a day: papers match the name of their date. Before the first entry: the first name."""
    record = organisation_or_id if isinstance(organisation_or_id, Organisation) else organisation(organisation_or_id)
    row = name_row_on(record.id, on)
    if row is not None:
        return row.name
    earliest = (
        select(OrganisationName.name)
        .where(OrganisationName.organisation_id == record.id)
        .order_by(OrganisationName.valid_from)
    )
    return session().scalar(earliest) or record.name


def code_row_on(organisation_id: int, on: date) -> CreditCode | None:
    """The dated credit code of a day."""
    return session().scalar(
        select(CreditCode)
        .where(CreditCode.organisation_id == organisation_id, holds_on(CreditCode, on))
        .order_by(CreditCode.valid_from.desc())
    )


def credit_code_on(organisation_or_id: Organisation | int, on: date) -> str | None:
    """The credit code on a day; before the first entry the first code, ``None`` where none is known."""
    record = organisation_or_id if isinstance(organisation_or_id, Organisation) else organisation(organisation_or_id)
    row = code_row_on(record.id, on)
    if row is not None:
        return row.code
    earliest = select(CreditCode.code).where(CreditCode.organisation_id == record.id).order_by(CreditCode.valid_from)
    return session().scalar(earliest) or record.credit_code


def standing(organisation_id: int, on: date) -> Standing:
    """What the bureau thinks on a day: an approval counts from the day it was given."""
    record = organisation(organisation_id)
    decided_at = record.standing_decided_at
    if record.standing == Standing.APPROVED and decided_at is not None and clock.today(decided_at) > on:
        return Standing.REQUESTED
    return record.standing


def bank_accounts(organisation_id: int) -> list[BankAccount]:
    """The last accounts proposed or approved, newest first (at most 20)."""
    statement = select(BankAccount).where(BankAccount.organisation_id == organisation_id)
    return list(session().scalars(statement.order_by(BankAccount.id.desc()).limit(20)))


def bank_account_on(organisation_id: int, on: date) -> BankAccount | None:
    """The approved account of a day."""
    return session().scalar(
        select(BankAccount)
        .where(
            BankAccount.organisation_id == organisation_id,
            BankAccount.approved_by.is_not(None),
            holds_on(BankAccount, on),
        )
        .order_by(BankAccount.id.desc())
    )


def profiles(organisation_id: int) -> list[ProfileYear]:
    """Yearly figures, newest first (at most 10)."""
    statement = select(ProfileYear).where(ProfileYear.organisation_id == organisation_id)
    return list(session().scalars(statement.order_by(ProfileYear.year.desc()).limit(10)))


def latest_profile(organisation_id: int, before_year: int) -> ProfileYear | None:
    """The figures of the last year before ``before_year`` that someone entered."""
    return session().scalar(
        select(ProfileYear)
        .where(ProfileYear.organisation_id == organisation_id, ProfileYear.year < before_year)
        .order_by(ProfileYear.year.desc())
    )


def are_related(one_id: int, other_id: int) -> bool:
    """Whether the two are the same or recorded as related parties (关联方), either way round."""
    if one_id == other_id:
        return True
    pair = or_(
        and_(Relation.organisation_id == one_id, Relation.other_id == other_id),
        and_(Relation.organisation_id == other_id, Relation.other_id == one_id),
    )
    return session().scalar(select(Relation.id).where(pair).limit(1)) is not None


def related_among(one_id: int, other_ids: Collection[int]) -> set[int]:
    """Which of the others are the same as the one or recorded as its related parties (关联方), either way round."""
    there = select(Relation.other_id).where(Relation.organisation_id == one_id, Relation.other_id.in_(other_ids))
    back = select(Relation.organisation_id).where(Relation.other_id == one_id, Relation.organisation_id.in_(other_ids))
    return {*session().scalars(union(there, back)), *({one_id} & set(other_ids))}
