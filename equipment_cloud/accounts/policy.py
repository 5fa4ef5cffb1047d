"""Who may do what to which account."""

from __future__ import annotations

from equipment_cloud.accounts.models import ApiToken, Person
from equipment_cloud.foundation.access import Actor


def may_see(actor: Actor, person: Person) -> bool:
    """Oneself, and the bureau's administrator."""
    return person.id == actor.id or actor.has("admin")


def may_disable(actor: Actor, person: Person) -> bool:
    """The bureau's administrator, but nobody closes the account they are using."""
    return actor.has("admin") and person.id != actor.id


def may_revoke(actor: Actor, token: ApiToken) -> bool:
    """One's own only."""
    return token.person_id == actor.id
