"""Organisations for programs."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none, current_actor, only, permit, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations import policy, queries, service
from equipment_cloud.organisations.rules import Role
from equipment_cloud.organisations.schemas import OrganisationAnswer, Refusal

blp = Blueprint("organisations-api", __name__, description="Who owns instruments and who uses them")


@blp.route("/organisations/<int:organisation_id>", methods=["GET"])
@public
@blp.response(200, OrganisationAnswer)
def show(organisation_id: int) -> dict[str, Any]:
    """The public facts of an organisation; its standing is for its own people and the bureau."""
    actor = actor_or_none()
    if not policy.may_see(actor, queries.organisation(organisation_id)):
        raise NotFound
    return _shown(actor, organisation_id)


@blp.post("/organisations/<int:organisation_id>/standing/request")
@only(Role.OWNER, Role.MANAGER)
@blp.response(200, OrganisationAnswer)
def request_standing(organisation_id: int) -> dict[str, Any]:
    """Ask the bureau to approve the organisation for vouchers; 422 lists what stands against it."""
    actor = _inside(organisation_id)
    permit(policy.may_request_standing(actor, organisation_id))
    with transaction():
        service.request_standing(organisation_id, by=actor, now=clock.now())
    return _shown(actor, organisation_id)


@blp.post("/organisations/<int:organisation_id>/standing/approve")
@only(Role.REVIEWER)
@blp.response(200, OrganisationAnswer)
def approve_standing(organisation_id: int) -> dict[str, Any]:
    """Approve the organisation for vouchers."""
    actor = _inside(organisation_id)
    permit(policy.may_decide_standing(actor, organisation_id))
    with transaction():
        service.approve_standing(organisation_id, by=actor, now=clock.now())
    return _shown(actor, organisation_id)


@blp.post("/organisations/<int:organisation_id>/standing/refuse")
@only(Role.REVIEWER)
@blp.arguments(Refusal)
@blp.response(200, OrganisationAnswer)
def refuse_standing(body: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Refuse, or withdraw an approval; the organisation reads the reason."""
    actor = _inside(organisation_id)
    permit(policy.may_decide_standing(actor, organisation_id))
    with transaction():
        service.refuse_standing(organisation_id, body["reason"], by=actor, now=clock.now())
    return _shown(actor, organisation_id)


def _inside(organisation_id: int) -> Actor:
    actor = current_actor()
    queries.organisation(organisation_id)
    if not policy.may_see_inside(actor, organisation_id):
        raise NotFound
    return actor


def _shown(actor: Actor | None, organisation_id: int) -> dict[str, Any]:
    found = queries.organisation(organisation_id)
    is_inside = policy.may_see_inside(actor, organisation_id)
    return {
        "id": found.id,
        "name": found.name,
        "name_en": found.name_en,
        "kind": found.kind.value,
        "credit_code": found.credit_code,
        "town": found.town_code,
        "industry": found.industry_code,
        "address": found.address,
        "phone": found.phone if actor else None,
        "introduction": found.introduction,
        "is_user": found.is_user,
        "is_provider": found.is_provider,
        "standing": found.standing.value if is_inside else None,
        "standing_note": found.standing_note if is_inside else None,
    }
