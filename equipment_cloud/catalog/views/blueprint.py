"""The room's blueprint, its menu entries and what it adds to desks."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for

from equipment_cloud.catalog import queries
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.kernel.errors import N_

bp = Blueprint("catalog", __name__)

STAFF = ("manager", "operator")
NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Our instruments"), endpoint="catalog.desk", roles=STAFF, order=30, phone=True),
    NavItem(label=N_("Our test services"), endpoint="catalog.services", roles=STAFF, order=31),
    NavItem(label=N_("Verification"), endpoint="catalog.verification", roles=("surveyor",), order=31, phone=True),
)


def to_verify(_actor: Actor, _now: datetime) -> list[TodoRow]:
    """Records that wait for the bureau's look."""
    page = queries.awaiting_verification(number=1, size=1)
    if not page.total:
        return []
    first = page.items[0]
    return [
        TodoRow(
            label=N_("Verify instrument records, first %(name)s of %(owner)s"),
            values={"name": first.name, "owner": first.organisation.name},
            url=url_for("catalog.verification"),
            kind="instrument",
            state="submitted",
            act=N_("Look"),
            count=page.total,
        )
    ]


def to_compare(_actor: Actor, _now: datetime) -> list[TodoRow]:
    """Records that may be one machine."""
    count = queries.pair_counts().get("open", 0)
    if not count:
        return []
    label, link = N_("Decide about records that may be one machine"), url_for("catalog.duplicates")
    return [TodoRow(label=label, url=link, kind="pair", state="open", act=N_("Compare"), count=count)]


def to_finish(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Own records that wait for the owner: sent back, or verified and not yet agreed to."""
    counts = queries.counts_managed_by(actor)
    rows = []
    if counts.get("verified"):
        rows.append(
            TodoRow(
                label=N_("Agree to the terms and publish verified instruments"),
                url=url_for("catalog.desk", state="verified"),
                kind="instrument",
                state="verified",
                act=N_("Open"),
                count=counts["verified"],
            )
        )
    returned = queries.sent_back(actor)
    rows.extend(
        TodoRow(
            label=N_("Correct %(name)s, which the bureau sent back"),
            values={"name": record.name},
            url=url_for("catalog.record", instrument_id=record.id),
            kind="instrument",
            state="draft",
            note=record.return_reason,
            act=N_("Correct"),
        )
        for record in returned
    )
    return rows


PANELS: tuple[Panel, ...] = (
    Panel(roles=("surveyor",), rows=to_verify, order=10),
    Panel(roles=("surveyor",), rows=to_compare, order=12),
    Panel(roles=("manager",), rows=to_finish, order=30),
)
