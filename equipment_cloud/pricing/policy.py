"""Who may set prices."""

from __future__ import annotations

from equipment_cloud.catalog import policy as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor


def may_set_prices(actor: Actor, instrument: Instrument) -> bool:
    """A manager of the owner, or of the umbrella that lists on its behalf."""
    return catalog.may_edit(actor, instrument)
