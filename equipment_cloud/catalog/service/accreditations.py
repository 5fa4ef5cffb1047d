"""The accredited scope of a laboratory (能力附表): what decides whether a report may carry CMA or CNAS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from equipment_cloud.catalog import policy
from equipment_cloud.catalog.models import Accreditation, Scheme
from equipment_cloud.catalog.rules import problems_with_scope, read_standard
from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor
from equipment_cloud.foundation.db import is_sqlite, session
from equipment_cloud.kernel.errors import N_, Conflict, Forbidden, NotFound, raise_if


def record_scope(
    organisation_id: int,
    scheme: Scheme,
    certificate: str,
    standards: Sequence[str],
    *,
    valid_from: date,
    valid_to: date,
    by: Actor,
    now: datetime,
) -> int:
    """Add methods to a laboratory's scope; how many were new. A line that stands already is left as it is."""
    if by is not SYSTEM and not by.has_at(organisation_id, *policy.MANAGERS):
        raise Forbidden
    raise_if(problems_with_scope(certificate, standards, valid_from, valid_to))
    rows = [
        {
            "organisation_id": organisation_id, "scheme": scheme, "certificate": certificate, "standard": text,
            "number": found.number, "edition": found.edition, "valid_from": valid_from, "valid_to": valid_to,
            "recorded_by": by.id, "recorded_at": now,
        }
        for text, found in ((text, read_standard(text)) for text in standards)
    ]  # fmt: skip
    insert = (sqlite if is_sqlite() else postgresql).insert(cast("Table", Accreditation.__table__))
    added = len(session().execute(insert.on_conflict_do_nothing().returning(Accreditation.id), rows).all())
    detail = {"scheme": scheme.value, "certificate": certificate, "standards": list(standards), "added": added}
    audit.note("catalog.record-scope", f"organisation:{organisation_id}", by=by, now=now, detail=detail)
    return added


def end_accreditation(accreditation_id: int, *, by: Actor, now: datetime) -> Accreditation:
    """A line that no longer holds: yesterday was its last day. What was reported before stays covered."""
    statement = select(Accreditation).where(Accreditation.id == accreditation_id).with_for_update()
    record = session().scalar(statement.execution_options(populate_existing=True))
    if record is None or not by.has_at(record.organisation_id, *policy.MANAGERS):
        raise NotFound
    yesterday = clock.today(now) - timedelta(days=1)
    if record.valid_to <= yesterday:
        raise Conflict(N_("This line has ended already."), code="ended")
    record.valid_to = max(yesterday, record.valid_from)
    session().flush()
    detail = {"standard": record.standard, "valid_to": record.valid_to.isoformat()}
    audit.note("catalog.end-accreditation", f"organisation:{record.organisation_id}", by=by, now=now, detail=detail)
    return record
