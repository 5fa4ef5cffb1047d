"""Contracts for programs: the same services as the pages."""

from __future__ import annotations

from typing import Any

from equipment_cloud.contracts import policy, queries, schemas, service
from equipment_cloud.contracts.models import Contract
from equipment_cloud.contracts.rules import Terms
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, signed_in
from equipment_cloud.foundation.acting import acting_for
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, page_of
from equipment_cloud.foundation.page import Page

blp = Blueprint("contracts-api", __name__, description="Contracts between users and providers")


@blp.get("/contracts")
@signed_in
@blp.arguments(schemas.ContractsQuery, location="query")
@blp.response(200, page_of(schemas.ContractShown))
def contracts(query: dict[str, Any]) -> Page[Contract]:
    """Contracts of the person's organisations, newest first."""
    return queries.page_for(current_actor(), words=query["q"], number=query["page"], size=query["per_page"])


@blp.post("/contracts")
@signed_in
@blp.arguments(schemas.NewContract)
@blp.response(201, schemas.ContractShown)
def record(body: dict[str, Any]) -> Contract:
    """Record a contract."""
    actor, now = current_actor(), clock.now()
    terms = Terms(
        number=body["number"],
        title=body["title"],
        buyer_id=acting_for(actor, body["organisation_id"], *policy.PARTY_ROLES),
        provider_id=body["provider_id"],
        signed_on=body["signed_on"],
        amount_fen=body["amount_fen"],
    )
    with transaction():
        contract = service.record(terms, file_id=body["file_id"], by=actor, now=now)
        contract_id = contract.id
    return queries.contract_for(actor, contract_id)


@blp.get("/contracts/<int:contract_id>")
@signed_in
@blp.response(200, schemas.ContractShown)
def one(contract_id: int) -> Contract:
    """One contract."""
    return queries.contract_for(current_actor(), contract_id)
