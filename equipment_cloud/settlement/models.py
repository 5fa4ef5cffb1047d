"""Claims (兑付申请), their review, batches, payment lists and results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.contracts.models import Contract
from equipment_cloud.foundation.db import Document, Fen, Id, Line, Model, Prose, Short
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.settlement.rules.sampling import SampleState
from equipment_cloud.settlement.rules.states import BatchState, ClaimState, Level, LineState, PaperKind, Stage
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.vouchers.models import PolicyVersion, Pool, Voucher


class Claim(Model):
    """A claim on one voucher for services of one provider. ``payee_id`` follows the settlement model of the policy."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("approved_fen IS NULL OR approved_fen <= requested_fen", name="review_only_cuts"),
        CheckConstraint("approved_by IS NULL OR approved_by <> reviewed_by", name="two_people"),
        Index("ix_claim_organisation_id", "organisation_id", "id"),
        Index("ix_claim_provider_id", "provider_id", "id"),
        Index("ix_claim_state_submitted_at", "state", "submitted_at"),
        Index("ix_claim_voucher_id", "voucher_id"),
    )

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ClaimState]
    stage: Mapped[Stage | None]
    requested_fen: Mapped[Fen]
    approved_fen: Mapped[Fen | None]
    calculation: Mapped[list[Any]] = mapped_column(Document)
    defects: Mapped[list[Any]] = mapped_column(Document)
    """Everything to mend when returned, told at once (一次性告知)."""
    return_reason: Mapped[Prose | None]
    declared_no_other_subsidy: Mapped[bool]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decide_by: Mapped[date | None]
    """Promised working day of the decision (承诺办理时限)."""
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    revision: Mapped[int]

    voucher: Mapped[Voucher] = relationship(viewonly=True)
    policy_version: Mapped[PolicyVersion] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    payee: Mapped[Organisation] = relationship(foreign_keys=[payee_id], viewonly=True)
    services: Mapped[list[ClaimService]] = relationship(order_by="ClaimService.id", viewonly=True)
    papers: Mapped[list[ClaimPaper]] = relationship(order_by="ClaimPaper.id", viewonly=True)
    findings: Mapped[list[Finding]] = relationship(order_by="Finding.id", viewonly=True)
    reviews: Mapped[list[Review]] = relationship(order_by="Review.id", viewonly=True)


class ClaimService(Model):
    """A proof of service in a claim. ``live_usage_id`` is unique while the claim lives: no usage is claimed twice."""

    __tablename__ = "claim_service"
    __table_args__ = (UniqueConstraint("live_usage_id"), UniqueConstraint("claim_id", "usage_id"))

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    usage_id: Mapped[int] = mapped_column(ForeignKey("usage_record.id"))
    live_usage_id: Mapped[int | None]
    price_fen: Mapped[Fen]
    drawn_fen: Mapped[Fen]

    usage: Mapped[UsageRecord] = relationship(viewonly=True)


class ClaimPaper(Model):
    """A contract or file in a claim's pack (invoices and payments come through their allocations)."""

    __tablename__ = "claim_paper"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[PaperKind]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    number: Mapped[Line | None]

    contract: Mapped[Contract | None] = relationship(viewonly=True)
    file: Mapped[StoredFile | None] = relationship(viewonly=True)


class Finding(Model):
    """What a check found: blocks, or warns until a reviewer notes why it may pass. Signals never decide."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("claim_id", "code", "subject"),)

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    code: Mapped[Short]
    subject: Mapped[Short]
    level: Mapped[Level]
    message: Mapped[Prose]
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    found_at: Mapped[datetime]
    note: Mapped[Prose | None]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Review(Model):
    """One opinion of one person at one stage."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_claim_id", "claim_id", "id"),)

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    stage: Mapped[Stage]
    decision: Mapped[Short]
    opinion: Mapped[Prose]
    amount_fen: Mapped[Fen | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[Short]
    at: Mapped[datetime]


class Batch(Model):
    """A settlement batch (兑付批次) of one pool and period; by its unique key a repeated job finds it again."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("pool_id", "period_start", "round"),)

    id: Mapped[Id]
    number: Mapped[Short | None] = mapped_column(unique=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    period_start: Mapped[date]
    period_end: Mapped[date]
    round: Mapped[int]
    state: Mapped[BatchState]
    assembled_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    lines_count: Mapped[int]
    total_fen: Mapped[Fen]
    closed_at: Mapped[datetime | None]

    pool: Mapped[Pool] = relationship(viewonly=True)


class BatchLine(Model):
    """One claim in one batch, with the payee's account as it was; a claim stands in one living line at most."""

    __tablename__ = "batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        UniqueConstraint("live_claim_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    position: Mapped[int]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    live_claim_id: Mapped[int | None]
    payee_name: Mapped[Line]
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    amount_fen: Mapped[Fen]
    state: Mapped[LineState]
    paid_on: Mapped[date | None]
    treasury_reference: Mapped[Line | None]
    bounce_reason: Mapped[Line | None]

    claim: Mapped[Claim] = relationship(viewonly=True)


class BatchStep(Model):
    """A step of a batch, as a row, so that an office's own chain (联审, 会议) is data."""

    __tablename__ = "batch_step"
    __table_args__ = (UniqueConstraint("batch_id", "position"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    position: Mapped[int]
    code: Mapped[Short]
    """``assemble check notice send pay close``, or one that a policy adds (``rules.STEP_WORDS``)."""
    done_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[Short | None]
    document_number: Mapped[Line | None]
    note: Mapped[Prose | None]


class PaymentFile(Model):
    """An import of the treasury's results; the same file twice changes nothing."""

    __tablename__ = "payment_file"
    __table_args__ = (UniqueConstraint("batch_id", "sha256"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[Short]
    imported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    outcome: Mapped[dict[str, Any]] = mapped_column(Document)


class Sample(Model):
    """A draw from what a pool paid in a period (抽查), once by its unique key; the seed lets anyone draw it again."""

    __tablename__ = "sample"
    __table_args__ = (UniqueConstraint("pool_id", "period_start"),)

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    period_start: Mapped[date]
    period_end: Mapped[date]
    rate_bp: Mapped[int]
    seed: Mapped[Short]
    population: Mapped[int]
    population_fen: Mapped[Fen]
    drawn_at: Mapped[datetime]

    pool: Mapped[Pool] = relationship(viewonly=True)


class SampleLine(Model):
    """A claim of a draw, and what the second look found."""

    __tablename__ = "sample_line"
    __table_args__ = (UniqueConstraint("sample_id", "claim_id"), UniqueConstraint("sample_id", "position"))

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id"))
    position: Mapped[int]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    amount_fen: Mapped[Fen]
    state: Mapped[SampleState]
    opinion: Mapped[Prose | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[Short | None]
    judged_at: Mapped[datetime | None]

    claim: Mapped[Claim] = relationship(viewonly=True)
