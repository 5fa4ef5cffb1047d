"""People of the platform, for the bureau's administrator."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.accounts import policy, queries, service
from equipment_cloud.accounts.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page


@bp.get("/people")
@only("admin")
def people() -> str:
    """Everyone with an account, newest first."""
    number, size = asked_page()
    text = request.args.get("q", "").replace("\0", "").strip()[:100]
    page = queries.page_of_people(text or None, number=number, size=size)
    closable = {person.id for person in page.items if policy.may_disable(current_actor(), person)}
    return render_template("accounts/people.html", page=page, text=text, closable=closable)


@bp.post("/people/<int:person_id>/disable")
@only("admin")
def disable(person_id: int) -> Response:
    """Close an account; its sessions and tokens end at once."""
    actor = current_actor()
    permit(policy.may_disable(actor, queries.person(person_id)))
    with transaction():
        service.disable(person_id, by=actor, now=clock.now())
    flash(_("The account is closed."), "success")
    return redirect(url_for("accounts.people"), 303)


@bp.post("/people/<int:person_id>/enable")
@only("admin")
def enable(person_id: int) -> Response:
    """Open a closed account again."""
    actor = current_actor()
    permit(policy.may_disable(actor, queries.person(person_id)))
    with transaction():
        service.enable(person_id, by=actor, now=clock.now())
    flash(_("The account is open again."), "success")
    return redirect(url_for("accounts.people"), 303)
