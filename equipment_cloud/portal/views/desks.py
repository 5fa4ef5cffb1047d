"""The home page of visitors, and the desks of everyone who is signed in."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import cast

from flask import current_app, render_template

from equipment_cloud.foundation import clock, jobs
from equipment_cloud.foundation.access import Actor, actor_or_none, current_actor, only, public, signed_in
from equipment_cloud.foundation.navigation import Panel, TodoRow
from equipment_cloud.kernel.errors import N_
from equipment_cloud.portal import queries
from equipment_cloud.portal.rules import BUREAU, NEEDS, STEPS, WATCHERS
from equipment_cloud.portal.views.blueprint import bp

TODO = "todo"
SECTIONS = {"running": N_("Under way"), "coming": N_("Coming up")}


@bp.get("/")
@public
def home() -> str:
    """What the platform offers, to visitors; what waits, to people."""
    actor = actor_or_none()
    if actor is not None:
        return review() if actor.has(*BUREAU) else desk()
    now = clock.now()
    return render_template(
        "portal/home.html",
        figures=queries.home_figures(now=now),
        needs=NEEDS,
        stages=STEPS,
        notices=queries.open_notices(),
        instruments=queries.newest_instruments(),
    )


@bp.get("/desk")
@signed_in
def desk() -> str:
    """What waits for this person (待我办理), what is under way and what comes up."""
    return _desk("portal/desk.html", current_actor(), now=clock.now())


@bp.get("/review")
@only(*BUREAU)
def review() -> str:
    """The bureau's desk."""
    return _desk("portal/review.html", current_actor(), now=clock.now())


def _desk(template: str, actor: Actor, *, now: datetime) -> str:
    rows = _rows(actor, now=now)
    watches = actor.has(*WATCHERS)
    todo = rows.pop(TODO, [])
    return render_template(
        template,
        todo=todo,
        todo_total=sum(row.count or 1 for row in todo),
        sections=[(SECTIONS.get(place, place), found) for place, found in rows.items() if found],
        now=now,
        clock_stands_still=watches and jobs.stands_still(jobs.last_beat(), now=now),
        is_new=not actor.grants,
        is_bureau=actor.has(*BUREAU),
    )


def _rows(actor: Actor, *, now: datetime) -> dict[str, list[TodoRow]]:
    """Rows by place of the desk (``todo``, ``coming``, ``running``): urgent ones and nearest deadlines first."""
    panels = [panel for panel in _panels() if not panel.roles or actor.has(*panel.roles)]
    panels.sort(key=lambda panel: (panel.place, panel.order))
    found: dict[str, list[TodoRow]] = {}
    for place, of_place in groupby(panels, key=lambda panel: panel.place):
        rows = [row for panel in of_place for row in panel.rows(actor, now)]
        far = datetime.max.replace(tzinfo=now.tzinfo)
        found[place] = sorted(rows, key=lambda row: (not row.urgent, row.due_at or far))
    return found


def _panels() -> tuple[Panel, ...]:
    return cast("tuple[Panel, ...]", current_app.extensions["panels"])
