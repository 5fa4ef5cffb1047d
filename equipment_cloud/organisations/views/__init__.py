"""Pages of the organisations room."""

from __future__ import annotations

from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_
from equipment_cloud.organisations.rules import BUREAU_ROLES
from equipment_cloud.organisations.views import accounts, identity, people, portrait, profile, register, standing
from equipment_cloud.organisations.views.blueprint import bp

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Organisations"), endpoint="organisations.index", roles=tuple(BUREAU_ROLES), order=80),
    NavItem(label=N_("My organisations"), endpoint="organisations.mine", place="account", order=15),
)

__all__ = ["NAV", "accounts", "bp", "identity", "people", "portrait", "profile", "register", "standing"]
