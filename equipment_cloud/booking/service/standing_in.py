"""Delegation (委托审批): somebody answers requests in a colleague's place, from a day to a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from equipment_cloud.booking import policy
from equipment_cloud.booking.models import Delegation
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Problem
from equipment_cloud.organisations import queries as organisations

LONGEST = timedelta(days=366)


def delegate(
    provider_id: int,
    to_person_id: int,
    *,
    first_on: date,
    last_on: date,
    note: str | None = None,
    by: Actor,
    now: datetime,
) -> Delegation:
    """Let a colleague answer in one's own place on those days, both included. Raises :class:`Invalid`."""
    permit(by.has_at(provider_id, *policy.STAFF))
    today = clock.today(now)
    problems = []
    colleagues = organisations.people_with_role(provider_id, on=today)
    if to_person_id == by.id or to_person_id not in colleagues:
        message = N_("Only a colleague of the same institution can stand in.")
        problems.append(Problem("not-a-colleague", message, "to_person_id", remedy=N_("Choose one from the list.")))
    if not (today <= last_on and first_on <= last_on <= first_on + LONGEST):
        message = N_("The days lie in the future, the first before the last, and a year apart at most.")
        problems.append(Problem("days", message, "last_on", remedy=N_("Correct the days.")))
    if problems:
        raise Invalid(problems=problems)
    row = Delegation(
        provider_id=provider_id, from_person_id=by.id, to_person_id=to_person_id, first_on=first_on, last_on=last_on,
        note=note, created_at=now, ended_at=None,
    )  # fmt: skip
    session().add(row)
    session().flush()
    days = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
    detail = {"to": to_person_id, **days}
    audit.note("booking.delegate", f"organisation:{provider_id}", by=by, now=now, detail=detail)
    message = N_("%(name)s asks you to answer booking requests from %(first_on)s to %(last_on)s.")
    told = {"name": by.name, **days}
    outbox.post("booking.delegated", [to_person_id], message, now=now, link="/bookings?view=requests", values=told)
    return row


def end_delegation(delegation_id: int, *, by: Actor, now: datetime) -> Delegation:
    """Take it back; by who gave it, who has it, or a manager. What was answered meanwhile stands."""
    row = session().scalar(
        select(Delegation).where(Delegation.id == delegation_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if row is None or not policy.may_see_delegation(by, row):
        raise NotFound
    permit(policy.may_end_delegation(by, row))
    if row.ended_at is None:
        row.ended_at = now
        session().flush()
        audit.note("booking.end-delegation", f"organisation:{row.provider_id}", by=by, now=now,
                   detail={"delegation_id": row.id})  # fmt: skip
    return row
