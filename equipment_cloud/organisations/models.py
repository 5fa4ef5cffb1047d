"""Organisations: identity is ours, names and credit codes are dated facts.

Dated rows hold from ``valid_from`` to the day before ``valid_to``; ``ended_on`` is the first day a role
no longer holds.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Fen, Id, Line, Model, Prose, Short
from equipment_cloud.organisations.rules import CheckState, Kind, Standing

__all__ = [
    "BankAccount",
    "CheckState",
    "CreditCode",
    "Kind",
    "Membership",
    "Organisation",
    "OrganisationName",
    "OrganisationTag",
    "ProfileYear",
    "Relation",
    "Standing",
]


class Organisation(Model):
    """An organisation (单位). ``name`` and ``credit_code`` mirror today's dated rows for lists and search."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_kind", "kind"),
        Index("ix_organisation_town_code", "town_code"),
        Index("ix_organisation_name", "name"),
        Index("ix_organisation_standing", "standing"),
    )

    id: Mapped[Id]
    kind: Mapped[Kind]
    name: Mapped[Line]
    name_en: Mapped[Line | None]
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    code_check: Mapped[CheckState | None]
    is_user: Mapped[bool]
    is_provider: Mapped[bool]
    town_code: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[Line | None]
    industry_code: Mapped[str | None] = mapped_column(String(8))
    contact_name: Mapped[Short | None]
    phone: Mapped[Short | None]
    introduction: Mapped[Prose | None]
    is_verified: Mapped[bool]
    """False for an organisation an import created from a name alone."""
    is_example: Mapped[bool]
    standing: Mapped[Standing]
    standing_note: Mapped[Line | None]
    standing_decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standing_decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int]

    names: Mapped[list[OrganisationName]] = relationship(order_by="OrganisationName.valid_from", viewonly=True)
    credit_codes: Mapped[list[CreditCode]] = relationship(order_by="CreditCode.valid_from", viewonly=True)


class OrganisationName(Model):
    """The registered name from a date on; papers match the name of their date."""

    __tablename__ = "organisation_name"
    __table_args__ = (UniqueConstraint("organisation_id", "valid_from"), Index("ix_organisation_name_name", "name"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Line]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CreditCode(Model):
    """The unified social credit code (统一社会信用代码) from a date on."""

    __tablename__ = "credit_code"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        Index("ix_credit_code_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(18))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    check: Mapped[CheckState]
    override_reason: Mapped[Line | None]
    override_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Membership(Model):
    """A role of a person at an organisation, from one date to another; ``scope`` is a liaison's town code."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_person_id", "person_id"),
        Index("ix_membership_organisation_id", "organisation_id"),
        UniqueConstraint("person_id", "organisation_id", "role", "valid_from"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Short]
    scope: Mapped[Short | None]
    valid_from: Mapped[date]
    ended_on: Mapped[date | None]


class BankAccount(Model):
    """Where money goes (收款账户): proposed by one person, approved by another, dated."""

    __tablename__ = "bank_account"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        Index("ix_bank_account_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_name: Mapped[Line]
    account_number: Mapped[Short]
    bank_name: Mapped[Line]
    cnaps: Mapped[Short | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]


class ProfileYear(Model):
    """What an organisation was in a year (staff, revenue in fen, assets in fen); its size class follows by rule."""

    __tablename__ = "profile_year"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    staff: Mapped[int]
    industry: Mapped[Short]
    """The line of the size notice it was judged by (a key of ``rules.LIMITS``)."""
    revenue_fen: Mapped[Fen]
    assets_fen: Mapped[Fen]
    size_class: Mapped[Short]


class Relation(Model):
    """Related parties (关联方): shareholder, controller, same representative; with source."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("organisation_id", "other_id", "kind"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[Short]
    source: Mapped[Line]
    as_of: Mapped[date]


class OrganisationTag(Model):
    """A word the bureau groups organisations by (标签), such as 专精特新 or 规上工业; surveys choose units by it."""

    __tablename__ = "organisation_tag"
    __table_args__ = (UniqueConstraint("organisation_id", "tag"), Index("ix_organisation_tag_tag", "tag"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    tag: Mapped[Short]
