"""Events from a unit's own system: idempotent by (instrument, external id)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, raise_if
from equipment_cloud.usage import policy, rules
from equipment_cloud.usage.models import UsageCorrection, UsageRecord, UsageState

COMPARED = ("started_at", "ended_at", "samples", "source")


class DifferentContent(Conflict):
    """The same external id came with other content (``conflict``)."""

    code = "conflict"
    message = N_("This external id was sent before with other content.")
    remedy = N_("Send a correction with a reason, or use a new external id.")


def record_event(event: Mapping[str, Any], *, by: Actor, now: datetime) -> tuple[str, int]:
    """Record one event; returns (``created`` or ``unchanged``, id). ``event`` as in ``POST /usage-events``.

    It is the owner's own use of the first position; the owner still confirms it. Raises :class:`Refused`.
    """
    instrument = catalog.instrument_by_code(event["instrument_code"])
    permit(policy.may_walk_in(by, instrument))
    known = session().scalar(
        select(UsageRecord)
        .where(UsageRecord.instrument_id == instrument.id)
        .where(UsageRecord.external_id == event["external_id"])
    )
    if known is not None:
        if _first_told(known) != {name: event.get(name) for name in COMPARED}:
            raise DifferentContent
        return "unchanged", known.id
    raise_if(
        [
            *rules.problems_with_times(event["started_at"], event["ended_at"], now=now),
            *rules.problems_with_samples(event.get("samples")),
        ]
    )
    record = _record(event, instrument, by=by, now=now)
    session().add(record)
    session().flush()
    record.number = rules.number_of(record.id, clock.today(now).year)
    audit.note("usage.event", f"usage:{record.id}", by=by, now=now, detail={"external_id": event["external_id"]})
    return "created", record.id


def _record(event: Mapping[str, Any], instrument: Instrument, *, by: Actor, now: datetime) -> UsageRecord:
    return UsageRecord(
        instrument_id=instrument.id,
        position_id=catalog.positions(instrument.id)[0].id,
        organisation_id=instrument.organisation_id,
        provider_id=instrument.organisation_id,
        person_id=by.id,
        external_id=event["external_id"],
        started_at=event["started_at"],
        ended_at=event["ended_at"],
        samples=event.get("samples"),
        note=event.get("operator"),
        source=event["source"],
        grade=rules.grade_of(event["source"], both_confirmed=False),
        state=UsageState.TO_CONFIRM,
        price_lines=[],
        created_at=now,
        revision=1,
    )


def _first_told(record: UsageRecord) -> dict[str, Any]:
    """What the system sent, whatever was corrected since: sending it again is no conflict."""
    first = session().scalar(
        select(UsageCorrection.before)
        .where(UsageCorrection.usage_id == record.id)
        .order_by(UsageCorrection.id)
        .limit(1)
    )
    told = {name: getattr(record, name) for name in COMPARED}
    if first is None:
        return told
    moments = {name: datetime.fromisoformat(first[name]) for name in ("started_at", "ended_at")}
    return told | {name: first[name] for name in ("samples", "source")} | moments
