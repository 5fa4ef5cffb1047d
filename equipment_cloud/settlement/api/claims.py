"""Claims."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from equipment_cloud.billing import queries as billing
from equipment_cloud.billing.rules import Part
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, signed_in
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.endpoint import etag, if_match, page_of
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.settlement import policy, queries, schemas, service
from equipment_cloud.settlement.api.blueprint import blp
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import Level
from equipment_cloud.settlement.service import Pack
from equipment_cloud.settlement.service.records import locked_claim
from equipment_cloud.settlement.wording import shown_calculation, shown_defects, shown_evidence, shown_finding
from equipment_cloud.usage.models import UsageRecord

Tagged = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("/claims")
@signed_in
@blp.arguments(schemas.ClaimsQuery, location="query")
@blp.response(200, page_of(schemas.ClaimListed))
def claims(query: dict[str, Any]) -> Page[Claim]:
    """Claims this person may see, newest first."""
    return queries.claims_page(current_actor(), query, number=query["page"], size=query["per_page"])


@blp.post("/claims")
@signed_in
@blp.arguments(schemas.NewClaim)
@blp.response(201, schemas.ClaimShown)
def draft(body: dict[str, Any]) -> Tagged:
    """Begin a claim with its pack. More than is left of a paper is 409 ``over-allocated``."""
    if body["order_ids"]:
        raise Invalid.single("order-unknown", N_("Test orders cannot be claimed yet."), field="order_ids")
    pack = Pack(
        usage_ids=body["usage_ids"],
        contract_ids=body["contract_ids"],
        parts=[Part(**part) for part in body["allocations"]],
        file_ids=body["file_ids"],
        report_number=body["report_number"],
        declared_no_other_subsidy=body["declared_no_other_subsidy"],
    )
    provider_id = body["provider_id"] or _provider_of(body["usage_ids"])
    with transaction():
        claim = service.draft(body["voucher_id"], provider_id, pack, by=current_actor(), now=clock.now())
        claim_id = claim.id
    return _tagged(claim_id, 201)


@blp.get("/claims/<int:claim_id>")
@signed_in
@blp.response(200, schemas.ClaimShown)
def one(claim_id: int) -> Tagged:
    """One claim; its ETag goes into ``If-Match`` of a change."""
    return _tagged(claim_id)


@blp.patch("/claims/<int:claim_id>")
@signed_in
@blp.arguments(schemas.ClaimChange)
@blp.response(200, schemas.ClaimShown)
def change(body: dict[str, Any], claim_id: int) -> Tagged:
    """Complete a draft or returned claim; amount and findings follow. ``If-Match`` carries the ETag as it was read."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    dropped = set(body["drop_file_ids"])
    parts = body.get("allocations")
    pack = Pack(
        usage_ids=body.get("usage_ids"),
        contract_ids=body.get("contract_ids"),
        parts=None if parts is None else [Part(**part) for part in parts],
        file_ids=body["file_ids"],
        report_number=body["report_number"],
        drop_paper_ids=[paper.id for paper in queries.papers_of(claim_id) if paper.file_id in dropped],
        declared_no_other_subsidy=body.get("declared_no_other_subsidy"),
    )
    with transaction():
        if_match(locked_claim(claim_id).revision)
        service.change(claim_id, pack, by=actor, now=clock.now())
    return _tagged(claim_id)


@blp.post("/claims/<int:claim_id>/check")
@signed_in
@blp.response(200, schemas.ClaimShown)
def check(claim_id: int) -> dict[str, Any]:
    """Look again at a draft or returned claim, after something changed elsewhere: amount, findings, checklist."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.change(claim_id, Pack(), by=actor, now=clock.now())
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/submit")
@signed_in
@blp.response(200, schemas.ClaimShown)
def submit(claim_id: int) -> dict[str, Any]:
    """File it; 422 lists everything that stops it."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.submit(claim_id, by=actor, now=clock.now())
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/withdraw")
@signed_in
@blp.response(200, schemas.ClaimShown)
def withdraw(claim_id: int) -> dict[str, Any]:
    """Take it back; its services and papers are free again."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.withdraw(claim_id, by=actor, now=clock.now())
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/approve")
@signed_in
@blp.arguments(schemas.Approval)
@blp.response(200, schemas.ClaimShown)
def approve(body: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """Decide the stage now open; the same person on a second stage is 403 ``same-person``."""
    actor, now = current_actor(), clock.now()
    found = queries.claim_for(actor, claim_id)
    notes = {note["finding_id"]: note["note"] for note in body["notes"]}
    with transaction():
        if policy.may_decide(actor, found):
            for finding in queries.claim(claim_id).findings:  # a claim has a handful
                note = notes.get(finding.id) or (None if finding.note else body["opinion"])
                if finding.level is Level.WARN and note:
                    service.note_finding(finding.id, note=note, by=actor, now=now)
        service.approve(claim_id, opinion=body["opinion"], amount_fen=body["amount_fen"], by=actor, now=now)
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/return")
@signed_in
@blp.arguments(schemas.Return)
@blp.response(200, schemas.ClaimShown)
def send_back(body: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """Return with every defect at once."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.return_(claim_id, reason=body["reason"], defects=body["defects"], by=actor, now=clock.now())
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/reject")
@signed_in
@blp.arguments(schemas.Rejection)
@blp.response(200, schemas.ClaimShown)
def reject(body: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """Reject for good."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.reject(claim_id, reason=body["reason"], by=actor, now=clock.now())
    return _shown(claim_id)


@blp.post("/claims/<int:claim_id>/repay")
@only("treasurer")
@blp.arguments(schemas.Repayment)
@blp.response(200, schemas.ClaimShown)
def repay(body: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """Try a transfer the bank rejected once more: the claim goes into the next batch."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.repay(claim_id, reason=body["reason"], by=actor, now=clock.now())
    return _shown(claim_id)


def _provider_of(usage_ids: list[int]) -> int:
    """The one provider of the usage named."""
    found = session().scalars(
        select(UsageRecord.provider_id)
        .where(UsageRecord.id.in_(usage_ids))
        .distinct()
        .order_by(UsageRecord.provider_id)
    )
    providers = list(found)
    if len(providers) != 1:
        raise Invalid.single(
            "provider",
            N_("A claim is for the services of one provider."),
            field="provider_id",
            remedy=N_("Name the provider, or usage of one provider only."),
        )
    return providers[0]


def _tagged(claim_id: int, status: int = 200) -> Tagged:
    shown = _shown(claim_id)
    return shown, status, etag(shown["revision"])


def _shown(claim_id: int) -> dict[str, Any]:
    actor = current_actor()
    found = queries.claim_for(actor, claim_id)
    codes = [finding.code for finding in found.findings]
    may_open = policy.may_open_papers(actor, found)
    listed = {name: getattr(found, name) for name in schemas.ClaimListed().fields}
    return listed | {
        "payee": found.payee,
        "calculation": shown_calculation(found.calculation),
        "findings": [shown_finding(finding) for finding in found.findings] if may_open else [],
        "evidence": shown_evidence(
            queries.services_of(claim_id),
            queries.papers_of(claim_id),
            billing.allocations(f"claim:{claim_id}"),
            codes,
            with_files=may_open,
        ),
        "defects": shown_defects(found.defects),
        "return_reason": found.return_reason,
        "revision": found.revision,
    }
