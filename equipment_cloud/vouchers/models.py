"""Policy versions, pools, vouchers, holds, and the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Document, Fen, Id, Line, Model, Prose, Short
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.vouchers.rules.states import AccountKind, HoldState, VersionState, VoucherState

__all__ = [
    "AccountKind", "EnterpriseYear", "Hold", "HoldState", "LedgerAccount", "Policy", "PolicyVersion", "Pool",
    "Transfer", "VersionState", "Voucher", "VoucherState", "VoucherStep",
]  # fmt: skip


class Policy(Model):
    """A voucher programme (创新券政策): caps are counted per enterprise, programme and year."""

    __tablename__ = "policy"

    id: Mapped[Id]
    code: Mapped[Short] = mapped_column(unique=True)
    name: Mapped[Line]
    name_en: Mapped[Line]
    is_example: Mapped[bool]
    """示例政策: said so on every page that shows it."""


class PolicyVersion(Model):
    """One effective-dated version. ``document`` (docs/policies/policy.schema.json) never changes once published."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    id: Mapped[Id]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    number: Mapped[int]
    state: Mapped[VersionState]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    checksum: Mapped[Short]
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    published_by: Mapped[int | None]
    published_at: Mapped[datetime | None]

    policy: Mapped[Policy] = relationship(viewonly=True)


class Pool(Model):
    """A year's money of a policy (资金池)."""

    __tablename__ = "pool"
    __table_args__ = (UniqueConstraint("policy_id", "year"),)

    id: Mapped[Id]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    year: Mapped[int]
    document_number: Mapped[Line | None]
    created_at: Mapped[datetime]

    policy: Mapped[Policy] = relationship(viewonly=True)


class Voucher(Model):
    """A voucher (创新券) from application on. What is left of it is the balance of its ledger accounts."""

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("requested_fen > 0", name="requested_positive"),
        CheckConstraint("approved_by IS NULL OR approved_by <> reviewed_by", name="two_people"),
        Index("ix_voucher_organisation_id", "organisation_id", "id"),
        Index("ix_voucher_state_expires_on", "state", "expires_on"),
    )

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    state: Mapped[VoucherState]
    requested_fen: Mapped[Fen]
    issued_fen: Mapped[Fen | None]
    purpose: Mapped[Prose]
    """What the applicant wants to use it for."""
    applied_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    """Last day on which services may be committed and rendered, inclusive."""
    redeem_by: Mapped[date | None]
    """Last day on which a claim may be filed, inclusive."""
    created_at: Mapped[datetime]
    revision: Mapped[int]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    policy_version: Mapped[PolicyVersion] = relationship(viewonly=True)
    pool: Mapped[Pool] = relationship(viewonly=True)


class VoucherStep(Model):
    """One decision on a voucher: who, what, with which opinion."""

    __tablename__ = "voucher_step"
    __table_args__ = (Index("ix_voucher_step_voucher_id", "voucher_id", "id"),)

    id: Mapped[Id]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    at: Mapped[datetime]
    person_id: Mapped[int]
    person_name: Mapped[Short]
    act: Mapped[Short]
    opinion: Mapped[Prose | None]
    defects: Mapped[list[str]] = mapped_column(Document)
    """Everything to mend when sent back, told at once (一次性告知)."""


class Hold(Model):
    """Voucher money set aside for one thing with a reference (``booking:12``).

    ``live_reference`` is unique while the hold lives, so one thing holds once; a released one may hold again.
    What it commits of its service year's cap: ``amount_fen`` while held, then ``drawn_fen - returned_fen``.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("drawn_fen >= 0 AND drawn_fen <= amount_fen", name="drawn_within"),
        CheckConstraint("returned_fen >= 0 AND returned_fen <= drawn_fen", name="returned_within"),
        UniqueConstraint("live_reference"),
        Index("ix_hold_voucher_id", "voucher_id"),
        Index("ix_hold_reference", "reference"),
    )

    id: Mapped[Id]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    """The version that governs this commitment, by the transition rules of the versions (老单老办法)."""
    reference: Mapped[Short]
    live_reference: Mapped[Short | None]
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    category: Mapped[Short]
    purpose: Mapped[Short]
    service_on: Mapped[date]
    price_fen: Mapped[Fen]
    amount_fen: Mapped[Fen]
    drawn_fen: Mapped[Fen]
    returned_fen: Mapped[Fen]
    """What review or an objection took back of the drawn amount."""
    state: Mapped[HoldState]
    calculation: Mapped[list[Any]] = mapped_column(Document)
    held_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class LedgerAccount(Model):
    """A ledger account. ``balance_fen`` is the sum of its transfers, kept in the same transaction and proved nightly.

    The constraint is the last line against an overdraft: no account but the appropriation is ever negative.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("kind", "owner"),
        CheckConstraint("balance_fen >= 0 OR kind = 'appropriation'", name="never_negative"),
        Index("ix_ledger_account_pool_id", "pool_id"),
    )

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    kind: Mapped[AccountKind]
    owner: Mapped[Short]
    """``pool:1``, ``voucher:12``, ``claim:3``."""
    balance_fen: Mapped[Fen]


class Transfer(Model):
    """Money moved between two accounts: appended, never changed; ``cause`` is unique, so nothing moves twice."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        Index("ix_transfer_from_account_id", "from_account_id"),
        Index("ix_transfer_to_account_id", "to_account_id"),
        Index("ix_transfer_reference", "reference"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    act: Mapped[Short]
    from_account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    to_account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    amount_fen: Mapped[Fen]
    cause: Mapped[Line] = mapped_column(unique=True)
    reference: Mapped[Short]
    """The record this came from: ``booking:12``, ``claim:3``, ``voucher:5``, ``pool:1``."""
    person_id: Mapped[int]
    note: Mapped[Line | None]


class EnterpriseYear(Model):
    """What an enterprise has committed under a policy in a year; its row is the lock of the yearly cap.

    ``committed_fen`` = what is held + drawn - taken back by review, over holds whose service falls in that year.
    """

    __tablename__ = "enterprise_year"
    __table_args__ = (
        UniqueConstraint("organisation_id", "policy_id", "year"),
        CheckConstraint("committed_fen >= 0", name="not_negative"),
        CheckConstraint("cap_fen IS NULL OR committed_fen <= cap_fen", name="within_cap"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    year: Mapped[int]
    committed_fen: Mapped[Fen]
    cap_fen: Mapped[Fen | None]
    """The cap of the version last used, so that the database itself refuses to pass it."""
