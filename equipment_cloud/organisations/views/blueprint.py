"""The blueprint of the organisations room, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from equipment_cloud.foundation.access import Actor, actor_or_none
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.organisations import policy, queries
from equipment_cloud.organisations.models import Organisation

bp = Blueprint("organisations", __name__)
Answer = Response | tuple[str, int]


def visible(organisation_id: int) -> Organisation:
    """The organisation, if this reader may see its portrait. Raises :class:`NotFound`."""
    organisation = queries.organisation(organisation_id)
    if not policy.may_see(actor_or_none(), organisation):
        raise NotFound
    return organisation


def inside(organisation_id: int) -> Organisation:
    """The organisation, if this reader may see its people, figures and accounts. Raises :class:`NotFound`."""
    organisation = queries.organisation(organisation_id)
    if not policy.may_see_inside(actor_or_none(), organisation_id):
        raise NotFound
    return organisation


def back_to(endpoint: str, organisation_id: int) -> Response:
    """To a page of the organisation, after a deed."""
    return redirect(url_for(f"organisations.{endpoint}", organisation_id=organisation_id), 303)


def tabs_of(actor: Actor | None, organisation: Organisation) -> dict[str, Any]:
    """Which pages of the organisation the reader may open."""
    is_inside = policy.may_see_inside(actor, organisation.id)
    return {
        "organisation": organisation,
        "is_inside": is_inside,
        "may_correct": policy.may_correct_identity(actor),
        "may_edit": policy.may_edit(actor, organisation.id),
    }
