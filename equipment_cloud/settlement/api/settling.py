"""The chain of a batch: assembled, checked, posted, sent, closed; each step by whoever holds its role."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import N_, Conflict
from equipment_cloud.settlement import policy, queries, schemas, service
from equipment_cloud.settlement.api.batches import whole
from equipment_cloud.settlement.api.blueprint import blp


class NothingToList(Conflict):
    """No claim waits for this batch (409)."""

    code = "nothing-to-list"
    message = N_("No approved claim was filed by then: there is nothing to list.")
    remedy = N_("Choose a later last day, or wait until claims are approved.")


@blp.post("/batches")
@only(*policy.ASSEMBLERS)
@blp.arguments(schemas.NewBatch)
@blp.response(201, schemas.BatchWhole)
def assemble(body: dict[str, Any]) -> dict[str, Any]:
    """A further batch by hand, besides the clock's; 409 ``nothing-to-list`` when no claim waits for it."""
    with transaction():
        batch = service.assemble(**body, by=current_actor(), now=clock.now(), is_supplement=True)
        if batch is None:
            raise NothingToList
        batch_id = batch.id
    return whole(batch_id)


@blp.post("/batches/<int:batch_id>/check")
@only("leader")
@blp.arguments(schemas.Check)
@blp.response(200, schemas.BatchWhole)
def check(body: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """The second check, by someone who did not assemble it (403 ``same-person``)."""
    with transaction():
        service.check_batch(batch_id, note=body["note"], by=current_actor(), now=clock.now())
    return whole(batch_id)


@blp.post("/batches/<int:batch_id>/steps/<int:step_id>")
@only(*policy.POSTERS)
@blp.arguments(schemas.StepDone)
@blp.response(200, schemas.BatchWhole)
def tick(body: dict[str, Any], batch_id: int, step_id: int) -> dict[str, Any]:
    """Tick off a step of the office's own chain, with its document number or a note."""
    queries.batch(batch_id)
    with transaction():
        service.tick_step(batch_id, step_id, **body, by=current_actor(), now=clock.now())
    return whole(batch_id)


@blp.post("/batches/<int:batch_id>/notice")
@only(*policy.POSTERS)
@blp.arguments(schemas.NewNotice)
@blp.response(200, schemas.BatchWhole)
def post_notice(body: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """Post the list for the policy's working days; ``notice_id`` names the notice."""
    with transaction():
        service.post_notice(batch_id, **body, by=current_actor(), now=clock.now())
    return whole(batch_id)


@blp.post("/batches/<int:batch_id>/send")
@only("treasurer")
@blp.arguments(schemas.Sending)
@blp.response(200, schemas.BatchWhole)
def send(body: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """Hand the payment list to the treasury; 409 ``notice-open`` until the notice is over."""
    with transaction():
        service.send_batch(batch_id, **body, by=current_actor(), now=clock.now())
    return whole(batch_id)


@blp.post("/batches/<int:batch_id>/close")
@only("treasurer")
@blp.response(200, schemas.BatchWhole)
def close(batch_id: int) -> dict[str, Any]:
    """Close the books on it; 409 ``lines-open`` while a line has no result."""
    with transaction():
        service.close_batch(batch_id, by=current_actor(), now=clock.now())
    return whole(batch_id)
