"""Batches as they stand."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation.access import only
from equipment_cloud.foundation.endpoint import PageQuery, page_of
from equipment_cloud.foundation.page import Page
from equipment_cloud.settlement import policy, queries, schemas
from equipment_cloud.settlement.api.blueprint import blp
from equipment_cloud.settlement.models import Batch
from equipment_cloud.settlement.wording import shown_step


@blp.get("/batches")
@only(*policy.READER_ROLES)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.BatchShown))
def batches(query: dict[str, Any]) -> Page[Batch]:
    """Batches, newest first."""
    return queries.batches_page(number=query["page"], size=query["per_page"])


@blp.get("/batches/<int:batch_id>")
@only(*policy.READER_ROLES)
@blp.response(200, schemas.BatchWhole)
def one(batch_id: int) -> dict[str, Any]:
    """One batch with its sums and its chain."""
    return whole(batch_id)


@blp.get("/batches/<int:batch_id>/lines")
@only(*policy.READER_ROLES)
@blp.arguments(schemas.LinesQuery, location="query")
@blp.response(200, page_of(schemas.LineShown))
def lines(query: dict[str, Any], batch_id: int) -> Page[dict[str, Any]]:
    """Lines in order."""
    page = queries.line_page(
        queries.batch(batch_id), state=query["state"], number=query["page"], size=query["per_page"]
    )
    shown = [
        {
            "position": line.position,
            "claim_id": claim.id,
            "claim_number": claim.number,
            "organisation": claim.organisation.name,
            "provider": claim.provider.name,
            "payee": line.payee_name,
            "amount_fen": line.amount_fen,
            "state": line.state,
            "paid_on": line.paid_on,
            "reference": line.treasury_reference,
            "reason": line.bounce_reason,
        }
        for line, claim, _posted, _account in page.items
    ]
    return Page(shown, page.number, page.size, page.total)


def whole(batch_id: int) -> dict[str, Any]:
    """A batch with its sums by state and the steps of its chain."""
    found = queries.batch(batch_id)
    sums = queries.sums(found)
    by_state = [
        {"state": state, "count": count, "total_fen": fen} for state, (count, fen) in sorted(sums.by_state.items())
    ]
    shown = {name: getattr(found, name) for name in schemas.BatchShown().fields}
    steps = [shown_step(step) for step in queries.steps_of(batch_id)]
    return shown | {"sums": by_state, "agrees": sums.agrees, "steps": steps}
