"""Writes of the notices room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import chunks, number_of
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound, Problem, WrongState, raise_if
from equipment_cloud.notices import policy, queries, rules
from equipment_cloud.notices.models import LineState, Notice, NoticeLine, NoticeState, Objection
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.reference import queries as reference

_LINES: Any = NoticeLine.__table__
Row = tuple[str, Mapping[str, Any]]
"""``(reference of the record, frozen content)``; persons, phones and accounts are already masked."""


def post(
    subject: str,
    title: str,
    body: str,
    columns: Sequence[Mapping[str, Any]],
    lines: Iterable[Row],
    *,
    working_days: int,
    by: Actor,
    now: datetime,
    posted_on: date | None = None,
    address: str | None = None,
) -> Notice:
    """Post the lines about ``subject`` (``batch:3``, once) for some working days from ``posted_on`` (else today).

    ``columns`` are ``{"key", "label" (message id), "kind": "text" | "money"}``. Rows are read once, written in portions
    and frozen by a checksum. Raises :class:`CalendarUnknown` when the period runs into a year without calendar.
    """
    today = clock.today(now)
    start = posted_on or today
    raise_if(rules.problems_with_posting(start, working_days, today=today))
    closes_on = reference.work_calendar().after(start, working_days)
    notice = Notice(
        reference=subject,
        title=title,
        body=body,
        columns=[dict(column) for column in columns],
        state=NoticeState.OPEN,
        posted_on=start,
        posted_by=by.id,
        address=address,
        working_days=working_days,
        closes_on=closes_on,
        checksum="",
        created_at=now,
    )
    session().add(notice)
    session().flush()
    notice.number = number_of("G", today.year, notice.id, width=4)
    notice.checksum = _write(notice, lines)
    session().flush()
    audit.note(
        "notices.post", f"notice:{notice.id}", by=by, now=now, detail={"about": subject, "checksum": notice.checksum}
    )
    return notice


def _write(notice: Notice, lines: Iterable[Row]) -> str:
    """Insert the rows in portions; the checksum over all of them."""
    checksum = rules.Checksum(notice.title, notice.columns)

    def values() -> Iterator[dict[str, Any]]:
        for position, (subject, content) in enumerate(lines, start=1):
            checksum.add(position, subject, content)
            yield {
                "notice_id": notice.id,
                "position": position,
                "reference": subject,
                "content": dict(content),
                "state": LineState.STANDING,
            }

    for portion in chunks(values()):
        session().connection().execute(insert(_LINES), portion)
    return checksum.hexdigest()


def is_intact(notice: Notice) -> bool:
    """Whether the rows are still those that were posted."""
    checksum = rules.Checksum(notice.title, notice.columns)
    for line in queries.lines(notice.id):
        checksum.add(line.position, line.reference, line.content)
    return checksum.hexdigest() == notice.checksum


def object_to(notice_id: int, line_id: int, name: str, contact: str, text: str, *, now: datetime) -> Objection:
    """Anyone's objection to a line, with name and contact; from now on that line alone stops.

    Raises :class:`NoticeOver` after the last day, :class:`Invalid` listing what is missing.
    """
    notice, line = _locked(notice_id), queries.line(notice_id, line_id)
    rules.check_open(notice.closes_on, is_closed=notice.state is NoticeState.CLOSED, today=clock.today(now))
    wanted = (("name", name), ("contact", contact), ("text", text))
    raise_if(Problem("missing", N_("This must be filled in."), field) for field, value in wanted if not value.strip())
    if line.state is LineState.STRUCK:
        raise Conflict(N_("This line was struck out already."), code="struck-already")
    found = Objection(
        line_id=line.id,
        raised_by_name=name.strip(),
        contact=contact.strip(),
        text=text.strip(),
        raised_at=now,
        upheld=None,
        decided_by=None,
        decided_at=None,
        opinion=None,
    )
    line.state = LineState.FROZEN
    session().add(found)
    session().flush()
    audit.note(
        "notices.object",
        f"notice:{notice.id}",
        by=SYSTEM,
        now=now,
        detail={"objection": found.id, "line": line.position},
    )
    outbox.post(
        "notices.objection",
        organisations.bureau_people(*policy.DECIDERS, on=clock.today(now)),
        N_("There is an objection to line %(line)s of notice %(number)s."),
        now=now,
        link="/notices/objections",
        values={"line": line.position, "number": notice.number},
    )
    return found


def decide(objection_id: int, *, upheld: bool, opinion: str, by: Actor, now: datetime) -> Objection:
    """Decide an objection. Upheld strikes the line; dismissed frees it unless another objection is open."""
    permit(policy.may_decide(by))
    if not opinion.strip():
        raise Invalid.single(
            "opinion-missing",
            N_("Give the reasons of the decision."),
            field="opinion",
            remedy=N_("Say what was examined and why it was decided so."),
        )
    found = queries.objection(objection_id)
    _locked(found.line.notice_id)
    session().refresh(found)
    if found.upheld is not None:
        raise WrongState(current="upheld" if found.upheld else "dismissed")
    found.upheld, found.decided_by, found.decided_at, found.opinion = upheld, by.id, now, opinion.strip()
    line = found.line
    if upheld:
        line.state = LineState.STRUCK
    elif line.state is LineState.FROZEN and not _others_open(found):
        line.state = LineState.STANDING
    session().flush()
    detail = {"objection": found.id, "line": line.position, "upheld": upheld}
    audit.note("notices.decide", f"notice:{line.notice_id}", by=by, now=now, detail=detail)
    return found


def close(notice_id: int, *, now: datetime, by: Actor = SYSTEM) -> Notice:
    """End the notice; its open objections go on and keep their lines frozen."""
    notice = _locked(notice_id)
    if notice.state is NoticeState.CLOSED:
        raise WrongState(current=notice.state.value)
    notice.state, notice.closed_at = NoticeState.CLOSED, now
    audit.note("notices.close", f"notice:{notice.id}", by=by, now=now)
    session().flush()
    return notice


def _locked(notice_id: int) -> Notice:
    notice = session().get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None:
        raise NotFound
    return notice


def _others_open(decided: Objection) -> bool:
    return bool(
        session().scalar(
            select(func.count())
            .select_from(Objection)
            .where(Objection.line_id == decided.line_id)
            .where(Objection.id != decided.id)
            .where(Objection.upheld.is_(None))
        )
    )
