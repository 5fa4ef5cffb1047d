"""The waiting list for programs."""

from __future__ import annotations

from typing import Any

from equipment_cloud.booking import policy, queries, schemas, service
from equipment_cloud.booking.api.blueprint import blp, done, payer
from equipment_cloud.booking.models import WaitlistEntry
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import PageQuery, page_of
from equipment_cloud.foundation.page import Page


@blp.get("/waitlist")
@only(*policy.CUSTOMERS)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.WaitShown))
def waitlist(query: dict[str, Any]) -> Page[WaitlistEntry]:
    """What the person's organisations wait for, offers first."""
    mine = current_actor().organisations(*policy.CUSTOMERS)
    return queries.waits_page(mine, number=query["page"], size=query["per_page"])


@blp.post("/waitlist")
@signed_in
@blp.arguments(schemas.WaitAsked)
@blp.response(201, schemas.WaitShown)
def wait(body: dict[str, Any]) -> WaitlistEntry:
    """Wait for a time that is taken. 422 lists every broken rule; 409 ``period-free`` when it could be booked."""
    actor, now = current_actor(), clock.now()
    instrument_id, purpose = body["instrument_id"], body["purpose"]
    period = queries.asked_period(instrument_id, body["starts_at"], body["ends_at"], purpose=purpose, now=now)
    organisation_id = payer(actor, body["organisation_id"])
    with transaction():
        entry = service.wait(
            instrument_id, period, organisation_id=organisation_id, purpose=purpose, by=actor, now=now
        )  # fmt: skip
        entry_id = entry.id
    return queries.wait_for(actor, entry_id)


@blp.post("/waitlist/<int:entry_id>/take")
@signed_in
@blp.arguments(schemas.Taking)
@blp.response(200, schemas.BookingShown)
def take(body: dict[str, Any], entry_id: int) -> dict[str, Any]:
    """Book the time that is held; 409 ``offer-over`` when it no longer is."""
    actor, now = current_actor(), clock.now()
    queries.wait_for(actor, entry_id)
    return done(lambda: service.take(entry_id, **body, by=actor, now=now))


@blp.post("/waitlist/<int:entry_id>/leave")
@signed_in
@blp.response(200, schemas.WaitShown)
def leave(entry_id: int) -> WaitlistEntry:
    """No longer wait; a time that is held goes to the next."""
    actor = current_actor()
    queries.wait_for(actor, entry_id)
    with transaction():
        service.leave(entry_id, by=actor, now=clock.now())
    return queries.wait_for(actor, entry_id)
