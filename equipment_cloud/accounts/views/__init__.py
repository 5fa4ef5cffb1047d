"""Pages of the accounts room."""

from __future__ import annotations

from equipment_cloud.accounts.views import account, people, signing
from equipment_cloud.accounts.views.blueprint import bp
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("My account"), endpoint="accounts.account", place="account", order=10),
    NavItem(label=N_("People"), endpoint="accounts.people", roles=("admin",), order=90),
)

__all__ = ["NAV", "account", "bp", "people", "signing"]
