"""Instrument records for programs: the same services as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from equipment_cloud.catalog import policy, queries, schemas, service
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import ALWAYS, FIELDS, NEVER
from equipment_cloud.catalog.service.records import locked
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none, current_actor, only, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, etag, if_match, page_of
from equipment_cloud.foundation.page import Page

blp = Blueprint("catalog-api", __name__, description="Instrument records: entered, verified, published, retired")

Answer = tuple[dict[str, Any], int, dict[str, str]]
_KEPT = ("id", "code", "state", "revision", "pause_reason", "created_at", "updated_at", "verified_at", "published_at")
_OWN = ("unit_number", "public_fields", "return_reason")


@blp.get("/instruments/<int:instrument_id>")
@public
@blp.response(200, schemas.InstrumentRecord)
def one(instrument_id: int) -> Answer:
    """One instrument: public fields for everybody, all of them for its owner and the bureau."""
    actor = actor_or_none()
    return _answer(actor, queries.visible_to(actor, instrument_id))


@blp.get("/my-instruments")
@only("manager", "operator")
@blp.arguments(schemas.RecordsQuery, location="query")
@blp.response(200, page_of(schemas.InstrumentListed))
def mine(query: dict[str, Any]) -> Page[Instrument]:
    """Records of the organisations where the person works, in every state, the last changed first."""
    return queries.managed_by(
        current_actor(), number=query["page"], size=query["per_page"], state=query["state"], q=query["q"]
    )


@blp.get("/verification")
@only("surveyor")
@blp.arguments(schemas.AwaitingQuery, location="query")
@blp.response(200, page_of(schemas.InstrumentListed))
def awaiting(query: dict[str, Any]) -> Page[Instrument]:
    """Records that wait for the bureau's look, the oldest first."""
    return queries.awaiting_verification(number=query["page"], size=query["per_page"], q=query["q"])


@blp.post("/instruments")
@signed_in
@blp.arguments(schemas.InstrumentNew)
@blp.response(201, schemas.InstrumentRecord)
def create(body: dict[str, Any]) -> Answer:
    """A new draft of an organisation where the person is manager."""
    actor = current_actor()
    given = {name: body.pop(name) for name in ("organisation_id", "unit_number", "name", "positions")}
    with transaction():
        record = service.create(
            given["organisation_id"], given["unit_number"], given["name"], body, by=actor, now=clock.now(),
            positions=given["positions"],
        )  # fmt: skip
        record_id = record.id
    return _answer(actor, queries.instrument(record_id), 201)


@blp.patch("/instruments/<int:instrument_id>")
@signed_in
@blp.arguments(schemas.InstrumentChange)
@blp.response(200, schemas.InstrumentRecord)
def change(body: dict[str, Any], instrument_id: int) -> Answer:
    """Change the named fields. ``If-Match`` carries the ETag of the record as it was read."""
    actor = current_actor()
    queries.visible_to(actor, instrument_id)
    with transaction():
        if_match(locked(instrument_id).revision)
        service.update(instrument_id, body, by=actor, now=clock.now())
    return _answer(actor, queries.instrument(instrument_id))


@blp.post("/instruments/<int:instrument_id>/submit")
@signed_in
@blp.response(200, schemas.InstrumentRecord)
def submit(instrument_id: int) -> Answer:
    """Hand a draft to the bureau; 422 lists every field still missing."""
    return _act(instrument_id, lambda actor: service.submit(instrument_id, by=actor, now=clock.now()))


@blp.post("/instruments/<int:instrument_id>/verify")
@signed_in
@blp.response(200, schemas.InstrumentRecord)
def verify(instrument_id: int) -> Answer:
    """The bureau's surveyor has looked."""
    return _act(instrument_id, lambda actor: service.verify(instrument_id, by=actor, now=clock.now()))


@blp.post("/instruments/<int:instrument_id>/return")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.InstrumentRecord)
def give_back(body: dict[str, Any], instrument_id: int) -> Answer:
    """The bureau sends a record back with all its defects."""
    return _act(
        instrument_id, lambda actor: service.send_back(instrument_id, body["reason"], by=actor, now=clock.now())
    )


@blp.post("/instruments/<int:instrument_id>/publish")
@signed_in
@blp.arguments(schemas.Publication)
@blp.response(200, schemas.InstrumentRecord)
def publish(body: dict[str, Any], instrument_id: int) -> Answer:
    """Into the catalogue, or back into it after a pause. The agreement may come along."""

    def deed(actor: Actor) -> None:
        now = clock.now()
        record = queries.instrument(instrument_id)
        if body["public_fields"] is not None or body["accepts_terms"] is not None:
            service.consent(
                instrument_id, body["public_fields"] or [], by=actor, now=now, accepts_terms=bool(body["accepts_terms"])
            )
        if record.state is InstrumentState.PAUSED:
            service.resume(instrument_id, by=actor, now=now)
        else:
            service.publish(instrument_id, by=actor, now=now)

    return _act(instrument_id, deed)


@blp.post("/instruments/<int:instrument_id>/pause")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.InstrumentRecord)
def pause(body: dict[str, Any], instrument_id: int) -> Answer:
    """Out of service for a while; the reason is public."""
    return _act(instrument_id, lambda actor: service.pause(instrument_id, body["reason"], by=actor, now=clock.now()))


@blp.post("/instruments/<int:instrument_id>/retire")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.InstrumentRecord)
def retire(body: dict[str, Any], instrument_id: int) -> Answer:
    """Out of the catalogue for good."""
    return _act(instrument_id, lambda actor: service.retire(instrument_id, body["reason"], by=actor, now=clock.now()))


def _act(instrument_id: int, deed: Callable[[Actor], object]) -> Answer:
    """Do it if the record is theirs to see; the service says who may."""
    actor = current_actor()
    queries.visible_to(actor, instrument_id)
    with transaction():
        deed(actor)
    return _answer(actor, queries.instrument(instrument_id))


def _answer(actor: Actor | None, record: Instrument, status: int = 200) -> Answer:
    inside = actor is not None and policy.may_see_all(actor, record)
    shown = [
        item.name
        for item in FIELDS
        if inside or item.public == ALWAYS or (item.public != NEVER and item.name in record.public_fields)
    ]
    values = {name: getattr(record, name) for name in (*shown, *_KEPT, *(_OWN if inside else ()))}
    values["owner"] = record.organisation
    values["positions"] = len(queries.positions(record.id))
    return values, status, etag(record.revision)
