"""What somebody keeps for themselves, and instruments side by side."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.discovery import queries, service
from equipment_cloud.discovery.forms import facets_of, ids_of, kind_of, words_of
from equipment_cloud.discovery.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, public, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.pricing import queries as pricing
from equipment_cloud.pricing.models import CustomerClass
from equipment_cloud.reference import queries as reference


@bp.get("/kept")
@signed_in
def kept() -> str:
    """Favourites, what was used last, saved searches."""
    actor = current_actor()
    searches = [(record, queries.address_of(record)) for record in queries.saved_searches(actor.id)]
    return render_template(
        "discovery/kept.html",
        favourites=queries.favourites(actor.id),
        recent=queries.recently_booked(actor.id),
        searches=searches,
    )


@bp.post("/instruments/<int:instrument_id>/keep")
@signed_in
def keep(instrument_id: int) -> Response:
    """Keep it at hand."""
    try:
        with transaction():
            service.keep(instrument_id, by=current_actor(), now=clock.now())
    except service.TooMany as refusal:
        _say(refusal)
    else:
        flash(_("The instrument is among your favourites."), "success")
    return redirect(url_for("discovery.instrument", instrument_id=instrument_id), 303)


@bp.post("/instruments/<int:instrument_id>/let-go")
@signed_in
def let_go(instrument_id: int) -> Response:
    """Not a favourite any more."""
    with transaction():
        service.let_go(instrument_id, by=current_actor())
    flash(_("The instrument is no favourite any more."), "success")
    return redirect(url_for("discovery.kept"), 303)


@bp.post("/saved-searches")
@signed_in
def save_search() -> Response:
    """Tell me what new fits."""
    words, facets = words_of(request.form), {**facets_of(request.form), "kind": tuple(kind_of(request.form))}
    try:
        with transaction():
            service.save_search(words, facets, by=current_actor(), now=clock.now())
    except Refused as refusal:
        _say(refusal)
    else:
        flash(_("You will be told once a day when something new fits."), "success")
    return redirect(url_for("discovery.kept"), 303)


@bp.post("/saved-searches/<int:search_id>/forget")
@signed_in
def forget_search(search_id: int) -> Response:
    """No more of it."""
    with transaction():
        service.forget_search(search_id, by=current_actor())
    flash(_("The saved search is removed."), "success")
    return redirect(url_for("discovery.kept"), 303)


@bp.get("/instruments/compare")
@public
def compare() -> str:
    """Up to four instruments side by side, to print."""
    records = queries.side_by_side(ids_of(request.args, "id"))
    prices = pricing.hour_prices([record.id for record in records], clock.today(clock.now())) if records else {}
    return render_template(
        "discovery/compare.html",
        records=records,
        prices={key: found.get(CustomerClass.LOCAL) for key, found in prices.items()},
        towns=reference.region_names([record.town_code for record in records]),
        classes=reference.class_names(),
    )


def _say(refusal: Refused) -> None:
    problem = next(iter(refusal.problems), None)
    flash(
        worded(problem.message, dict(problem.values)) if problem else worded(refusal.message_id, dict(refusal.values)),
        "error",
    )
