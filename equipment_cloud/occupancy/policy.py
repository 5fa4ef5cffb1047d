"""Who may set when and how an instrument is booked."""

from __future__ import annotations

from equipment_cloud.catalog import policy as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor


def may_set_rules(actor: Actor, instrument: Instrument) -> bool:
    """Hours and terms are a manager's of the owner, or of the umbrella that lists on its behalf."""
    return catalog.may_edit(actor, instrument)


def may_close(actor: Actor, instrument: Instrument) -> bool:
    """Whoever stands at the instrument may close it for a while, and open it again."""
    return catalog.may_pause(actor, instrument)
