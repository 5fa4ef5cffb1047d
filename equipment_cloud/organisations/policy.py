"""Who may see and do what with which organisation."""

from __future__ import annotations

from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Kind, Membership, Organisation
from equipment_cloud.organisations.rules import BUREAU_ROLES, PROVIDER_ROLES, Role

_PROPOSERS = (Role.OWNER, Role.ACCOUNTANT, Role.MANAGER, Role.FINANCE)
_APPROVERS = (Role.OWNER, Role.ACCOUNTANT, Role.MANAGER)


def may_see(actor: Actor | None, organisation: Organisation) -> bool:
    """Providers are public; who only uses instruments is seen by its own people, by providers and by the bureau."""
    if organisation.is_provider or organisation.kind == Kind.BUREAU:
        return True
    return actor is not None and (
        actor.has_at(organisation.id) or actor.has(*PROVIDER_ROLES) or actor.has(*BUREAU_ROLES)
    )


def may_see_inside(actor: Actor | None, organisation_id: int) -> bool:
    """People, accounts and yearly figures: one's own, and the bureau."""
    return actor is not None and (actor.has_at(organisation_id) or actor.has(*BUREAU_ROLES))


def may_edit(actor: Actor | None, organisation_id: int) -> bool:
    """Contact and introduction: who is in charge there."""
    return actor is not None and actor.has_at(organisation_id, Role.OWNER, Role.MANAGER)


def may_manage_people(actor: Actor | None, organisation: Organisation) -> bool:
    """Who is in charge there, and the bureau's administrator; at the bureau the administrator alone."""
    if actor is None:
        return False
    if organisation.kind == Kind.BUREAU:
        return actor.has_at(organisation.id, Role.ADMIN)
    return actor.has_at(organisation.id, Role.OWNER, Role.MANAGER) or actor.has(Role.ADMIN)


def may_end_grant(actor: Actor, organisation: Organisation, membership: Membership) -> bool:
    """One's own roles, and whoever looks after people there."""
    return membership.person_id == actor.id or may_manage_people(actor, organisation)


def may_request_standing(actor: Actor | None, organisation_id: int) -> bool:
    """Who is in charge there."""
    return actor is not None and actor.has_at(organisation_id, Role.OWNER, Role.MANAGER)


def may_decide_standing(actor: Actor | None, organisation_id: int) -> bool:
    """A reviewer of the bureau who does not belong to the organisation."""
    return actor is not None and actor.has(Role.REVIEWER) and not actor.has_at(organisation_id)


def may_correct_identity(actor: Actor | None) -> bool:
    """Names, credit codes and check digits are the reviewer's, with the licence at hand."""
    return actor is not None and actor.has(Role.REVIEWER)


def may_enter_profile(actor: Actor | None, organisation_id: int) -> bool:
    """Yearly figures: who is in charge and who keeps the books."""
    return actor is not None and actor.has_at(organisation_id, Role.OWNER, Role.ACCOUNTANT, Role.MANAGER)


def may_propose_account(actor: Actor | None, organisation_id: int) -> bool:
    """Who keeps the books or is in charge."""
    return actor is not None and actor.has_at(organisation_id, *_PROPOSERS)


def may_approve_account(actor: Actor | None, organisation_id: int) -> bool:
    """A second person of the same organisation; that it is another one, the service checks."""
    return actor is not None and actor.has_at(organisation_id, *_APPROVERS)


def may_list(actor: Actor | None) -> bool:
    """The register of organisations is the bureau's desk."""
    return actor is not None and actor.has(*BUREAU_ROLES)


def may_tag(actor: Actor | None, organisation: Organisation) -> bool:
    """Surveyors group organisations for their campaigns; the bureau itself is none of them."""
    return actor is not None and organisation.kind != Kind.BUREAU and actor.has(Role.SURVEYOR)
