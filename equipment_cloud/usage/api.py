"""Usage for programs: the same services as the pages."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from equipment_cloud.booking import queries as bookings
from equipment_cloud.booking.wording import booking_document
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, page_of, problems_of
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import N_, Conflict, Refused
from equipment_cloud.usage import policy, queries, schemas, service
from equipment_cloud.usage.models import UsageRecord

blp = Blueprint("usage-api", __name__, description="Usage: what really happened at the instrument")


class NothingRunning(Conflict):
    """Check-out without a running session (409)."""

    code = "wrong-state"
    message = N_("No session of this booking is running.")
    remedy = N_("Check in first.")


@blp.get("/usage")
@signed_in
@blp.arguments(schemas.UsageQuery, location="query")
@blp.response(200, page_of(schemas.UsageShown))
def usage(query: dict[str, Any]) -> Page[UsageRecord]:
    """Records of the person's organisations on either side."""
    return queries.usage_page(
        current_actor(),
        number=query["page"],
        size=query["per_page"],
        state=query["state"],
        instrument_id=query["instrument_id"],
    )


@blp.get("/usage/<int:usage_id>")
@signed_in
@blp.response(200, schemas.UsageShown)
def one(usage_id: int) -> UsageRecord:
    """One record."""
    return queries.usage_for(current_actor(), usage_id)


@blp.post("/bookings/<int:booking_id>/check-in")
@signed_in
@blp.response(200, schemas.BookingInUse)
def check_in(booking_id: int) -> dict[str, Any]:
    """Start the session of a booking: the booking, and the session under ``usage``."""
    actor = current_actor()
    bookings.booking_for(actor, booking_id)
    with transaction():
        usage_id = service.start(booking_id, by=actor, now=clock.now(), source="page").id
    return _in_use(actor, booking_id, usage_id)


@blp.post("/bookings/<int:booking_id>/check-out")
@signed_in
@blp.arguments(schemas.CheckOut)
@blp.response(200, schemas.BookingInUse)
def check_out(body: dict[str, Any], booking_id: int) -> dict[str, Any]:
    """End the running session of a booking: the booking, and the session under ``usage``."""
    actor = current_actor()
    bookings.booking_for(actor, booking_id)
    record = queries.running_of_booking(booking_id)
    if record is None:
        raise NothingRunning
    usage_id = record.id
    with transaction():
        service.stop(usage_id, samples=body["samples"], note=body["note"], by=actor, now=clock.now())
    return _in_use(actor, booking_id, usage_id)


def _in_use(actor: Actor, booking_id: int, usage_id: int) -> dict[str, Any]:
    booking, usage = bookings.booking_for(actor, booking_id), queries.usage_for(actor, usage_id)
    return booking_document(booking) | {"usage": usage}


@blp.post("/usage/<int:usage_id>/confirm")
@signed_in
@blp.response(200, schemas.UsageShown)
def confirm(usage_id: int) -> UsageRecord:
    """Confirm for the side the person speaks for."""
    actor = current_actor()
    queries.usage_for(actor, usage_id)
    with transaction():
        service.confirm(usage_id, by=actor, now=clock.now())
    return queries.usage_for(actor, usage_id)


@blp.post("/usage/<int:usage_id>/correct")
@signed_in
@blp.arguments(schemas.Correction)
@blp.response(200, schemas.UsageShown)
def correct(body: dict[str, Any], usage_id: int) -> UsageRecord:
    """Correct the times; both sides confirm anew."""
    actor = current_actor()
    queries.usage_for(actor, usage_id)
    with transaction():
        service.correct(usage_id, **body, by=actor, now=clock.now())
    return queries.usage_for(actor, usage_id)


@blp.post("/usage-events")
@only(*policy.STAFF)
@blp.arguments(schemas.UsageEvents)
@blp.response(200)
def events(body: dict[str, Any]) -> dict[str, Any]:
    """Events of a unit's own system, each judged alone and kept in a transaction of its own."""
    actor = current_actor()
    return {"results": [_judge(item, actor) for item in body["events"]]}


def _judge(item: Any, actor: Actor) -> dict[str, Any]:
    external_id = item.get("external_id") if isinstance(item, dict) else None
    known = external_id if isinstance(external_id, str) else None
    answer: dict[str, Any] = {"external_id": known, "status": "refused", "id": None, "errors": []}
    try:
        event = schemas.UsageEvent().load(item)
        with transaction():
            answer["status"], answer["id"] = service.record_event(event, by=actor, now=clock.now())
    except ma.ValidationError as error:
        answer["errors"] = [problem_values(problem) for problem in problems_of(error)]
    except Refused as refusal:
        own = {"field": None, "code": refusal.problem_code, "message": worded(refusal.message_id, refusal.values)}
        answer["errors"] = [problem_values(problem) for problem in refusal.problems] or [own]
    return answer
