"""Pages of the catalogue's desks: the owner's records, the bureau's verification, test services."""

from equipment_cloud.catalog.views import desk, duplicates, editing, scope, services, steps, verification
from equipment_cloud.catalog.views.blueprint import NAV, PANELS, bp

__all__ = ["NAV", "PANELS", "bp", "desk", "duplicates", "editing", "scope", "services", "steps", "verification"]
