"""Vouchers for programs: the same services as the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, PageQuery, etag, if_match, page_of
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.vouchers import policy, queries, schemas, service
from equipment_cloud.vouchers.models import Voucher, VoucherState
from equipment_cloud.vouchers.queries import Balances

Tagged = tuple[dict[str, Any], int, dict[str, str]]

blp = Blueprint("vouchers-api", __name__, description="Innovation vouchers: applications, decisions, balances, entries")


@blp.get("/vouchers")
@signed_in
@blp.arguments(schemas.VouchersQuery, location="query")
@blp.response(200, page_of(schemas.VoucherShown))
def vouchers(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Vouchers this person may see, the newest first."""
    page = queries.vouchers_page(
        current_actor(),
        states=(query["state"],) if query["state"] else (),
        organisation_id=query["organisation_id"],
        number=query["page"],
        size=query["per_page"],
    )
    left = queries.balances([voucher.id for voucher in page.items])
    return Page([_shown(voucher, left[voucher.id]) for voucher in page.items], page.number, page.size, page.total)


@blp.post("/vouchers")
@signed_in
@blp.arguments(schemas.Application)
@blp.response(201, schemas.VoucherShown)
def apply(body: dict[str, Any]) -> dict[str, Any]:
    """Apply for a voucher; the application is a draft until it is submitted."""
    actor, now = current_actor(), clock.now()
    organisation_id = _applicant(actor, body["organisation_id"])
    policy_id = body["policy_id"] or _default_policy()
    with transaction():
        voucher = service.apply(
            organisation_id, policy_id, body["requested_fen"], body["purpose"], by=actor, now=now
        )  # fmt: skip
        return _one(voucher.id)


@blp.get("/vouchers/<int:voucher_id>")
@signed_in
@blp.response(200, schemas.VoucherShown)
def one(voucher_id: int) -> Tagged:
    """One voucher with its balances; its ETag goes into ``If-Match`` of a change."""
    return _tagged(queries.voucher_for(current_actor(), voucher_id).id)


@blp.patch("/vouchers/<int:voucher_id>")
@signed_in
@blp.arguments(schemas.ApplicationChange)
@blp.response(200, schemas.VoucherShown)
def change(body: dict[str, Any], voucher_id: int) -> Tagged:
    """Mend an application that is a draft or was sent back. ``If-Match`` carries the ETag as it was read."""
    actor, now = current_actor(), clock.now()
    permit(policy.may_change(actor, queries.voucher_for(actor, voucher_id)))
    with transaction() as current:
        found = current.get_one(Voucher, voucher_id, with_for_update=True)
        if_match(found.revision)
        given = {name: body.get(name) or getattr(found, name) for name in ("requested_fen", "purpose")}
        service.change(voucher_id, **given, by=actor, now=now)
    return _tagged(voucher_id)


@blp.get("/vouchers/<int:voucher_id>/entries")
@signed_in
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.EntryShown))
def entries(query: dict[str, Any], voucher_id: int) -> Page[dict[str, Any]]:
    """Ledger entries of a voucher, the newest first."""
    queries.voucher_for(current_actor(), voucher_id)
    page = queries.entries(voucher_id, number=query["page"], size=query["per_page"])
    shown = [asdict(entry) | {"source": worded(entry.source), "target": worded(entry.target)} for entry in page.items]
    return Page(shown, page.number, page.size, page.total)


@blp.post("/vouchers/<int:voucher_id>/submit")
@signed_in
@blp.response(200, schemas.VoucherShown)
def submit(voucher_id: int) -> dict[str, Any]:
    """Hand an application in."""
    actor, now = current_actor(), clock.now()
    permit(policy.may_change(actor, queries.voucher_for(actor, voucher_id)))
    return _done(voucher_id, lambda: service.submit(voucher_id, by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/approve")
@signed_in
@blp.arguments(schemas.Opinion)
@blp.response(200, schemas.VoucherShown)
def approve(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """Decide the current stage: the reviewer passes it on, then another person approves and issues it."""
    actor, now = current_actor(), clock.now()
    voucher, opinion = queries.voucher_for(actor, voucher_id), body["opinion"] or ""
    if voucher.state is VoucherState.SUBMITTED:
        permit(policy.may_review(actor))
        return _done(voucher_id, lambda: service.review(voucher_id, opinion, by=actor, now=now))
    permit(policy.may_issue(actor) or voucher.reviewed_by == actor.id)
    amount = body["amount_fen"]
    return _done(voucher_id, lambda: service.approve(voucher_id, opinion, amount_fen=amount, by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/issue")
@signed_in
@blp.arguments(schemas.Opinion)
@blp.response(200, schemas.VoucherShown)
def issue(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """Approve and issue a reviewed application; the pool is never overdrawn (409 ``pool-exhausted``)."""
    actor, now = current_actor(), clock.now()
    voucher, opinion = queries.voucher_for(actor, voucher_id), body["opinion"] or ""
    permit(policy.may_issue(actor) or voucher.reviewed_by == actor.id)
    amount = body["amount_fen"]
    return _done(voucher_id, lambda: service.issue(voucher_id, opinion=opinion, amount_fen=amount, by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/send-back")
@signed_in
@blp.arguments(schemas.SendBack)
@blp.response(200, schemas.VoucherShown)
def send_back(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """Back to the applicant with all defects at once."""
    actor, now = current_actor(), clock.now()
    _permit_decision(actor, queries.voucher_for(actor, voucher_id))
    reason, defects = body["reason"], body["defects"]
    return _done(voucher_id, lambda: service.send_back(voucher_id, reason, defects=defects, by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/refuse")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.VoucherShown)
def refuse(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """No, with the reason."""
    actor, now = current_actor(), clock.now()
    _permit_decision(actor, queries.voucher_for(actor, voucher_id))
    return _done(voucher_id, lambda: service.refuse(voucher_id, body["reason"], by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/freeze")
@signed_in
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.VoucherShown)
def freeze(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """No new holds; what is held stays held."""
    actor, now = current_actor(), clock.now()
    queries.voucher_for(actor, voucher_id)
    permit(policy.may_freeze(actor))
    return _done(voucher_id, lambda: service.freeze(voucher_id, body["reason"], by=actor, now=now))


@blp.post("/vouchers/<int:voucher_id>/return")
@signed_in
@blp.arguments(schemas.GivingBack)
@blp.response(200, schemas.VoucherShown)
def give_back(body: dict[str, Any], voucher_id: int) -> dict[str, Any]:
    """Give back what will not be used (退券)."""
    actor, now = current_actor(), clock.now()
    permit(policy.may_change(actor, queries.voucher_for(actor, voucher_id)))
    return _done(voucher_id, lambda: service.give_back(voucher_id, body["reason"] or "", by=actor, now=now))


def _permit_decision(actor: Actor, voucher: Voucher) -> None:
    at_approval = voucher.state is VoucherState.REVIEWED
    permit(policy.may_issue(actor) if at_approval else policy.may_decide(actor))


def _done(voucher_id: int, act: Callable[[], Voucher]) -> dict[str, Any]:
    with transaction():
        act()
        return _one(voucher_id)


def _applicant(actor: Actor, organisation_id: int | None) -> int:
    mine = actor.organisations(*policy.APPLICANTS)
    if organisation_id is not None:
        permit(organisation_id in mine)
        return organisation_id
    permit(bool(mine))
    if len(mine) > 1:
        words, remedy = N_("You act for several organisations."), N_("Say for which one.")
        raise Invalid.single("organisation", words, field="organisation_id", remedy=remedy)
    return mine[0]


def _default_policy() -> int:
    version = queries.default_version(clock.today(clock.now()))
    if version is None:
        words, remedy = N_("No voucher policy is in force."), N_("Wait until the bureau publishes one.")
        raise Invalid.single("no-policy", words, field="policy_id", remedy=remedy)
    return version.policy_id


def _one(voucher_id: int) -> dict[str, Any]:
    return _shown(queries.voucher(voucher_id), queries.balances([voucher_id])[voucher_id])


def _tagged(voucher_id: int) -> Tagged:
    shown = _one(voucher_id)
    return shown, 200, etag(shown["revision"])


def _shown(voucher: Voucher, left: Balances) -> dict[str, Any]:
    names = ("id", "number", "state", "organisation_id", "purpose", "requested_fen", "issued_fen", "issued_at",
             "expires_on", "redeem_by", "revision")  # fmt: skip
    version = voucher.policy_version
    return {name: getattr(voucher, name) for name in names} | {
        "policy_id": version.policy_id,
        "policy": version.policy.code,
        "policy_version": version.number,
        "is_example": version.policy.is_example,
        "settlement_model": version.document["settlement_model"],
        **asdict(left),
    }
