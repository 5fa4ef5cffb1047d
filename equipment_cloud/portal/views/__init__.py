"""Pages of the portal."""

from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_
from equipment_cloud.portal.rules import BUREAU, PARTIES, WATCHERS
from equipment_cloud.portal.views import clockwork, desks, guides, machines, preferences, trail
from equipment_cloud.portal.views.blueprint import bp

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("My desk"), endpoint="portal.home", roles=PARTIES, order=0, phone=True),
    NavItem(label=N_("Bureau desk"), endpoint="portal.review", roles=BUREAU, order=0, phone=True),
    NavItem(label=N_("Jobs"), endpoint="portal.jobs", roles=WATCHERS, order=92),
    NavItem(label=N_("Audit trail"), endpoint="portal.audit", roles=WATCHERS, order=94),
)

__all__ = ["NAV", "bp", "clockwork", "desks", "guides", "machines", "preferences", "trail"]
