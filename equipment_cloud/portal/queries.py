"""What the home page, the pages of the clock and of the trail read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.catalog.models import Instrument, InstrumentState, ServiceState, TestService
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.audit import AuditBlock, AuditNote
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.job import JobRun, RunState
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.foundation.page import Page, scalars_page
from equipment_cloud.notices.models import Notice, NoticeState
from equipment_cloud.usage.models import UsageRecord, UsageState
from equipment_cloud.vouchers import queries as vouchers
from equipment_cloud.vouchers.models import Pool


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """The sentence of the home page; amounts in fen, over all pools of the year."""

    instruments: int
    services: int
    firms_this_month: int
    planned_fen: int
    used_fen: int


def home_figures(*, now: datetime) -> HomeFigures:
    """Instruments and services open to all, firms that used one this month, this year's voucher money."""
    today = clock.today(now)
    used = (
        UsageRecord.started_at >= clock.at(today.replace(day=1)),
        UsageRecord.started_at <= now,
        UsageRecord.state != UsageState.VOID,
        UsageRecord.organisation_id != UsageRecord.provider_id,
    )
    row = session().execute(
        select(
            select(func.count()).where(Instrument.state == InstrumentState.PUBLISHED).scalar_subquery(),
            select(func.count()).where(TestService.state == ServiceState.PUBLISHED).scalar_subquery(),
            select(func.count(UsageRecord.organisation_id.distinct())).where(*used).scalar_subquery(),
        )
    ).one()  # fmt: skip
    pools = session().scalars(select(Pool.id).where(Pool.year == today.year)).all()
    figures = vouchers.pool_figures(pools).values() if pools else ()
    return HomeFigures(
        *row,
        planned_fen=sum(pool.planned_fen for pool in figures),
        used_fen=sum(pool.drawn_fen + pool.payable_fen + pool.paid_fen for pool in figures),
    )


def newest_instruments(most: int = 6) -> Sequence[Instrument]:
    """The instruments published last, with their owners."""
    return session().scalars(
        select(Instrument)
        .where(Instrument.state == InstrumentState.PUBLISHED)
        .options(joinedload(Instrument.organisation))
        .order_by(Instrument.published_at.desc(), Instrument.id.desc())
        .limit(most)
    ).all()  # fmt: skip


def open_notices(most: int = 5) -> Sequence[Notice]:
    """Public notices whose time still runs, the one that closes first on top."""
    return session().scalars(
        select(Notice)
        .where(Notice.state == NoticeState.OPEN)
        .order_by(Notice.closes_on, Notice.id)
        .limit(most)
    ).all()  # fmt: skip


def runs_page(job_name: str, *, number: int, size: int) -> Page[JobRun]:
    """The runs of a job, the one that started last on top."""
    statement = (
        select(JobRun)
        .where(JobRun.job_name == job_name)
        .order_by(JobRun.started_at.desc(), JobRun.id.desc())
    )  # fmt: skip
    return scalars_page(statement, number=number, size=size)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to look for in the trail; empty texts and ``None`` do not narrow."""

    reference: str = ""
    person: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


def trail_page(wanted: TrailFilter, *, number: int, size: int) -> Page[AuditNote]:
    """Notes of the trail, newest first. ``action`` finds by its beginning, ``person`` by any part of the name."""
    statement: Select[AuditNote] = select(AuditNote)
    if wanted.reference:
        statement = statement.where(AuditNote.reference == wanted.reference)
    if wanted.person:
        statement = statement.where(AuditNote.person_name.contains(wanted.person, autoescape=True))
    if wanted.action:
        statement = statement.where(AuditNote.action.startswith(wanted.action, autoescape=True))
    if wanted.since:
        statement = statement.where(AuditNote.at >= clock.at(wanted.since))
    if wanted.until:
        statement = statement.where(AuditNote.at < clock.end_of(wanted.until))
    return scalars_page(statement.order_by(AuditNote.id.desc()), number=number, size=size)


@dataclass(frozen=True, slots=True)
class Pulse:
    """A few numbers a monitor watches."""

    published_instruments: int
    unsent_messages: int
    unsealed_notes: int
    audit_blocks: int
    failed_runs_today: int


def pulse(*, now: datetime) -> Pulse:
    """Read in one statement."""
    failed = (JobRun.state == RunState.FAILED, JobRun.started_at >= clock.at(clock.today(now)))
    row = session().execute(
        select(
            select(func.count()).where(Instrument.state == InstrumentState.PUBLISHED).scalar_subquery(),
            select(func.count()).where(OutboxMessage.state == Delivery.PENDING).scalar_subquery(),
            select(func.count()).where(AuditNote.block_id.is_(None)).scalar_subquery(),
            select(func.count(AuditBlock.id)).scalar_subquery(),
            select(func.count()).where(*failed).scalar_subquery(),
        )
    ).one()  # fmt: skip
    return Pulse(*row)
