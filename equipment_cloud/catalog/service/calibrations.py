"""Calibration records, and the rule that takes an overdue instrument out of service (ISO/IEC 17025, 6.4.9)."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.catalog import policy
from equipment_cloud.catalog.models import Calibration, CalibrationKind, Instrument, InstrumentState
from equipment_cloud.catalog.rules import CALIBRATION_EXPIRED
from equipment_cloud.catalog.service.records import locked, touch
from equipment_cloud.catalog.service.steps import is_calibrated, pause, resume
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Problem, raise_if
from equipment_cloud.organisations import queries as organisations

LONGEST_VALIDITY_DAYS = 3660


def record_calibration(
    instrument_id: int,
    kind: CalibrationKind,
    performed_on: date,
    valid_until: date,
    *,
    by: Actor,
    now: datetime,
    certificate: str | None = None,
) -> Calibration:
    """Add a record; the latest end counts. An instrument the clock paused for calibration goes back into service."""
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_pause(by, record))
    raise_if(_problems(performed_on, valid_until, certificate, today=clock.today(now)))
    entry = Calibration(
        instrument_id=instrument_id, kind=kind, certificate=certificate, performed_on=performed_on,
        valid_until=valid_until, recorded_by=by.id,
    )  # fmt: skip
    session().add(entry)
    record.calibration_valid_until = max(filter(None, (record.calibration_valid_until, valid_until)))
    touch(record, now=now)
    detail = {"kind": kind.value, "valid_until": valid_until.isoformat(), "certificate": certificate}
    audit.note("catalog.calibrate", f"instrument:{record.id}", by=by, now=now, detail=detail)
    if (
        record.state is InstrumentState.PAUSED
        and record.pause_reason == CALIBRATION_EXPIRED
        and is_calibrated(record, now=now)
    ):
        resume(instrument_id, by=SYSTEM, now=now)
    return entry


def pause_uncalibrated(instrument_id: int, *, now: datetime, on: date) -> bool:
    """Pause one instrument if, on that day, its calibration is missing or over; tells the managers. True if paused."""
    record = locked(instrument_id)
    if record.state is not InstrumentState.PUBLISHED or not _is_overdue(record, on):
        return False
    pause(instrument_id, CALIBRATION_EXPIRED, by=SYSTEM, now=now)
    people = organisations.people_with_role(record.organisation_id, "manager", "operator", on=clock.today(now))
    message = N_("%(name)s was paused: its calibration has expired. Record the new one and it is bookable again.")
    link = f"/my-instruments/{record.id}"
    outbox.post("catalog.calibration", people, message, now=now, link=link, values={"name": record.name})
    return True


def _is_overdue(record: Instrument, on: date) -> bool:
    valid_until = record.calibration_valid_until
    return record.calibration_required and (valid_until is None or valid_until < on)


def _problems(performed_on: date, valid_until: date, certificate: str | None, *, today: date) -> list[Problem]:
    found: list[Problem] = []
    if performed_on > today:
        found.append(Problem("future", N_("A calibration is recorded after it was done."), "performed_on"))
    if not 0 <= (valid_until - performed_on).days <= LONGEST_VALIDITY_DAYS:
        found.append(
            Problem("validity", N_("It is valid from the day it was done, for ten years at most."), "valid_until")
        )
    if len(certificate or "") > 255:
        found.append(
            Problem("too-long", N_("At most %(most)s characters can be kept here."), "certificate", {"most": 255})
        )
    return found
