"""The audit trail (审计留痕), for those who watch."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from equipment_cloud.foundation import sealing
from equipment_cloud.foundation.access import only
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.portal import queries, wording
from equipment_cloud.portal.rules import WATCHERS
from equipment_cloud.portal.views.blueprint import bp


@bp.get("/audit")
@only(*WATCHERS)
def audit() -> str:
    """Who did what to which record, and how far the trail is sealed."""
    number, size = asked_page(default_size=50)
    wanted = queries.TrailFilter(
        reference=_text("reference"),
        person=_text("person"),
        action=_text("action"),
        since=_date("since"),
        until=_date("until"),
    )
    return render_template(
        "portal/audit.html",
        page=queries.trail_page(wanted, number=number, size=size),
        wanted=wanted,
        seal=sealing.state(),
        act_words=wording.act_words,
        record_words=wording.record_words,
    )


def _text(name: str) -> str:
    return "".join(letter for letter in request.args.get(name, "") if letter.isprintable()).strip()[:64]


def _date(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2200:
        raise Invalid.single("not-a-date", N_("This must be a date such as 2026-11-25."), field=name)
    return found
