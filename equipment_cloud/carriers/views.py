"""Pages of the register of carriers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.carriers import policy, queries, service
from equipment_cloud.carriers.forms import EndForm, EntryForm, SuspendForm
from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.carriers.rules import CATEGORIES, EntryState, state_on
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, actor_or_none, current_actor, only, permit, public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import date_of
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import N_, Refused

bp = Blueprint("carriers", __name__)
NAV: tuple[NavItem, ...] = (NavItem(label=N_("Carriers"), endpoint="carriers.index", place="public", order=50),)


@bp.get("/carriers")
@public
def index() -> str:
    """The register: entries in force for everyone, all there ever were for the bureau that asks for them."""
    actor, today = actor_or_none(), clock.today(clock.now())
    may_see_all = policy.may_see_all(actor)
    number, size = asked_page()
    everything = may_see_all and bool(request.args.get("all"))
    text = request.args.get("q", "").replace("\0", "")[:100].strip() or None
    page = queries.register(on=today, text=text, everything=everything, number=number, size=size)
    return render_template(
        "carriers/index.html",
        page=page,
        text=text,
        everything=everything,
        may_see_all=may_see_all,
        may_enter=actor is not None and policy.may_enter(actor),
        categories=category_words,
        states={entry.id: _state(entry, today) for entry in page.items},
    )


@bp.get("/carriers/new")
@only(*policy.KEEPERS)
def new() -> str:
    """The form of a new entry."""
    return _new_page(_entry_form(valid_from=clock.today(clock.now())))


@bp.post("/carriers/new")
@only(*policy.KEEPERS)
def enter() -> Response | tuple[str, int]:
    """Enter a carrier; another person confirms."""
    form = _entry_form()
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        with transaction():
            entry = service.enter(
                form.organisation_id.data, form.categories.data or [], valid_from=date_of(form.valid_from),
                valid_to=form.valid_to.data, document_number=form.document_number.data, by=current_actor(),
                now=clock.now(),
            )  # fmt: skip
            entry_id = entry.id
    except Refused as refusal:
        form.show(refusal)
        return _new_page(form), refusal.status
    flash(_("The entry is made; it counts once a colleague confirms it."), "success")
    return redirect(url_for("carriers.show", entry_id=entry_id), 303)


@bp.get("/carriers/<int:entry_id>")
@only(*policy.READERS)
def show(entry_id: int) -> str:
    """One entry, for the bureau: who entered and confirmed it, and what can be done."""
    today = clock.today(clock.now())
    return _page(queries.entry(entry_id), SuspendForm(None, from_on=today), EndForm(None, last_on=today))


@bp.post("/carriers/<int:entry_id>/confirm")
@only(*policy.CONFIRMERS)
def confirm(entry_id: int) -> Response:
    """The second person's yes."""
    return _done(lambda by, now: service.confirm(entry_id, by=by, now=now), entry_id, _("The entry is in force."))


@bp.post("/carriers/<int:entry_id>/suspend")
@only(*policy.KEEPERS)
def suspend(entry_id: int) -> Response | tuple[str, int]:
    """No new services from a day on."""
    form, entry = SuspendForm(), queries.entry(entry_id)
    permit(policy.may_suspend(current_actor(), entry))
    if not form.validate_on_submit():
        return _page(entry, form, EndForm(None)), 422
    reason, from_on = form.reason.data or "", date_of(form.from_on)
    words = _("The entry is suspended.")
    return _done(lambda by, now: service.suspend(entry_id, reason, from_on=from_on, by=by, now=now), entry_id, words)


@bp.post("/carriers/<int:entry_id>/resume")
@only(*policy.KEEPERS)
def resume(entry_id: int) -> Response:
    """Lift a suspension."""
    return _done(lambda by, now: service.resume(entry_id, by=by, now=now), entry_id, _("The suspension is lifted."))


@bp.post("/carriers/<int:entry_id>/end")
@only(*policy.KEEPERS)
def end(entry_id: int) -> Response | tuple[str, int]:
    """Set the last day."""
    form, entry = EndForm(), queries.entry(entry_id)
    if not form.validate_on_submit():
        return _page(entry, SuspendForm(None), form), 422
    try:
        with transaction():
            service.end(entry_id, last_on=date_of(form.last_on), by=current_actor(), now=clock.now())
    except Refused as refusal:
        form.show(refusal)
        return _page(queries.entry(entry_id), SuspendForm(None), form), refusal.status
    flash(_("The last day is set."), "success")
    return redirect(url_for("carriers.show", entry_id=entry_id), 303)


def to_confirm(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Entries of others that wait for a second person."""
    return [
        TodoRow(
            label=N_("Confirm carrier %(name)s"),
            values={"name": entry.organisation.name},
            url=url_for("carriers.show", entry_id=entry.id),
            kind="carrier",
            state=EntryState.ENTERED,
            act=N_("Look"),
        )
        for entry in queries.unconfirmed(not_by=actor.id, limit=5)
    ]


PANELS: tuple[Panel, ...] = (Panel(roles=policy.CONFIRMERS, rows=to_confirm, order=40),)


def category_words(codes: list[str]) -> str:
    """Categories in the reader's language."""
    return str(_(", ")).join(worded(CATEGORIES.get(code, code)) for code in codes)


def _done(act: Callable[[Actor, datetime], CarrierEntry], entry_id: int, words: str) -> Response:
    with transaction():
        act(current_actor(), clock.now())
    flash(words, "success")
    return redirect(url_for("carriers.show", entry_id=entry_id), 303)


def _entry_form(**values: object) -> EntryForm:
    form = EntryForm(**values)
    form.organisation_id.choices = [(each.id, each.name) for each in queries.providers()]
    return form


def _new_page(form: EntryForm) -> str:
    return render_template("carriers/new.html", form=form)


def _page(entry: CarrierEntry, suspend_form: SuspendForm, end_form: EndForm) -> str:
    actor, today = current_actor(), clock.today(clock.now())
    state = _state(entry, today)
    return render_template(
        "carriers/show.html",
        entry=entry,
        state=state,
        categories=category_words(entry.categories),
        people=queries.people_of(entry),
        may_confirm=policy.may_confirm(actor, entry) and entry.entered_by != actor.id,
        waits_for_another=policy.may_confirm(actor, entry) and entry.entered_by == actor.id,
        may_suspend=policy.may_suspend(actor, entry) and state is EntryState.CONFIRMED,
        may_resume=policy.may_suspend(actor, entry) and entry.suspended_from is not None,
        may_end=policy.may_end(actor, entry) and state is not EntryState.ENDED,
        suspend_form=suspend_form,
        end_form=end_form,
    )


def _state(entry: CarrierEntry, today: date) -> EntryState:
    return state_on(
        today,
        is_confirmed=entry.confirmed_by is not None,
        valid_to=entry.valid_to,
        suspended_from=entry.suspended_from,
    )
