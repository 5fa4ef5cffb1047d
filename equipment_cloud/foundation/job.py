"""A scheduled job, and the trace of its runs. Rooms offer ``JOBS``; the roof collects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Document, Id, Model, Short


@dataclass
class Outcome:
    """What a run did: ``3 of 41 failed``. Each failure is ``(record, reason)``."""

    done: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "failed": len(self.failures),
            "failures": [list(item) for item in self.failures[:100]],
        }


@dataclass(frozen=True)
class Job:
    """``run(business_date, now)`` owns its own transactions (one per item or per set) and may be repeated for any date.

    ``cron`` has five fields with weekday *names* (``mon``), local time.
    """

    name: str
    cron: str
    run: Callable[[date, datetime], Outcome]


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(Model):
    """One firing of one job: the unique key decides which of two clocks runs it."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job_name", "due_at"),
        Index("ix_job_run_job_name_started_at", "job_name", "started_at"),
    )

    id: Mapped[Id]
    job_name: Mapped[Short]
    due_at: Mapped[datetime]
    state: Mapped[RunState]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(Document)


class JobRegistration(Model):
    """When a job was first known: missed dates are caught up from here, at most 31 days back."""

    __tablename__ = "job_registration"

    job_name: Mapped[Short] = mapped_column(primary_key=True)
    registered_at: Mapped[datetime]


class ClockBeat(Model):
    """The scheduler's sign of life; one row, id 1."""

    __tablename__ = "clock_beat"

    id: Mapped[Id]
    beat_at: Mapped[datetime]
