"""The room's blueprint, its menu entry and what it adds to desks."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for

from equipment_cloud.booking import policy, queries
from equipment_cloud.booking.models import BookingState
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.navigation import NavItem, Panel, TodoRow
from equipment_cloud.kernel.errors import N_

bp = Blueprint("booking", __name__)

CUSTOMERS = ("researcher", "owner", "accountant")
PROVIDERS = ("manager", "operator", "finance")
NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Bookings"), endpoint="booking.index", roles=(*CUSTOMERS, *PROVIDERS), order=20, phone=True),
)


def waiting(actor: Actor, _now: datetime) -> list[TodoRow]:
    """Requests that wait for the provider's answer, the oldest first."""
    page = queries.of_providers(actor.organisations(*policy.STAFF), states=(BookingState.REQUESTED,), number=1, size=5)
    return [
        TodoRow(
            label=N_("Answer %(organisation)s: %(instrument)s"),
            values={"organisation": booking.organisation.name, "instrument": booking.instrument.name},
            url=url_for("booking.show", booking_id=booking.id),
            kind="booking",
            state=booking.state,
            due_at=booking.expires_at,
            act=N_("Decide"),
        )
        for booking in page.items
    ]


def coming(actor: Actor, now: datetime) -> list[TodoRow]:
    """The next bookings of the own organisations."""
    return [
        TodoRow(
            label=N_("%(instrument)s at %(provider)s"),
            values={"instrument": booking.instrument.name, "provider": booking.provider.name},
            url=url_for("booking.show", booking_id=booking.id),
            kind="booking",
            state=booking.state,
            due_at=booking.starts_at,
        )
        for booking in queries.next_bookings(actor.organisations(*policy.CUSTOMERS), now=now)
    ]


def offered(actor: Actor, now: datetime) -> list[TodoRow]:
    """Times that came free and are held for the own organisations."""
    return [
        TodoRow(
            label=N_("Take the time you waited for: %(instrument)s"),
            values={"instrument": entry.instrument.name},
            url=url_for("booking.wait", entry_id=entry.id),
            kind="waitlist",
            state=entry.state,
            due_at=entry.offered_until,
            act=N_("Take it"),
            urgent=True,
        )
        for entry in queries.offers_to(actor.organisations(*policy.CUSTOMERS), now=now)
    ]


PANELS: tuple[Panel, ...] = (
    Panel(roles=policy.STAFF, rows=waiting, order=10),
    Panel(roles=policy.CUSTOMERS, rows=offered, order=5),
    Panel(roles=policy.CUSTOMERS, rows=coming, order=10, place="coming"),
)
