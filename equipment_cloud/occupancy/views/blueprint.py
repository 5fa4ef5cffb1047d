"""The room's blueprint, and what its pages have in common."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit
from equipment_cloud.foundation.form import Form
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_, Refused
from equipment_cloud.occupancy import policy

bp = Blueprint("occupancy", __name__)

NAV: tuple[NavItem, ...] = ()
STAFF = ("manager", "operator")


class Marked(Refused):
    """What is wrong already stands beside the fields."""

    message = N_("Please correct what is marked below.")


def valid(form: Form) -> None:
    """Raise :class:`Marked` when a field is missing or of the wrong kind; the fields say it themselves."""
    if not form.validate_on_submit():
        raise Marked


def closable(instrument_id: int) -> Instrument:
    """The instrument, for staff who may close it. Raises ``NotFound`` or ``Forbidden``."""
    actor = current_actor()
    instrument = catalog.visible_to(actor, instrument_id)
    permit(policy.may_close(actor, instrument))
    return instrument


def managed(instrument_id: int) -> Instrument:
    """The instrument, for who may set its hours and rules."""
    instrument = closable(instrument_id)
    permit(policy.may_set_rules(current_actor(), instrument))
    return instrument


def today() -> date:
    """The day whose rules a page shows."""
    return clock.today(clock.now())
