"""The room's blueprint, its menu entry and what it adds to desks."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.kernel.errors import N_
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.rules import ANSWERERS

bp = Blueprint("survey", __name__)

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Survey"), endpoint="survey.index", roles=policy.READERS, order=30, phone=True),
    NavItem(label=N_("Visits"), endpoint="survey.visits", roles=policy.CHASERS, order=32, phone=True),
    NavItem(label=N_("Our returns"), endpoint="survey.answers", roles=ANSWERERS, order=33),
)
SHOWN = 5


def to_call(actor: Actor, now: datetime) -> list[TodoRow]:
    """Units somebody meant to try again by today."""
    return [
        TodoRow(
            label=N_("Try %(unit)s again"),
            values={"unit": organisation.name},
            url=url_for("survey.unit", unit_id=contact.unit_id),
            due_at=clock.end_of(contact.next_on) if contact.next_on else None,
            note=contact.result[:100],
            act=N_("Open"),
        )
        for contact, organisation in queries.to_call(policy.towns_of(actor), clock.today(now), most=SHOWN)
    ]


def to_answer(actor: Actor, now: datetime) -> list[TodoRow]:
    """Campaigns that wait for the answer of a unit one is in charge of."""
    today = clock.today(now)
    return [
        TodoRow(
            label=N_("Answer %(campaign)s for %(unit)s"),
            values={"campaign": unit.campaign.name, "unit": unit.organisation.name},
            url=url_for("survey.answer", unit_id=unit.id),
            kind="campaign_unit",
            state=unit.state.value,
            due_at=clock.end_of(unit.due_on),
            act=N_("Fill in"),
            urgent=unit.due_on < today,
        )
        for unit in queries.to_answer(actor, most=SHOWN)
    ]


def to_review(_actor: Actor, _now: datetime) -> list[TodoRow]:
    """Returns that were handed in."""
    count, first = queries.handed_in()
    if first is None:
        return []
    return [
        TodoRow(
            label=N_("Look at survey returns, first that of %(unit)s"),
            values={"unit": first.organisation.name},
            url=url_for("survey.review", unit_id=first.id),
            kind="campaign_unit",
            state="submitted",
            act=N_("Look"),
            count=count,
        )
    ]


PANELS: tuple[Panel, ...] = (
    Panel(roles=policy.CHASERS, rows=to_call, order=25),
    Panel(roles=ANSWERERS, rows=to_answer, order=12),
    Panel(roles=policy.WRITERS, rows=to_review, order=11),
)
