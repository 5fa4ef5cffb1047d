"""How an instrument is opened for booking: hours, rules, quotas, closures."""

from equipment_cloud.occupancy.views import hours, terms
from equipment_cloud.occupancy.views.blueprint import NAV, bp

__all__ = ["NAV", "bp", "hours", "terms"]
