"""Roles of people at organisations, and which kind of organisation has which."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.organisations.rules.identity import Kind


class Role(StrEnum):
    """Stored in memberships; the demo accounts carry one each."""

    RESEARCHER = "researcher"
    OWNER = "owner"
    ACCOUNTANT = "accountant"
    MANAGER = "manager"
    OPERATOR = "operator"
    FINANCE = "finance"
    TOWNSHIP = "township"
    SURVEYOR = "surveyor"
    POLICY = "policy"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    LEADER = "leader"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLE_WORDS = {
    Role.RESEARCHER: N_("Researcher"),
    Role.OWNER: N_("Person in charge"),
    Role.ACCOUNTANT: N_("Accountant"),
    Role.MANAGER: N_("Instrument manager"),
    Role.OPERATOR: N_("Operator"),
    Role.FINANCE: N_("Provider's finance"),
    Role.TOWNSHIP: N_("Township liaison"),
    Role.SURVEYOR: N_("Surveyor"),
    Role.POLICY: N_("Policy officer"),
    Role.REVIEWER: N_("First reviewer"),
    Role.APPROVER: N_("Second reviewer"),
    Role.LEADER: N_("Deputy director"),
    Role.TREASURER: N_("Bureau's finance"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Administrator"),
}

ENTERPRISE_ROLES = (Role.OWNER, Role.RESEARCHER, Role.ACCOUNTANT)
PROVIDER_ROLES = (Role.MANAGER, Role.OPERATOR, Role.FINANCE)
BUREAU_ROLES = (
    Role.TOWNSHIP,
    Role.SURVEYOR,
    Role.POLICY,
    Role.REVIEWER,
    Role.APPROVER,
    Role.LEADER,
    Role.TREASURER,
    Role.AUDITOR,
    Role.ADMIN,
)
GOVERNING_ROLES = (Role.OWNER, Role.MANAGER, Role.ADMIN)
"""Who looks after an organisation's people: it is never left without one of them."""

_DECIDING = (Role.REVIEWER, Role.APPROVER, Role.LEADER, Role.TREASURER)
INCOMPATIBLE: dict[Role, tuple[Role, ...]] = {
    Role.POLICY: (Role.REVIEWER, Role.APPROVER),
    Role.ADMIN: (Role.POLICY, *_DECIDING),
    Role.AUDITOR: (Role.POLICY, Role.ADMIN, *_DECIDING),
}
"""Roles nobody holds together: who writes the rules does not review, who manages people decides no money, who audits
decides nothing (三员分立)."""


def roles_of(kind: Kind, *, is_user: bool, is_provider: bool) -> tuple[Role, ...]:
    """The roles an organisation can give, most governing first."""
    if kind == Kind.BUREAU:
        return BUREAU_ROLES
    roles = list(ENTERPRISE_ROLES) if kind == Kind.ENTERPRISE else []
    roles += PROVIDER_ROLES if is_provider or not roles else ()
    if is_user and Role.RESEARCHER not in roles:
        roles.append(Role.RESEARCHER)
    return tuple(roles)


def first_roles(kind: Kind, *, is_provider: bool) -> tuple[Role, ...]:
    """What the person who signs an organisation up holds there."""
    if kind == Kind.ENTERPRISE:
        return (Role.OWNER, Role.MANAGER) if is_provider else (Role.OWNER,)
    return (Role.MANAGER,)


def problems_with_grant(
    role: str, scope: str | None, *, allowed: Collection[Role], held: Collection[str], is_self: bool
) -> list[Problem]:
    """What speaks against giving a person a role; ``held`` are the person's other roles at the same organisation."""
    if role not in set(allowed):
        return [Problem("role-unknown", N_("This organisation has no such role."), "role",
                        remedy=N_("Choose one of the roles offered."))]  # fmt: skip
    problems: list[Problem] = []
    if is_self:
        problems.append(
            Problem(
                "role-self",
                N_("Nobody gives themselves a role."),
                "role",
                remedy=N_("Ask a colleague who looks after people here."),
            )
        )
    if any(_clash(Role(role), Role(other)) for other in held if other in set(Role)):
        problems.append(
            Problem(
                "role-clash",
                N_("The person holds a role that may not be joined with this one."),
                "role",
                remedy=N_("End the other role first, or choose another person."),
            )
        )
    if role == Role.TOWNSHIP and not scope:
        problems.append(
            Problem(
                "scope-missing",
                N_("A township liaison needs a township."),
                "scope",
                remedy=N_("Choose the township the person looks after."),
            )
        )
    return problems


def _clash(one: Role, other: Role) -> bool:
    return other in INCOMPATIBLE.get(one, ()) or one in INCOMPATIBLE.get(other, ())
