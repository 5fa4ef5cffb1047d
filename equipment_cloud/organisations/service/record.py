"""What the writes of this room share: locking, noting, telling."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations import queries
from equipment_cloud.organisations.models import Organisation


def locked(organisation_id: int) -> Organisation:
    """The organisation, read anew under its lock. Raises :class:`NotFound`."""
    session().flush()
    record = session().get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    if record is None:
        raise NotFound
    return record


def note(action: str, organisation_id: int, *, by: Actor, now: datetime, **detail: object) -> None:
    """An audit note on the organisation."""
    audit.note(f"organisations.{action}", f"organisation:{organisation_id}", by=by, now=now, detail=detail)


def tell_governing(kind: str, organisation: Organisation, message_id: str, *, now: datetime, **values: object) -> None:
    """A message to the people who look after the organisation."""
    people = queries.governing_people(organisation.id, clock.today(now))
    link = f"/organisations/{organisation.id}"
    outbox.post(kind, people, message_id, now=now, link=link, values={"organisation": organisation.name, **values})
