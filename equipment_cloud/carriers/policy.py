"""Who may do what to the register: policy staff and surveyors enter, another of them (or a reviewer) confirms."""

from __future__ import annotations

from equipment_cloud.carriers.models import CarrierEntry
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.rules import BUREAU_ROLES

KEEPERS = ("policy", "surveyor")
CONFIRMERS = ("policy", "surveyor", "reviewer")
READERS = tuple(role.value for role in BUREAU_ROLES)


def may_enter(actor: Actor) -> bool:
    return actor.has(*KEEPERS)


def may_confirm(actor: Actor, entry: CarrierEntry) -> bool:
    """Another person than the one who entered it; the service says so with a reason of its own."""
    return actor.has(*CONFIRMERS) and entry.confirmed_by is None


def may_suspend(actor: Actor, entry: CarrierEntry) -> bool:
    return actor.has(*KEEPERS) and entry.confirmed_by is not None


def may_end(actor: Actor, entry: CarrierEntry) -> bool:
    return actor.has(*KEEPERS)


def may_see_all(actor: Actor | None) -> bool:
    """The whole register with entries that are not in force: the bureau."""
    return actor is not None and actor.has(*READERS)
