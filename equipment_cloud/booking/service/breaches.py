"""Breach points (违约记分): counted where the provider's policy counts them, forgotten after a while, open to appeal.

A late cancellation or a no-show stays a fact of the booking whatever becomes of its points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from equipment_cloud.booking import policy, queries, rules
from equipment_cloud.booking.models import Booking, BookingState, Breach, BreachPolicy, BreachState
from equipment_cloud.foundation import audit, clock, outbox
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, Problem, SamePerson
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.models import Organisation


def count_breaches(bookings: Sequence[Booking], *, now: datetime) -> int:
    """Write down what counts of these late cancellations and no-shows, once each; how many that were."""
    policies = queries.breach_policies({booking.provider_id for booking in bookings}, clock.today(now))
    counted = 0
    for booking in bookings:
        terms = policies.get(booking.provider_id)
        points = _points(terms, booking.state) if terms else 0
        if terms is None or not points:
            continue
        values = {
            "booking_id": booking.id,
            "provider_id": booking.provider_id,
            "organisation_id": booking.organisation_id,
            "person_id": booking.person_id,
            "kind": booking.state,
            "points": points,
            "at": now,
            "ends_at": now + timedelta(days=terms.last_days),
            "state": BreachState.STANDING,
        }
        if insert_one_missing(Breach, values):
            counted += 1
            audit.note("booking.breach", booking.reference, by=SYSTEM, now=now, detail={"points": points})
            message = N_("Booking %(number)s counts %(points)s breach points until %(until)s. You can appeal.")
            until = f"{clock.local(now + timedelta(days=terms.last_days)):%Y-%m-%d}"
            told = {"number": booking.number, "points": points, "until": until}
            outbox.post(
                "booking.breach", [booking.person_id], message, now=now, link="/bookings/breaches", values=told
            )  # fmt: skip
    return counted


def appeal(breach_id: int, words: str, *, by: Actor, now: datetime) -> Breach:
    """Say why the points should not count; once. Raises ``WrongState``, ``NotFound``."""
    breach = _locked(breach_id)
    if not policy.may_appeal(by, breach):
        raise NotFound
    breach.state = move(rules.BREACH_MOVES, breach.state, BreachState.APPEALED)
    breach.appeal, breach.appealed_at = words, now
    session().flush()
    audit.note("booking.appeal", f"breach:{breach.id}", by=by, now=now, detail={"appeal": words})
    managers = organisations.people_with_role(breach.provider_id, "manager", on=clock.today(now))
    message = N_("%(name)s appeals against breach points: %(appeal)s")
    told = {"name": by.name, "appeal": words[:100]}
    outbox.post("booking.appeal", managers, message, now=now, link=f"/bookings/breaches/{breach.id}", values=told)
    return breach


def decide_appeal(breach_id: int, *, lifted: bool, decision: str, by: Actor, now: datetime) -> Breach:
    """Lift the points, or uphold them after an appeal. Nobody decides on points of their own."""
    breach = _locked(breach_id)
    permit(policy.may_decide_breach(by, breach.provider_id))
    if by.id == breach.person_id:
        raise SamePerson(N_("These points are your own; somebody else must decide."))
    target = BreachState.LIFTED if lifted else BreachState.UPHELD
    breach.state = move(rules.BREACH_MOVES, breach.state, target)
    breach.decision, breach.decided_by, breach.decided_at = decision, by.id, now
    session().flush()
    audit.note("booking.decide-appeal", f"breach:{breach.id}", by=by, now=now,
               detail={"state": target.value, "decision": decision})  # fmt: skip
    message = (
        N_("Your breach points were lifted: %(decision)s")
        if lifted
        else N_("Your breach points were upheld: %(decision)s")
    )
    link = f"/bookings/breaches/{breach.id}"
    outbox.post(
        "booking.appeal-decided", [breach.person_id], message, now=now, link=link, values={"decision": decision}
    )
    return breach


def set_breach_policy(
    provider_id: int,
    *,
    late_points: int,
    no_show_points: int,
    last_days: int,
    limit_points: int,
    valid_from: date | None = None,
    by: Actor,
    now: datetime,
) -> BreachPolicy:
    """Count breaches from a day on (today unless told); zero points for both ends the counting."""
    permit(policy.may_decide_breach(by, provider_id))
    begins = valid_from or clock.today(now)
    if begins < clock.today(now):
        message = N_("A change holds from today or from a later day on.")
        problem = Problem("valid-from", message, "valid_from", remedy=N_("Choose today or a later day."))
        raise Invalid(problems=[problem])
    session().execute(select(Organisation.id).where(Organisation.id == provider_id).with_for_update())
    mine = BreachPolicy.provider_id == provider_id
    plain = {"synchronize_session": False}
    session().execute(delete(BreachPolicy).where(mine, BreachPolicy.valid_from >= begins), execution_options=plain)
    later = BreachPolicy.valid_to.is_(None) | (BreachPolicy.valid_to > begins)
    session().execute(update(BreachPolicy).where(mine, later).values(valid_to=begins), execution_options=plain)
    session().expire_all()
    values = {"late_points": late_points, "no_show_points": no_show_points, "last_days": last_days,
              "limit_points": limit_points}  # fmt: skip
    row = BreachPolicy(provider_id=provider_id, valid_from=begins, valid_to=None, **values)
    session().add(row)
    session().flush()
    detail = values | {"valid_from": begins.isoformat()}
    audit.note("booking.set-breach-policy", f"organisation:{provider_id}", by=by, now=now, detail=detail)
    return row


def _points(terms: BreachPolicy, state: BookingState) -> int:
    if state is BookingState.CANCELLED_LATE:
        return terms.late_points
    return terms.no_show_points if state is BookingState.NO_SHOW else 0


def _locked(breach_id: int) -> Breach:
    found = session().scalar(
        select(Breach).where(Breach.id == breach_id).with_for_update(), execution_options={"populate_existing": True}
    )
    if found is None:
        raise NotFound
    return found
