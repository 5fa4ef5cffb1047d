"""The room's blueprint, and what its calls have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from equipment_cloud.booking import policy
from equipment_cloud.booking.models import Booking
from equipment_cloud.booking.wording import booking_document
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint
from equipment_cloud.kernel.errors import N_, Invalid

blp = Blueprint(
    "booking-api",
    "equipment_cloud.booking.api",
    description="Machine time: estimates, requests and what becomes of them",
)


def done(act: Callable[[], Booking]) -> dict[str, Any]:
    with transaction():
        return booking_document(act())


def payer(actor: Actor, organisation_id: int | None) -> int:
    """The organisation that pays: the one named, else the only one the person books for."""
    mine = actor.organisations(*policy.CUSTOMERS)
    if organisation_id is not None:
        permit(organisation_id in mine)
        return organisation_id
    permit(bool(mine))
    if len(mine) > 1:
        message = N_("You book for several organisations.")
        raise Invalid.single("organisation", message, field="organisation_id", remedy=N_("Say which one pays."))
    return mine[0]
