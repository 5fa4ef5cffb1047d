"""Pure rules of the organisations room."""

from equipment_cloud.organisations.rules.bank import problems_with_bank_account, same_name
from equipment_cloud.organisations.rules.identity import (
    STANDING_MOVES,
    CheckState,
    Kind,
    Standing,
    check_state,
    problems_with_identity,
    problems_with_new_name,
    problems_with_standing,
)
from equipment_cloud.organisations.rules.roles import (
    BUREAU_ROLES,
    ENTERPRISE_ROLES,
    GOVERNING_ROLES,
    PROVIDER_ROLES,
    ROLE_WORDS,
    Role,
    first_roles,
    problems_with_grant,
    roles_of,
)
from equipment_cloud.organisations.rules.size import (
    LIMITS,
    SIZE_WORDS,
    SizeClass,
    default_industry,
    problems_with_profile,
    size_class,
)

__all__ = [
    "BUREAU_ROLES",
    "ENTERPRISE_ROLES",
    "GOVERNING_ROLES",
    "LIMITS",
    "PROVIDER_ROLES",
    "ROLE_WORDS",
    "SIZE_WORDS",
    "STANDING_MOVES",
    "CheckState",
    "Kind",
    "Role",
    "SizeClass",
    "Standing",
    "check_state",
    "default_industry",
    "first_roles",
    "problems_with_bank_account",
    "problems_with_grant",
    "problems_with_identity",
    "problems_with_new_name",
    "problems_with_profile",
    "problems_with_standing",
    "roles_of",
    "same_name",
    "size_class",
]
