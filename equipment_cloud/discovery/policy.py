"""Who may change what the search knows, and for whom somebody looks. Searching is everyone's right."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor

KEEPERS = ("policy", "surveyor")
"""Those of the bureau who know what the trades call things."""
CUSTOMERS = ("researcher", "owner")


def customer_of(actor: Actor | None) -> int | None:
    """The enterprise for which somebody looks at prices: the first where they book."""
    return next(iter(actor.organisations(*CUSTOMERS)), None) if actor is not None else None
