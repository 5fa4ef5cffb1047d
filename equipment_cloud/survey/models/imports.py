"""Imports: what was read, with which mapping, what was wrong with it, and which record came from which row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from equipment_cloud.foundation.db import Document, Id, Line, Model, Prose, Short
from equipment_cloud.foundation.stored_file import StoredFile
from equipment_cloud.survey.models.campaigns import Campaign


class SavedMapping(Model):
    """A column mapping for a foreign layout, kept by name; ``document`` as in docs/mappings/*.toml."""

    __tablename__ = "saved_mapping"

    id: Mapped[Id]
    name: Mapped[Short] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    created_by: Mapped[int]
    created_at: Mapped[datetime]


class ImportStage(StrEnum):
    """Where an import stands: columns to be agreed, previewed, waiting for or in the clock's hands, done, and so on."""

    COLUMNS = "columns"
    PREVIEW = "preview"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class ImportRun(Model):
    """One import: the original file with its hash, the mapping used, the counts.

    ``preview_id`` is unique: one preview becomes one import, however often it is confirmed.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_campaign_id", "campaign_id", "id"),
        Index("ix_import_run_stage", "stage"),
        UniqueConstraint("preview_id"),
        CheckConstraint("done_rows >= 0", name="done_rows"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    mapping: Mapped[dict[str, Any]] = mapped_column(Document)
    """How it was read: ``name`` of the layout, its ``document`` where it has no name, ``sheet``, ``encoding``, and
    ``organisation``, the credit code given for all rows."""
    is_dry_run: Mapped[bool]
    """Nothing was written: a preview, or columns still to be agreed."""
    stage: Mapped[ImportStage] = mapped_column(default=ImportStage.DONE)
    preview_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    done_rows: Mapped[int] = mapped_column(default=0)
    """Rows a waiting import has written; what comes next begins here, whoever does it."""
    claimed_at: Mapped[datetime | None]
    """Sign of life of the process that writes a waiting import."""
    ended_at: Mapped[datetime | None]
    """When it was done, undone or given up."""
    person_id: Mapped[int]
    at: Mapped[datetime]
    rows: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    duplicates: Mapped[int]

    campaign: Mapped[Campaign] = relationship(viewonly=True)
    file: Mapped[StoredFile | None] = relationship(viewonly=True)


class ImportProblem(Model):
    """A problem of one cell or row of an import: where, which rule, what to do."""

    __tablename__ = "import_problem"
    __table_args__ = (Index("ix_import_problem_run_id", "run_id", "id"),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    row: Mapped[int]
    column: Mapped[Line | None]
    cell: Mapped[Short | None]
    code: Mapped[Short]
    message: Mapped[Prose]
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    level: Mapped[Short]


class SurveyRow(Model):
    """Provenance: which instrument came from which row of which import of which campaign."""

    __tablename__ = "survey_row"
    __table_args__ = (Index("ix_survey_row_run_id", "run_id"), Index("ix_survey_row_instrument_id", "instrument_id"))

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    row: Mapped[int]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    outcome: Mapped[Short]
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What the record held before the import changed it, for undoing."""
    values: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What the row said where it was taken over: the next import compares with it, so corrections made here stay."""
