"""The second look."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import PageQuery, page_of
from equipment_cloud.foundation.page import Page
from equipment_cloud.settlement import policy, queries, schemas, service
from equipment_cloud.settlement.api.blueprint import blp
from equipment_cloud.settlement.models import Sample, SampleLine


@blp.get("/samples")
@only(*policy.READER_ROLES)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.SampleShown))
def samples(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Draws from what was paid, the last first."""
    page = queries.samples_page(number=query["page"], size=query["per_page"])
    return Page(_shown(page.items), page.number, page.size, page.total)


@blp.get("/samples/<int:sample_id>")
@only(*policy.READER_ROLES)
@blp.response(200, schemas.SampleShown)
def sample(sample_id: int) -> dict[str, Any]:
    """One draw."""
    return _shown([queries.sample(sample_id)])[0]


@blp.get("/samples/<int:sample_id>/lines")
@only(*policy.READER_ROLES)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.SampleLineShown))
def sample_lines(query: dict[str, Any], sample_id: int) -> Page[dict[str, Any]]:
    """Claims in order of the draw."""
    queries.sample(sample_id)
    page = queries.sample_lines(sample_id, number=query["page"], size=query["per_page"])
    return Page([_line(line) for line in page.items], page.number, page.size, page.total)


@blp.post("/samples/<int:sample_id>/lines/<int:line_id>")
@only(*policy.SAMPLE_ROLES)
@blp.arguments(schemas.Judgement)
@blp.response(200, schemas.SampleLineShown)
def judge_sampled(body: dict[str, Any], sample_id: int, line_id: int) -> dict[str, Any]:
    """Record what was found; who decided the claim may not (403 ``same-person``)."""
    queries.sample_line(sample_id, line_id)
    with transaction():
        service.judge_sampled(line_id, body["result"], body["opinion"], by=current_actor(), now=clock.now())
    return _line(queries.sample_line(sample_id, line_id))


def _shown(found: Any) -> list[dict[str, Any]]:
    sums = queries.sample_sums([sample.id for sample in found])
    return [_facts(sample) | _sums(sums[sample.id]) for sample in found]


def _facts(sample: Sample) -> dict[str, Any]:
    names = (
        "id", "pool_id", "period_start", "period_end", "seed", "rate_bp", "population", "population_fen", "drawn_at",
    )  # fmt: skip
    return {name: getattr(sample, name) for name in names}


def _sums(sums: queries.SampleSums) -> dict[str, Any]:
    return {"drawn": sums.drawn, "drawn_fen": sums.drawn_fen, "open": sums.open}


def _line(line: SampleLine) -> dict[str, Any]:
    claim = line.claim
    names = ("id", "position", "claim_id", "amount_fen", "state", "opinion", "judged_at")
    return {name: getattr(line, name) for name in names} | {
        "claim_number": claim.number,
        "organisation": claim.organisation.name,
        "provider": claim.provider.name,
        "judged_by": line.person_name,
    }
