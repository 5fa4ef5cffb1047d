"""Who answers for a unit on these pages."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask import session as cookie

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.survey import policy, queries, service
from equipment_cloud.survey.models import CampaignUnit

LINK_COOKIE = "answer_link"


def answerer(unit_id: int) -> tuple[CampaignUnit, Actor]:
    """The unit and who fills in its return: its people, its liaison, the surveyor, or the bearer of its link.

    A visitor without a link is asked to sign in; to anybody else there is no such return.
    """
    actor = actor_or_none()
    if actor is not None:
        found = queries.unit(unit_id)
        if policy.may_fill_in(actor, found.organisation) or policy.may_see(actor, found.organisation):
            return found, actor
    link_id = cookie.get(LINK_COOKIE)
    if isinstance(link_id, int):
        bearer, unit = service.bearer_of(link_id, now=clock.now())
        if unit.id == unit_id:
            return unit, bearer
    if actor is None:
        abort(redirect(url_for("accounts.sign_in", next=request.path if request.method == "GET" else "/"), 303))
    raise NotFound
