"""For which organisation does a program's request act, when it may leave that out?"""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.kernel.errors import N_, Invalid


def acting_for(actor: Actor, organisation_id: int | None, *roles: str) -> int:
    """The organisation named, or the only one where the person holds any of the roles.

    Raises :class:`Forbidden` when they hold none there, :class:`Invalid` when several would do and none is named.
    """
    mine = actor.organisations(*roles)
    if organisation_id is not None:
        permit(organisation_id in mine)
        return organisation_id
    permit(bool(mine))
    if len(mine) > 1:
        words, remedy = N_("You act for several organisations."), N_("Say for which one.")
        raise Invalid.single("organisation", words, field="organisation_id", remedy=remedy)
    return mine[0]
