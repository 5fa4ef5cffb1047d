"""Answer links: made and shown once by the bureau's side, opened by the unit."""

from __future__ import annotations

import segno
from flask import Response, current_app, flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.survey import policy, service
from equipment_cloud.survey.forms import LinkForm
from equipment_cloud.survey.views.answering import LINK_COOKIE
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.views.units import chased, unit_page

Answer = str | BaseResponse | tuple[str, int]


@bp.post("/survey/units/<int:unit_id>/links")
@only(*policy.CHASERS)
def make_link(unit_id: int) -> Answer:
    """Make a link; its address is on this one answer and nowhere else."""
    found = chased(unit_id)
    form = LinkForm()
    if not form.validate_on_submit():
        return unit_page(found, link_form=form), 422
    try:
        with transaction():
            link, url = service.make_link(
                unit_id, form.addressee.data or "", days=form.days.data or 0, base=current_app.config["PUBLIC_URL"],
                by=current_actor(), now=clock.now(), address=form.address.data,
            )  # fmt: skip
            shown = {"addressee": link.addressee, "expires_at": link.expires_at, "sent_to": link.sent_to}
    except Refused as refusal:
        form.show(refusal)
        return unit_page(found, link_form=form), refusal.status
    picture = segno.make_qr(url, error="m").svg_data_uri(border=4, scale=6)
    return render_template("survey/make_link.html", unit=found, url=url, picture=picture, **shown)


@bp.post("/survey/units/<int:unit_id>/links/<int:link_id>/revoke")
@only(*policy.CHASERS)
def revoke_link(unit_id: int, link_id: int) -> BaseResponse:
    """It opens nothing any more."""
    chased(unit_id)
    with transaction():
        service.revoke_link(unit_id, link_id, by=current_actor(), now=clock.now())
    flash(_("The link is revoked."), "success")
    return redirect(url_for("survey.unit", unit_id=unit_id), 303)


@bp.get("/answer/<string:token>")
@public
@limiter.limit("20 per minute")
def open_link(token: str) -> BaseResponse:
    """Come in by a link: the secret leaves the address at once, the visit is kept in the signed cookie."""
    with transaction():
        link = service.open_link(token, now=clock.now())
        link_id, unit_id = link.id, link.unit_id
    cookie[LINK_COOKIE] = link_id
    return redirect(url_for("survey.answer", unit_id=unit_id), 303)


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """What a bearer of a link sees is as personal as a signed-in person's page."""
    if LINK_COOKIE in cookie:
        response.headers["Cache-Control"] = "no-store"
    return response
