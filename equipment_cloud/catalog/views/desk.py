"""The owner's desk: the list of own records, and one record with all that can be done to it."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from equipment_cloud.catalog import policy, queries
from equipment_cloud.catalog.forms import PositionsForm
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.catalog.rules import WRITABLE, problems_before_submission
from equipment_cloud.catalog.service import steps as rules_of_steps
from equipment_cloud.catalog.views import wording
from equipment_cloud.catalog.views.blueprint import STAFF, bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only, permit
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.foundation.state_words import state_choices

ORDER = (InstrumentState.DRAFT, InstrumentState.SUBMITTED, InstrumentState.VERIFIED, InstrumentState.PUBLISHED)


@bp.get("/my-instruments")
@only(*STAFF)
def desk() -> str:
    """Own records by state."""
    actor = current_actor()
    number, size = asked_page()
    state, q = request.args.get("state", ""), request.args.get("q", "")
    counts = queries.counts_managed_by(actor)
    page = queries.managed_by(actor, number=number, size=size, state=state, q=q)
    states = [(value, words, counts.get(value, 0)) for value, words in state_choices("instrument")]
    return render_template(
        "catalog/desk.html", page=page, states=states, state=state, q=q, total=sum(counts.values()),
        may_create=bool(actor.organisations(*policy.MANAGERS)),
    )  # fmt: skip


@bp.get("/my-instruments/<int:instrument_id>")
@only(*STAFF)
def record(instrument_id: int) -> str:
    """One own record."""
    return record_page(own(instrument_id), PositionsForm(formdata=None))


def own(instrument_id: int) -> Instrument:
    """A record the actor may see and stands at. Raises NotFound, Forbidden."""
    actor = current_actor()
    found = queries.visible_to(actor, instrument_id)
    permit(policy.may_pause(actor, found))
    return found


def record_page(found: Instrument, positions_form: PositionsForm) -> str:
    """The record's page; ``positions_form`` may carry mistakes."""
    actor = current_actor()
    now = clock.now()
    positions = queries.positions(found.id)
    if not positions_form.is_submitted():
        positions_form.positions.data = len(positions)
    missing = problems_before_submission({name: getattr(found, name) for name in WRITABLE})
    history = queries.history(found.id, number=1, size=20)
    return render_template(
        "catalog/record.html", record=found, groups=wording.groups_of(found), positions=positions,
        positions_form=positions_form, calibrations=queries.calibrations(found.id),
        services=queries.services_on(found.id), events=wording.events_of(history.items),
        missing=missing if found.state is InstrumentState.DRAFT else [], way=_way(found),
        pause_reason=wording.reason_words(found.pause_reason),
        is_calibrated=rules_of_steps.is_calibrated(found, now=now), extra=list(found.extra.items())[:100],
        **_permissions(actor, found),
    )  # fmt: skip


def _way(found: Instrument) -> dict[str, object]:
    """Steps of the record and who acts next."""
    position = ORDER.index(found.state) if found.state in ORDER else len(ORDER)
    next_step = {
        InstrumentState.DRAFT: _("Complete the record and submit it."),
        InstrumentState.SUBMITTED: _("The bureau verifies it."),
        InstrumentState.VERIFIED: _("Agree to the terms and public fields, then publish it."),
    }.get(found.state)
    words = [_("Draft"), _("Submitted"), _("Verified"), _("In the catalogue")]
    done = position + (found.state is InstrumentState.PUBLISHED)
    return {"steps": words, "done": done, "next_step": next_step}


def _permissions(actor: Actor, found: Instrument) -> dict[str, bool]:
    may_edit, may_pause = policy.may_edit(actor, found), policy.may_pause(actor, found)
    state = found.state
    return {
        "may_edit": may_edit and state is not InstrumentState.RETIRED,
        "may_submit": may_edit and state is InstrumentState.DRAFT,
        "may_consent": may_edit and state is not InstrumentState.RETIRED,
        "may_publish": may_edit and state is InstrumentState.VERIFIED and found.consented_at is not None,
        "may_pause": may_pause and state is InstrumentState.PUBLISHED,
        "may_resume": may_pause and state is InstrumentState.PAUSED,
        "may_retire": may_edit and state not in {InstrumentState.RETIRED, InstrumentState.SUBMITTED},
        "may_calibrate": may_pause and state is not InstrumentState.RETIRED,
    }
