"""Every read of notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.page import Page, rows_page, scalars_page
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.workdays import CalendarUnknown
from equipment_cloud.notices.models import LineState, Notice, NoticeLine, NoticeState, Objection
from equipment_cloud.reference import queries as reference

_CHUNK = 2_000


def notice(notice_id: int) -> Notice:
    """A notice; public. Raises :class:`NotFound`."""
    found = session().get(Notice, notice_id)
    if found is None:
        raise NotFound
    return found


def page(*, state: NoticeState | None, number: int, size: int) -> Page[Notice]:
    """Notices, those posted last first."""
    statement = select(Notice).order_by(Notice.posted_on.desc(), Notice.id.desc())
    if state is not None:
        statement = statement.where(Notice.state == state)
    return scalars_page(statement, number=number, size=size)


def lines_page(notice_id: int, *, number: int, size: int) -> Page[NoticeLine]:
    """Rows in their printed order."""
    statement = select(NoticeLine).where(NoticeLine.notice_id == notice_id).order_by(NoticeLine.position)
    return scalars_page(statement, number=number, size=size)


def line(notice_id: int, line_id: int) -> NoticeLine:
    """One row of a notice. Raises :class:`NotFound`."""
    found = session().scalar(
        select(NoticeLine).where(NoticeLine.id == line_id).where(NoticeLine.notice_id == notice_id)
    )
    if found is None:
        raise NotFound
    return found


def lines(notice_id: int) -> Iterator[NoticeLine]:
    """All rows in order, read in portions: for checksums and exports."""
    last = 0
    while (
        portion := session()
        .scalars(
            select(NoticeLine)
            .where(NoticeLine.notice_id == notice_id)
            .where(NoticeLine.position > last)
            .order_by(NoticeLine.position)
            .limit(_CHUNK)
        )
        .all()
    ):
        yield from portion
        last = portion[-1].position


def due_to_close(on: date) -> Sequence[Notice]:
    """Open notices whose last day is before ``on``, the earliest first."""
    return (
        session()
        .scalars(
            select(Notice)
            .where(Notice.state == NoticeState.OPEN)
            .where(Notice.closes_on < on)
            .order_by(Notice.closes_on, Notice.id)
        )
        .all()
    )


def working_days_left(notice: Notice, today: date) -> int | None:
    """Working days up to the last one; 0 on it and after; ``None`` when the calendar of that year is not entered."""
    if today >= notice.closes_on:
        return 0
    try:
        return reference.work_calendar().count(today, notice.closes_on)
    except CalendarUnknown:
        return None


def objection(objection_id: int) -> Objection:
    """An objection with its line. Raises :class:`NotFound`."""
    found = session().scalar(select(Objection).where(Objection.id == objection_id).options(joinedload(Objection.line)))
    if found is None:
        raise NotFound
    return found


def objections_page(*, is_open: bool | None, number: int, size: int) -> Page[tuple[Objection, NoticeLine, Notice]]:
    """Objections with line and notice, newest first; ``is_open`` keeps the undecided or the decided ones."""
    statement = (
        select(Objection, NoticeLine, Notice)
        .join(NoticeLine, NoticeLine.id == Objection.line_id)
        .join(Notice, Notice.id == NoticeLine.notice_id)
        .order_by(Objection.id.desc())
    )
    if is_open is not None:
        statement = statement.where(Objection.upheld.is_(None) if is_open else Objection.upheld.is_not(None))
    return rows_page(statement, number=number, size=size)


def objections_of(notice_id: int) -> Sequence[Objection]:
    """The objections to a notice, in order of entry, at most 100."""
    return (
        session()
        .scalars(
            select(Objection)
            .join(NoticeLine, NoticeLine.id == Objection.line_id)
            .where(NoticeLine.notice_id == notice_id)
            .options(joinedload(Objection.line))
            .order_by(Objection.id)
            .limit(100)
        )
        .all()
    )


def counts(notice_id: int) -> dict[LineState, int]:
    """How many rows stand, are frozen, are struck."""
    rows = session().execute(
        select(NoticeLine.state, func.count())
        .where(NoticeLine.notice_id == notice_id)
        .group_by(NoticeLine.state)
        .order_by(NoticeLine.state)
    )
    return {state: int(number) for state, number in rows}
