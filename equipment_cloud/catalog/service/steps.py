"""The way of a record: submitted, verified or sent back, agreed to, published, paused, retired."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from equipment_cloud.catalog import policy
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import (
    CALIBRATION_EXPIRED,
    IN_CATALOGUE,
    MOVES,
    OPTIONAL_PUBLIC,
    WRITABLE,
    has_control_characters,
    problems_before_submission,
)
from equipment_cloud.catalog.service.records import locked, touch
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, Problem, WrongState, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations

LONGEST_REASON = 2000


def submit(instrument_id: int, *, by: Actor, now: datetime) -> Instrument:
    """Hand a draft to the bureau. Raises Invalid with every field still missing."""
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_edit(by, record))
    target = move(MOVES, record.state, InstrumentState.SUBMITTED)
    raise_if(problems_before_submission({name: getattr(record, name) for name in WRITABLE}))
    record.return_reason = None
    return _moved(record, target, "submit", by=by, now=now)


def verify(instrument_id: int, *, by: Actor, now: datetime, note: str | None = None) -> Instrument:
    """The bureau has looked: a submitted record, or one in the catalogue whose core facts changed since."""
    record = locked(instrument_id)
    permit(policy.may_verify(by, record))
    again = record.state in IN_CATALOGUE and record.verified_at is None
    target = record.state if again else move(MOVES, record.state, InstrumentState.VERIFIED)
    record.verified_by, record.verified_at = by.id, now
    _tell_owner(record, N_("The bureau verified %(name)s. Agree to its terms and publish it."), now=now)
    return _moved(record, target, "verify", by=by, now=now, detail={"note": note} if note else {})


def send_back(instrument_id: int, reason: str, *, by: Actor, now: datetime) -> Instrument:
    """The bureau returns a record with all its defects at once; the owner corrects and submits again."""
    record = locked(instrument_id)
    permit(policy.may_verify(by, record))
    if record.state not in {InstrumentState.SUBMITTED, InstrumentState.VERIFIED}:
        raise WrongState(current=record.state.value)
    record.return_reason = _reason(reason)
    record.verified_by, record.verified_at = None, None
    _tell_owner(record, N_("%(name)s was sent back: %(reason)s"), now=now, reason=record.return_reason[:500])
    return _moved(record, InstrumentState.DRAFT, "send-back", by=by, now=now, detail={"reason": reason})


def consent(
    instrument_id: int, public_fields: Collection[str], *, by: Actor, now: datetime, accepts_terms: bool = True
) -> Instrument:
    """The owner agrees to the terms of sharing and to these optional fields being public.

    May be changed at any time; while published, the change shows at once.
    """
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_consent(by, record))
    if record.state is InstrumentState.RETIRED:
        raise WrongState(current=record.state.value)
    if not accepts_terms:
        raise Invalid.single(
            "terms", N_("Publication needs your agreement to the terms of sharing."), field="accepts_terms"
        )
    unknown = set(public_fields) - set(OPTIONAL_PUBLIC)
    if unknown:
        raise Invalid.single(
            "unknown-field", N_("There is no such field, or it cannot be changed."), field="public_fields"
        )
    record.public_fields = [name for name in OPTIONAL_PUBLIC if name in public_fields]
    record.consented_by, record.consented_at = by.id or None, now
    detail = {"public_fields": record.public_fields}
    return _moved(record, record.state, "consent", by=by, now=now, detail=detail)


def publish(instrument_id: int, *, by: Actor, now: datetime) -> Instrument:
    """Put a verified and agreed record into the catalogue."""
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_consent(by, record))
    if record.state is not InstrumentState.VERIFIED:
        raise WrongState(current=record.state.value)
    _check_publishable(record, now=now)
    record.published_at = record.published_at or now
    return _moved(record, InstrumentState.PUBLISHED, "publish", by=by, now=now)


def pause(instrument_id: int, reason: str, *, by: Actor, now: datetime) -> Instrument:
    """Take a published instrument out of service for a reason people see; bookings stay and their people are told."""
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_pause(by, record))
    target = move(MOVES, record.state, InstrumentState.PAUSED)
    record.pause_reason = _reason(reason, most=255)
    return _moved(record, target, "pause", by=by, now=now, detail={"reason": reason})


def resume(instrument_id: int, *, by: Actor, now: datetime) -> Instrument:
    """Back into service. An expired calibration keeps it paused until a new one is recorded."""
    record = locked(instrument_id)
    permit(by is SYSTEM or policy.may_pause(by, record))
    if record.state is not InstrumentState.PAUSED:
        raise WrongState(current=record.state.value)
    _check_publishable(record, now=now)
    record.pause_reason = None
    return _moved(record, InstrumentState.PUBLISHED, "resume", by=by, now=now)


def retire(instrument_id: int, reason: str, *, by: Actor, now: datetime) -> Instrument:
    """Out of the catalogue for good; number and history stay."""
    record = locked(instrument_id)
    permit(policy.may_edit(by, record))
    target = move(MOVES, record.state, InstrumentState.RETIRED)
    record.pause_reason = _reason(reason, most=255)
    return _moved(record, target, "retire", by=by, now=now, detail={"reason": reason})


def is_calibrated(record: Instrument, *, now: datetime) -> bool:
    """Whether calibration allows service today; the last day counts to its end."""
    valid_until = record.calibration_valid_until
    return not record.calibration_required or (valid_until is not None and valid_until >= clock.today(now))


def _check_publishable(record: Instrument, *, now: datetime) -> None:
    """All that stands between the record and the public, at once."""
    found = []
    if record.consented_at is None:
        found.append(Problem("no-consent", N_("The owner has not agreed to the terms and public fields."), "consent",
                             remedy=N_("Open the consent page first.")))  # fmt: skip
    if record.is_secret:
        found.append(Problem("secret", N_("A secret instrument is never published."), "is_secret"))
    if record.share_mode == "none":
        found.append(Problem("not-shared", N_("The record says it is not shared."), "share_mode",
                             remedy=N_("Change the sharing first.")))  # fmt: skip
    if not is_calibrated(record, now=now):
        found.append(Problem(CALIBRATION_EXPIRED, N_("Its calibration is missing or has expired."), "calibration",
                             remedy=N_("Record a new calibration first.")))  # fmt: skip
    if found:
        raise Conflict(N_("This instrument cannot be published now."), problems=found, code=found[0].code,
                       remedy=found[0].remedy)  # fmt: skip


def _moved(
    record: Instrument,
    target: InstrumentState,
    act: str,
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> Instrument:
    detail = {"from": record.state.value, "to": target.value, **(detail or {})}
    record.state = target
    touch(record, now=now)
    audit.note(f"catalog.{act}", f"instrument:{record.id}", by=by, now=now, detail=detail)
    session().flush()
    return record


def _reason(text: str, *, most: int = LONGEST_REASON) -> str:
    reason = text.strip()
    if not reason or len(reason) > most or has_control_characters(reason):
        raise Invalid.single(
            "reason",
            N_("Give a reason of at most %(most)s characters; people will read it."),
            field="reason",
            most=most,
        )
    return reason


def _tell_owner(record: Instrument, message: str, *, now: datetime, **values: object) -> None:
    people = organisations.people_with_role(record.organisation_id, "manager", on=clock.today(now))
    link = f"/my-instruments/{record.id}"
    outbox.post("catalog.record", people, message, now=now, link=link, values={"name": record.name, **values})
