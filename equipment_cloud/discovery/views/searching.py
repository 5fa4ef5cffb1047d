"""Searching: instruments and test services together, and each apart."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from equipment_cloud.discovery import queries
from equipment_cloud.discovery.forms import asked_of, facets_of, kind_of, words_of
from equipment_cloud.discovery.policy import customer_of
from equipment_cloud.discovery.rules import Asked, Sort
from equipment_cloud.discovery.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import actor_or_none, public
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.kernel.period import Period

DEMANDS = "/demands"
"""Where needs are posted; the link is shown where this page exists."""
SORTS = {
    Sort.RELEVANCE: N_("Best match"),
    Sort.PRICE: N_("Lowest price"),
    Sort.NEXT_FREE: N_("Free soonest"),
    Sort.NAME: N_("Name"),
    Sort.NEWEST: N_("Newest"),
}


@bp.app_template_filter("with_value")
def with_value(given: MultiDict[str, str], name: str, value: str) -> str:
    """The present query with a facet's value added, or dropped if it is chosen already; back on page one."""
    query = MultiDict(given)
    query.poplist("page")
    values = query.poplist(name)
    query.setlist(name, [item for item in values if item != value] if value in values else [*values, value])
    return f"{request.path}?{urlencode(list(query.items(multi=True)))}"


@bp.get("/search")
@public
def search() -> str:
    """Instruments and test services in one ranking."""
    now = clock.now()
    number, size = asked_page()
    words, kind = words_of(request.args), tuple(kind_of(request.args))
    facets = facets_of(request.args)
    found = queries.search_everything(
        words, **facets, kind=kind, today=clock.today(now), now=now, number=number, size=size
    )
    return render_template(
        "discovery/search.html",
        found=found,
        page=found.page,
        q=words,
        given=request.args,
        tabs=_kinds(words, "search"),
        prices_url=_prices_url([hit.instrument.instrument.id for hit in found.page.items if hit.instrument], None),
        **_help(words, found.answer),
    )


@bp.get("/instruments")
@public
def instruments() -> str:
    """Search with facets; a filter that cannot be read is told beside the results of the rest."""
    now = clock.now()
    number, size = asked_page()
    problems: list[dict[str, Any]] = []
    try:
        asked = asked_of(request.args, now=now, customer=customer_of(actor_or_none()))
    except Invalid as refusal:
        asked = Asked(q=words_of(request.args))
        problems = [problem_values(problem) for problem in refusal.problems]
    found = queries.search_instruments(asked, today=clock.today(now), now=now, number=number, size=size)
    return render_template(
        "discovery/instruments.html",
        asked=asked,
        found=found,
        page=found.page,
        problems=problems,
        tabs=_kinds(asked.q, "instruments"),
        prices_url=_prices_url([hit.instrument.id for hit in found.page.items], asked.free),
        **_help(asked.q, found.answer),
        sorts=[(sort.value, _(label)) for sort, label in SORTS.items()],
        given=request.args,
    )


@bp.get("/services")
@public
def services() -> str:
    """Test services by need."""
    number, size = asked_page()
    words = words_of(request.args)
    accredited = request.args.get("accredited") in {"1", "true", "on"}
    found = queries.search_services(
        words,
        **facets_of(request.args),
        accredited=accredited,
        today=clock.today(clock.now()),
        number=number,
        size=size,
    )
    return render_template(
        "discovery/services.html",
        found=found,
        page=found.page,
        q=words,
        accredited=accredited,
        tabs=_kinds(words, "services"),
        **_help(words, found.answer),
    )


def _kinds(words: str, here: str) -> list[tuple[str, str, bool, None]]:
    """The three ways to look at the same words."""
    ways = {"search": _("Everything"), "instruments": _("Instruments"), "services": _("Test services")}
    return [(label, url_for(f"discovery.{name}", q=words or None), name == here, None) for name, label in ways.items()]


def _help(words: str, answer: queries.Answer) -> dict[str, Any]:
    """Other ways to ask, and where to say what one needs, if the platform takes needs (需求)."""
    posts = any(rule.rule == DEMANDS and "GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules())
    need = f"{DEMANDS}?{urlencode({'q': words})}" if posts and words else None
    return {"others": queries.other_ways(words, answer), "need_url": need}


def _prices_url(ids: list[int], free: Period | None) -> str | None:
    """Where the reader's own prices come from, for those who book for an enterprise."""
    if not ids or customer_of(actor_or_none()) is None:
        return None
    begins, ends = (free.starts_at.isoformat(), free.ends_at.isoformat()) if free else (None, None)
    return url_for("discovery.own_prices", id=ids, free_from=begins, free_to=ends)
