"""Writes to the register. Two people for each entry: one enters, another confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from equipment_cloud.carriers import queries
from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.carriers.rules import problems_with_entry
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, NotFound, SamePerson, raise_if
from equipment_cloud.organisations.models import Organisation


class AlreadyConfirmed(Conflict):
    """The entry was confirmed already (409)."""

    code = "already-confirmed"
    message = N_("This entry is already confirmed.")
    remedy = N_("Reload the page.")


class NotConfirmed(Conflict):
    """Only what is in force can be suspended (409)."""

    code = "not-confirmed"
    message = N_("This entry is not confirmed yet.")
    remedy = N_("Ask a colleague to confirm it first, or end it.")


def enter(
    organisation_id: int, categories: Sequence[str], *, valid_from: date, valid_to: date | None = None,
    document_number: str | None = None, by: Actor, now: datetime,
) -> CarrierEntry:  # fmt: skip
    """Enter a carrier; in force once another person confirms. Raises :class:`Invalid` with all problems."""
    organisation = session().get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    problems = problems_with_entry(
        categories, valid_from=valid_from, valid_to=valid_to, others=queries.periods_of(organisation_id)
    )
    raise_if(problems)
    entry = CarrierEntry(
        organisation_id=organisation_id, categories=sorted(set(categories)), valid_from=valid_from, valid_to=valid_to,
        document_number=document_number, entered_by=by.id, confirmed_by=None, confirmed_at=None, suspended_from=None,
        suspended_reason=None, created_at=now,
    )  # fmt: skip
    session().add(entry)
    session().flush()
    _note("enter", entry, by=by, now=now, valid_from=valid_from.isoformat(), categories=entry.categories)
    return entry


def confirm(entry_id: int, *, by: Actor, now: datetime) -> CarrierEntry:
    """Put an entry in force. Raises :class:`SamePerson` for the one who entered it, :class:`AlreadyConfirmed`."""
    entry = _locked(entry_id)
    if entry.confirmed_by is not None:
        raise AlreadyConfirmed
    if entry.entered_by == by.id:
        raise SamePerson
    entry.confirmed_by, entry.confirmed_at = by.id, now
    _note("confirm", entry, by=by, now=now)
    return entry


def suspend(entry_id: int, reason: str, *, from_on: date, by: Actor, now: datetime) -> CarrierEntry:
    """No new services from that day on; what was held before keeps its hold."""
    entry = _locked(entry_id)
    if entry.confirmed_by is None:
        raise NotConfirmed
    entry.suspended_from, entry.suspended_reason = from_on, reason
    _note("suspend", entry, by=by, now=now, reason=reason, from_on=from_on.isoformat())
    return entry


def resume(entry_id: int, *, by: Actor, now: datetime) -> CarrierEntry:
    """Lift a suspension."""
    entry = _locked(entry_id)
    entry.suspended_from = entry.suspended_reason = None
    _note("resume", entry, by=by, now=now)
    return entry


def end(entry_id: int, *, last_on: date, by: Actor, now: datetime) -> CarrierEntry:
    """Set the last day of an entry, inclusive; only ever earlier than it was."""
    entry = _locked(entry_id)
    if last_on < entry.valid_from:
        words, remedy = N_("The last day lies before the first."), N_("Choose a day from %(first)s on.")
        raise Invalid.single("dates", words, field="last_on", remedy=remedy, first=entry.valid_from.isoformat())
    if entry.valid_to is not None and last_on > entry.valid_to:
        words, remedy = N_("The entry ends earlier than that."), N_("Make a new entry for the time after.")
        raise Invalid.single("dates", words, field="last_on", remedy=remedy)
    entry.valid_to = last_on
    _note("end", entry, by=by, now=now, last_on=last_on.isoformat())
    return entry


def _locked(entry_id: int) -> CarrierEntry:
    entry = session().get(CarrierEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound
    return entry


def _note(verb: str, entry: CarrierEntry, *, by: Actor, now: datetime, **detail: object) -> None:
    audit.note(f"carriers.{verb}", f"carrier:{entry.id}", by=by, now=now, detail=detail)
