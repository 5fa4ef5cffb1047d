"""Standing: asked for, approved, refused."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.organisations import policy, service
from equipment_cloud.organisations.forms import ReasonForm
from equipment_cloud.organisations.rules import Role
from equipment_cloud.organisations.views.blueprint import back_to, bp, inside


@bp.post("/organisations/<int:organisation_id>/standing/request")
@only(Role.OWNER, Role.MANAGER)
def request_standing(organisation_id: int) -> Response:
    """Ask the bureau to approve the organisation for vouchers."""
    actor = current_actor()
    inside(organisation_id)
    permit(policy.may_request_standing(actor, organisation_id))
    with transaction():
        service.request_standing(organisation_id, by=actor, now=clock.now())
    flash(_("The bureau has your request. You will find its answer in the inbox."), "success")
    return back_to("portrait", organisation_id)


@bp.post("/organisations/<int:organisation_id>/standing/approve")
@only(Role.REVIEWER)
def approve_standing(organisation_id: int) -> Response:
    """Approve the organisation for vouchers."""
    actor = current_actor()
    inside(organisation_id)
    permit(policy.may_decide_standing(actor, organisation_id))
    with transaction():
        service.approve_standing(organisation_id, by=actor, now=clock.now())
    flash(_("The organisation is approved for vouchers."), "success")
    return back_to("portrait", organisation_id)


@bp.post("/organisations/<int:organisation_id>/standing/refuse")
@only(Role.REVIEWER)
def refuse_standing(organisation_id: int) -> Response:
    """Refuse or withdraw the approval, with a reason."""
    actor = current_actor()
    inside(organisation_id)
    permit(policy.may_decide_standing(actor, organisation_id))
    with transaction():
        service.refuse_standing(organisation_id, ReasonForm().reason.data or "", by=actor, now=clock.now())
    flash(_("The organisation has been told why it is not approved."), "success")
    return back_to("portrait", organisation_id)
