"""Pages of usage: the one at the instrument, the list, the record."""

from __future__ import annotations

import io
from datetime import datetime

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from equipment_cloud.booking import queries as bookings
from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument, InstrumentState
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none, current_actor, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.foundation.state_words import state_word
from equipment_cloud.kernel.errors import N_, Invalid, NotFound
from equipment_cloud.usage import policy, queries, service
from equipment_cloud.usage.forms import CorrectionForm, StopForm, WalkInForm
from equipment_cloud.usage.models import Grade, UsageState

bp = Blueprint("usage", __name__)

PARTIES = ("researcher", "owner", "accountant", "manager", "operator", "finance")
NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Usage"), endpoint="usage.index", roles=(*PARTIES, *queries.WATCHERS), order=40, phone=True),
)
EVIDENCE = {
    Grade.A: N_("A: recorded by a sensor"),
    Grade.B: N_("B: scanned on site"),
    Grade.C: N_("C: confirmed by both sides"),
    Grade.D: N_("D: typed later"),
}
OPEN_STATES = (InstrumentState.PUBLISHED, InstrumentState.PAUSED)


def waiting(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Hours that wait for this person's confirmation."""
    return [
        TodoRow(
            label=N_("Confirm the hours of %(instrument)s (%(number)s)"),
            values={"instrument": record.instrument.name, "number": record.number},
            url=url_for("usage.show", usage_id=record.id),
            kind="usage",
            state=record.state,
            act=N_("Confirm hours"),
        )
        for record in queries.to_confirm(actor, most=5)
    ]


PANELS: tuple[Panel, ...] = (Panel(roles=policy.USERS, rows=waiting, order=30),)


@bp.get("/at/<code>")
@public
def at(code: str) -> str:
    """The page the QR code at the instrument opens: what is it, is it running, start or stop."""
    return _at_page(_open_instrument(code), StopForm(), status=200)[0]


def _at_page(instrument: Instrument, stop_form: StopForm, *, status: int) -> tuple[str, int]:
    actor, now = actor_or_none(), clock.now()
    running = queries.running_at(instrument.id)
    mine = [record for record in running if actor is not None and policy.may_stop(actor, record)]
    startable = queries.startable_bookings(actor, instrument.id, now) if actor is not None else []
    busy = {record.position_id for record in running}
    positions = catalog.positions(instrument.id)
    form = WalkInForm()
    form.position_id.choices = [(place.id, place.label) for place in positions if place.id not in busy]
    page = render_template(
        "usage/at.html",
        instrument=instrument,
        running=running,
        mine=mine,
        bookings=startable,
        positions=positions,
        busy=busy,
        stop_form=stop_form,
        form=form,
        may_walk_in=actor is not None and policy.may_walk_in(actor, instrument),
    )
    return page, status


@bp.get("/at/<code>/qr.svg")
@public
def qr(code: str) -> Response:
    """The QR code that leads here, to print as a label."""
    instrument = _open_instrument(code)
    picture = io.BytesIO()
    address = url_for("usage.at", code=instrument.code, _external=True)
    segno.make_qr(address, error="m").save(picture, kind="svg", border=4, scale=6, xmldecl=False)
    return Response(picture.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


@bp.post("/at/<code>/bookings/<int:booking_id>/start")
@signed_in
def start(code: str, booking_id: int) -> BaseResponse:
    """Begin the session of a booking."""
    actor, instrument = current_actor(), _open_instrument(code)
    if bookings.booking_for(actor, booking_id).instrument_id != instrument.id:
        raise NotFound
    with transaction():
        service.start(booking_id, by=actor, now=clock.now())
    flash(_("The session is running. Remember to stop it here."), "success")
    return redirect(url_for("usage.at", code=instrument.code), 303)


@bp.post("/at/<code>/start")
@signed_in
def walk_in(code: str) -> BaseResponse:
    """Begin own use without a booking."""
    instrument = _open_instrument(code)
    places = catalog.positions(instrument.id)
    form = WalkInForm()
    form.position_id.choices = [(place.id, place.label) for place in places]
    if not form.validate_on_submit():
        raise Invalid.single("position", N_("Choose a position."), field="position_id")
    position = next(place for place in places if place.id == form.position_id.data)
    with transaction():
        service.walk_in(instrument, position, by=current_actor(), now=clock.now())
    flash(_("The session is running. Remember to stop it here."), "success")
    return redirect(url_for("usage.at", code=instrument.code), 303)


@bp.post("/usage/<int:usage_id>/stop")
@signed_in
def stop(usage_id: int) -> BaseResponse | tuple[str, int]:
    """End a running session."""
    actor = current_actor()
    form, record = StopForm(), queries.usage_for(actor, usage_id)
    if not form.validate_on_submit():
        return _at_page(record.instrument, form, status=422)
    with transaction():
        service.stop(usage_id, samples=form.samples.data, note=form.note.data, by=actor, now=clock.now())
    flash(_("The session has ended. Please check planned and actual time and confirm."), "success")
    return redirect(url_for("usage.show", usage_id=usage_id), 303)


@bp.get("/usage")
@signed_in
def index() -> str:
    """Records of both sides, filtered by state."""
    number, size = asked_page()
    state = request.args.get("state", "")
    page = queries.usage_page(
        current_actor(), number=number, size=size, state=state if state in set(UsageState) else None
    )
    choices = [(value.value, state_word("usage", value)) for value in UsageState]
    return render_template("usage/index.html", page=page, state=state, state_choices=choices)


@bp.get("/usage/<int:usage_id>")
@signed_in
def show(usage_id: int) -> str:
    """Planned beside actual, evidence, who confirmed, what it costs."""
    actor = current_actor()
    record = queries.usage_for(actor, usage_id)
    return render_template(
        "usage/show.html",
        record=record,
        corrections=queries.corrections(usage_id),
        evidence=_(EVIDENCE[record.grade]),
        lines=record.price_lines,
        may_confirm=policy.may_confirm(actor, record),
        may_correct=policy.may_correct(actor, record),
        may_stop=record.state is UsageState.RUNNING and policy.may_stop(actor, record),
        stop_form=StopForm(),
    )


@bp.post("/usage/<int:usage_id>/confirm")
@signed_in
def confirm(usage_id: int) -> BaseResponse:
    """Confirm for the side the person speaks for."""
    actor = current_actor()
    queries.usage_for(actor, usage_id)
    with transaction():
        done = service.confirm(usage_id, by=actor, now=clock.now()).state is UsageState.CONFIRMED
    flash(
        _("Both sides have confirmed: the hours are settled.")
        if done
        else _("Confirmed. The other side is asked now."),
        "success",
    )
    return redirect(url_for("usage.show", usage_id=usage_id), 303)


@bp.route("/usage/<int:usage_id>/correct", methods=["GET", "POST"])
@signed_in
def correct(usage_id: int) -> BaseResponse | str | tuple[str, int]:
    """Correct the times with a reason."""
    actor = current_actor()
    record = queries.usage_for(actor, usage_id)
    form = CorrectionForm(obj=record)
    if form.validate_on_submit():
        try:
            with transaction():
                service.correct(
                    usage_id,
                    **form.given(),
                    by=actor,
                    now=clock.now(),
                )
        except Invalid as refusal:
            form.show(refusal)
        else:
            flash(_("Corrected. Both sides are asked to confirm anew."), "success")
            return redirect(url_for("usage.show", usage_id=usage_id), 303)
    page = render_template("usage/correct.html", record=record, form=form)
    return page if request.method == "GET" else (page, 422)


def _open_instrument(code: str) -> Instrument:
    """The instrument of a QR code. Raises :class:`NotFound` for unknown and unpublished ones."""
    if len(code) > 32 or "\x00" in code:
        raise NotFound
    instrument = catalog.instrument_by_code(code)
    if instrument.state not in OPEN_STATES:
        raise NotFound
    return instrument
