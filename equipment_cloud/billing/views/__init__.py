"""Pages of the billing room."""

from __future__ import annotations

from equipment_cloud.billing.views import bills, invoices, payments
from equipment_cloud.billing.views.blueprint import bp
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_

NAV: tuple[NavItem, ...] = (
    NavItem(
        label=N_("Bills"),
        endpoint="billing.index",
        order=60,
        roles=("owner", "accountant", "researcher", "finance", "manager"),
    ),
    NavItem(label=N_("Invoices"), endpoint="billing.invoices", roles=("owner", "accountant"), order=62),
    NavItem(label=N_("Payments"), endpoint="billing.payments", roles=("owner", "accountant"), order=63),
)

__all__ = ["NAV", "bills", "bp", "invoices", "payments"]
