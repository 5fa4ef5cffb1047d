"""Standing (用券资格): asked for by the organisation, decided by the bureau, with reasons."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import N_, Invalid, Problem, SamePerson, raise_if
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries, rules
from equipment_cloud.organisations.models import Organisation, Standing
from equipment_cloud.organisations.service.record import locked, tell_governing
from equipment_cloud.organisations.service.record import note as write_note


def request_standing(organisation_id: int, *, by: Actor, now: datetime) -> Organisation:
    """Ask the bureau's approval for vouchers. Raises :class:`Invalid` with everything that stands against it."""
    record = locked(organisation_id)
    raise_if(_problems(record))
    record.standing = move(rules.STANDING_MOVES, record.standing, Standing.REQUESTED)
    record.standing_note = None
    record.revision += 1
    write_note("request-standing", record.id, by=by, now=now)
    outbox.post(
        "organisations.standing-requested",
        queries.bureau_people(rules.Role.REVIEWER, on=clock.today(now)),
        N_("%(organisation)s asks to be approved for vouchers."),
        now=now,
        link=f"/organisations/{record.id}",
        values={"organisation": record.name},
    )
    return record


def approve_standing(organisation_id: int, *, by: Actor, now: datetime, note: str | None = None) -> Organisation:
    """The bureau approves: vouchers may be applied for from today on."""
    record = locked(organisation_id)
    _check_stranger(record, by)
    raise_if(_problems(record))
    record.is_verified = True
    _decide(record, Standing.APPROVED, note, by=by, now=now)
    words = N_("%(organisation)s is approved for vouchers.")
    tell_governing("organisations.standing-approved", record, words, now=now)
    return record


def refuse_standing(organisation_id: int, reason: str, *, by: Actor, now: datetime) -> Organisation:
    """The bureau refuses, or withdraws an approval; the reason goes to the organisation."""
    record = locked(organisation_id)
    _check_stranger(record, by)
    if not reason.strip() or len(reason) > 255:
        raise Invalid.single("reason", N_("Say what is missing or wrong, in at most 255 characters."), field="reason")
    _decide(record, Standing.REFUSED, reason.strip(), by=by, now=now)
    words = N_("%(organisation)s is not approved for vouchers: %(reason)s")
    tell_governing("organisations.standing-refused", record, words, now=now, reason=reason.strip())
    return record


def _decide(record: Organisation, target: Standing, words: str | None, *, by: Actor, now: datetime) -> None:
    record.standing = move(rules.STANDING_MOVES, record.standing, target)
    record.standing_note = words
    record.standing_decided_by = by.id or None
    record.standing_decided_at = now
    record.revision += 1
    write_note(f"standing-{target.value}", record.id, by=by, now=now, note=words)


def _check_stranger(record: Organisation, by: Actor) -> None:
    if by.has_at(record.id):
        raise SamePerson(N_("You belong to this organisation; a colleague has to decide."))


def _problems(record: Organisation) -> list[Problem]:
    return rules.problems_with_standing(
        record.kind, is_user=record.is_user, code_check=record.code_check, town_code=record.town_code
    )
