"""Who may see and run surveys."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.survey.rules import ANSWERERS

CITY = ("surveyor", "leader", "auditor", "admin")
"""Roles that see the whole city; a township liaison (乡镇街道联络员) sees the own township."""
READERS = (*CITY, "township")
WRITERS = ("surveyor",)
CHASERS = ("surveyor", "township")
LINK = "answer-link"
"""The one role of whoever came by an answer link, at the one organisation it stands for."""


def may_run(actor: Actor) -> bool:
    """Surveyors open campaigns, import tables and save mappings."""
    return actor.has(*WRITERS)


def towns_of(actor: Actor) -> frozenset[str] | None:
    """Codes of the townships a person sees; ``None`` for the whole city."""
    if actor.has(*CITY):
        return None
    return frozenset(grant.scope for grant in actor.grants if grant.role == "township" and grant.scope)


def may_see(actor: Actor, organisation: Organisation) -> bool:
    """Readers see the units of their towns."""
    towns = towns_of(actor)
    return actor.has(*READERS) and (towns is None or organisation.town_code in towns)


def may_chase(actor: Actor, organisation: Organisation) -> bool:
    """The surveyor, and the liaison of the unit's township, reach out and say what came of it."""
    if actor.has("surveyor"):
        return True
    return actor.has("township") and may_see(actor, organisation)


def may_answer(actor: Actor, organisation: Organisation) -> bool:
    """Who is in charge at the unit, and the bearer of its link; what they write is the unit's own word."""
    return actor.has_at(organisation.id, *ANSWERERS, LINK)


def may_fill_in(actor: Actor, organisation: Organisation) -> bool:
    """The unit itself; for it the surveyor or its liaison, whose rows wait for the unit's confirmation."""
    return may_answer(actor, organisation) or may_chase(actor, organisation)


def may_review(actor: Actor, organisation: Organisation) -> bool:
    """A surveyor who does not work at the unit."""
    return actor.has(*WRITERS) and not actor.has_at(organisation.id)
