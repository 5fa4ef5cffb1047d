"""Bookings for programs: the same services as the pages."""

from __future__ import annotations

from typing import Any

from equipment_cloud.booking import policy, queries, schemas, service
from equipment_cloud.booking.api.blueprint import blp, done, payer
from equipment_cloud.booking.wording import booking_document, estimate_document
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import actor_or_none, current_actor, permit, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import page_of
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import Page
from equipment_cloud.occupancy.rules import PeriodTaken


@blp.get("/instruments/<int:instrument_id>/estimate")
@public
@blp.arguments(schemas.EstimateQuery, location="query")
@blp.response(200, schemas.EstimateShown)
def estimate(query: dict[str, Any], instrument_id: int) -> dict[str, Any]:
    """What a time would cost, and what a voucher would bear of it; without a token the price for a local enterprise."""
    now = clock.now()
    period = queries.asked_period(instrument_id, query["starts_at"], query["ends_at"], now=now)
    actor, organisation_id = actor_or_none(), None
    if actor is not None and (query["organisation_id"] or actor.organisations(*policy.CUSTOMERS)):
        organisation_id = payer(actor, query["organisation_id"])
    found = queries.estimate(
        instrument_id,
        period,
        organisation_id=organisation_id,
        purpose=query["purpose"],
        voucher_id=query["voucher_id"] if organisation_id else None,
        now=now,
    )
    return estimate_document(found)


@blp.get("/bookings")
@signed_in
@blp.arguments(schemas.BookingsQuery, location="query")
@blp.response(200, page_of(schemas.BookingShown))
def bookings(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Bookings of the person's organisations on either side, the newest first."""
    states = (query["state"],) if query["state"] else ()
    page = queries.visible_page(current_actor(), states=states, number=query["page"], size=query["per_page"])
    return Page([booking_document(booking) for booking in page.items], page.number, page.size, page.total)


@blp.post("/bookings")
@signed_in
@blp.arguments(schemas.BookingAsked)
@blp.response(201, schemas.BookingMade)
def request_time(body: dict[str, Any]) -> dict[str, Any]:
    """Book a time, at once or awaiting the institution. 422 lists every broken rule; a time taken alone is 409."""
    actor, now = current_actor(), clock.now()
    instrument_id = body["instrument_id"]
    period = queries.asked_period(instrument_id, body["starts_at"], body["ends_at"], purpose=body["purpose"], now=now)
    organisation_id = body["organisation_id"]
    if body["on_behalf_of"] is None or organisation_id is None:
        organisation_id = payer(actor, organisation_id)
    else:
        provider_id = queries.place(instrument_id).provider.id
        permit(policy.may_request(actor, organisation_id, provider_id, for_another=True))
    try:
        with transaction():
            booking = service.request(
                instrument_id,
                period,
                organisation_id=organisation_id,
                purpose=body["purpose"],
                note=body["note"],
                voucher_id=body["voucher_id"],
                on_behalf_of=body["on_behalf_of"],
                waive_reason=body["waive_reason"],
                by=actor,
                now=now,
            )
            return {
                "id": booking.id,
                "number": booking.number,
                "state": booking.state,
                "estimate": estimate_document(booking.estimate),
            }
    except PeriodTaken as taken:
        person_id = body["on_behalf_of"] or actor.id
        raise queries.offer_alternatives(
            taken, instrument_id, period, organisation_id=organisation_id, person_id=person_id, now=now
        ) from taken


@blp.post("/bookings/decide")
@signed_in
@blp.arguments(schemas.Decisions)
@blp.response(200, schemas.DecisionsMade)
def decide_many(body: dict[str, Any]) -> dict[str, Any]:
    """Approve or decline up to a hundred requests in one act; each is judged alone and told of in ``results``."""
    actor, now = current_actor(), clock.now()
    permit(bool(queries.deciding_at(actor, clock.today(now))))
    more = {"approving": body["act"] == "approve", "reason": body["reason"]}
    with transaction():
        answers = service.decide_many(body["ids"], **more, by=actor, now=now)
    return {"results": [_answer_document(answer) for answer in answers]}


@blp.get("/bookings/<int:booking_id>")
@signed_in
@blp.response(200, schemas.BookingShown)
def one(booking_id: int) -> dict[str, Any]:
    """One booking."""
    return booking_document(queries.booking_for(current_actor(), booking_id))


@blp.post("/bookings/<int:booking_id>/approve")
@signed_in
@blp.arguments(schemas.Approval)
@blp.response(200, schemas.BookingShown)
def approve(body: dict[str, Any], booking_id: int) -> dict[str, Any]:
    """Confirm a request; nobody confirms their own (403 ``same-person``). 422 lists every rule it breaks by now."""
    actor, now = current_actor(), clock.now()
    booking = queries.booking_for(actor, booking_id)
    permit(policy.is_own(actor, booking) or queries.may_decide(actor, booking, clock.today(now)))
    return done(lambda: service.approve(booking_id, waive_reason=body["waive_reason"], by=actor, now=now))


@blp.post("/bookings/<int:booking_id>/decline")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.BookingShown)
def decline(body: dict[str, Any], booking_id: int) -> dict[str, Any]:
    """Decline a request, with the reason."""
    actor, now = current_actor(), clock.now()
    permit(queries.may_decide(actor, queries.booking_for(actor, booking_id), clock.today(now)))
    return done(lambda: service.decline(booking_id, body["reason"], by=actor, now=now))


@blp.post("/bookings/<int:booking_id>/cancel")
@signed_in
@blp.arguments(schemas.Cancellation)
@blp.response(200, schemas.BookingShown)
def cancel(body: dict[str, Any], booking_id: int) -> dict[str, Any]:
    """Cancel as the customer, or take back as the institution, which must say why."""
    actor, now = current_actor(), clock.now()
    permit(policy.may_cancel(actor, queries.booking_for(actor, booking_id)))
    return done(lambda: service.cancel(booking_id, body["reason"], by=actor, now=now))


@blp.post("/bookings/<int:booking_id>/reschedule")
@signed_in
@blp.arguments(schemas.Rescheduling)
@blp.response(200, schemas.BookingShown)
def reschedule(body: dict[str, Any], booking_id: int) -> dict[str, Any]:
    """Move to another time; priced anew, confirmed anew where the instrument asks for it."""
    actor, now = current_actor(), clock.now()
    booking = queries.booking_for(actor, booking_id)
    permit(policy.may_change(actor, booking))
    instrument_id, payer_id, person_id = booking.instrument_id, booking.organisation_id, booking.person_id
    period = queries.asked_period(instrument_id, body["starts_at"], body["ends_at"], now=now)
    try:
        more = {"waive_reason": body["waive_reason"]}
        return done(lambda: service.reschedule(booking_id, period, body["reason"], **more, by=actor, now=now))
    except PeriodTaken as taken:
        raise queries.offer_alternatives(
            taken, instrument_id, period, organisation_id=payer_id, person_id=person_id, now=now
        ) from taken


def _answer_document(answer: service.Answered) -> dict[str, Any]:
    refusal = answer.refusal
    if refusal is None:
        return {"id": answer.booking_id, "status": "done", "state": answer.state, "code": None, "errors": []}
    return {
        "id": answer.booking_id,
        "status": "refused",
        "state": None,
        "code": refusal.problem_code,
        "detail": worded(refusal.message_id, refusal.values),
        "errors": [problem_values(problem) for problem in refusal.problems],
    }
