"""The bureau's verification: the queue, and one record with everything the surveyor must see."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, queries, service
from equipment_cloud.catalog.forms import SendBackForm
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import IN_CATALOGUE, WRITABLE, problems_before_submission, problems_between
from equipment_cloud.catalog.views import wording
from equipment_cloud.catalog.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.reference import queries as reference


@bp.get("/verification")
@only("surveyor")
def verification() -> str:
    """Records that wait for the bureau's look, oldest first."""
    number, size = asked_page()
    owner = request.args.get("owner", "")
    owner_id = int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 10 else None
    town, q = request.args.get("town", ""), request.args.get("q", "")
    page = queries.awaiting_verification(number=number, size=size, organisation_id=owner_id, town=town, q=q)
    owners = [(found_id, f"{name} ({count})") for found_id, name, count in queries.owners_awaiting()]
    return render_template(
        "catalog/verification.html", page=page, owners=owners, owner=owner_id, towns=reference.town_choices(),
        town=town, q=q, names=reference.region_names({record.town_code for record in page.items}),
    )  # fmt: skip


@bp.get("/verification/<int:instrument_id>")
@only("surveyor")
def examine(instrument_id: int) -> str:
    """One record, field by field."""
    return _page(queries.visible_to(current_actor(), instrument_id), SendBackForm(formdata=None))


@bp.post("/verification/<int:instrument_id>/verify")
@only("surveyor")
def verify(instrument_id: int) -> Response:
    """It is as it says."""
    with transaction():
        service.verify(instrument_id, by=current_actor(), now=clock.now())
    flash(_("Verified; its owner is told."), "success")
    return _next(instrument_id)


@bp.post("/verification/<int:instrument_id>/send-back")
@only("surveyor")
def send_back(instrument_id: int) -> Response | tuple[str, int]:
    """Back to its owner, with all defects at once."""
    form = SendBackForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.send_back(instrument_id, form.reason.data or "", by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("Sent back; its owner is told why."), "success")
            return _next(instrument_id)
    return _page(queries.visible_to(current_actor(), instrument_id), form), 422


def _next(instrument_id: int) -> Response:
    following = queries.next_awaiting_verification(instrument_id)
    if following is None:
        return redirect(url_for("catalog.verification"), 303)
    return redirect(url_for("catalog.examine", instrument_id=following), 303)


def _page(found: Instrument, form: SendBackForm) -> str:
    actor = current_actor()
    now = clock.now()
    values = {name: getattr(found, name) for name in WRITABLE}
    problems = [*problems_before_submission(values), *problems_between(values, today=clock.today(now))]
    changed_since = found.state in IN_CATALOGUE and found.verified_at is None
    history = queries.history(found.id, number=1, size=20)
    waits = found.state is InstrumentState.SUBMITTED
    may_verify = policy.may_verify(actor, found)
    return render_template(
        "catalog/examine.html", record=found, groups=wording.groups_of(found), problems=problems, form=form,
        twins=queries.twins(found), positions=queries.positions(found.id), events=wording.events_of(history.items),
        extra=list(found.extra.items())[:100], changed_since=changed_since,
        may_verify=may_verify and (waits or changed_since),
        may_send_back=may_verify and found.state in {InstrumentState.SUBMITTED, InstrumentState.VERIFIED},
    )  # fmt: skip
