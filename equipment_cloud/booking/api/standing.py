"""Who stands in for whom, and breach points, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equipment_cloud.booking import policy, queries, schemas, service
from equipment_cloud.booking.api.blueprint import blp
from equipment_cloud.booking.models import Breach, BreachPolicy, Delegation
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import PageQuery, page_of
from equipment_cloud.foundation.page import Page


@blp.get("/delegations")
@signed_in
@blp.response(200, schemas.DelegationShown(many=True))
def delegations() -> Sequence[Delegation]:
    """Delegations that hold or will hold where the person answers requests."""
    actor, today = current_actor(), clock.today(clock.now())
    return queries.delegations_of(queries.deciding_at(actor, today), today)


@blp.post("/delegations")
@only(*policy.STAFF)
@blp.arguments(schemas.DelegationGiven)
@blp.response(201, schemas.DelegationShown)
def delegate(body: dict[str, Any]) -> dict[str, Any]:
    """Let a colleague answer requests in one's own place, from a day to a day, both included."""
    actor = current_actor()
    permit(actor.has_at(body["provider_id"], *policy.STAFF))
    with transaction():
        return _shown(service.delegate(**body, by=actor, now=clock.now()))


@blp.post("/delegations/<int:delegation_id>/end")
@signed_in
@blp.response(200, schemas.DelegationShown)
def end_delegation(delegation_id: int) -> dict[str, Any]:
    """Take it back; what was answered meanwhile stands."""
    with transaction():
        return _shown(service.end_delegation(delegation_id, by=current_actor(), now=clock.now()))


@blp.get("/breaches")
@signed_in
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.BreachShown))
def breaches(query: dict[str, Any]) -> Page[Breach]:
    """One's own breach points and those of people one is in charge of, the newest first."""
    return queries.breaches_of(current_actor(), number=query["page"], size=query["per_page"])


@blp.post("/breaches/<int:breach_id>/appeal")
@signed_in
@blp.arguments(schemas.Appeal)
@blp.response(200, schemas.BreachShown)
def appeal(body: dict[str, Any], breach_id: int) -> Breach:
    """Say why the points should not count; once."""
    actor = current_actor()
    permit(policy.may_appeal(actor, queries.breach_for(actor, breach_id)))
    with transaction():
        service.appeal(breach_id, body["appeal"], by=actor, now=clock.now())
    return queries.breach_for(actor, breach_id)


@blp.post("/breaches/<int:breach_id>/decide")
@only("manager")
@blp.arguments(schemas.AppealDecision)
@blp.response(200, schemas.BreachShown)
def decide_breach(body: dict[str, Any], breach_id: int) -> Breach:
    """Lift the points, or uphold them after an appeal."""
    actor = current_actor()
    permit(policy.may_decide_breach(actor, queries.breach_for(actor, breach_id).provider_id))
    lifted = body["act"] == "lift"
    with transaction():
        service.decide_appeal(breach_id, lifted=lifted, decision=body["decision"], by=actor, now=clock.now())
    return queries.breach_for(actor, breach_id)


@blp.put("/breach-policies/<int:provider_id>")
@only("manager")
@blp.arguments(schemas.BreachPolicyGiven)
@blp.response(200, schemas.BreachPolicyShown)
def set_breach_policy(body: dict[str, Any], provider_id: int) -> BreachPolicy:
    """Say what counts at the institution from a day on."""
    actor = current_actor()
    permit(policy.may_decide_breach(actor, provider_id))
    now = clock.now()
    with transaction():
        begins = service.set_breach_policy(provider_id, **body, by=actor, now=now).valid_from
    return queries.breach_policies([provider_id], begins)[provider_id]


def _shown(row: Delegation) -> dict[str, Any]:
    names = ("id", "provider_id", "from_person_id", "to_person_id", "first_on", "last_on", "note", "ended_at")
    return {name: getattr(row, name) for name in names}
