"""Public pages: the search, an instrument, its calendar, test services; and the bureau's synonyms."""

from equipment_cloud.discovery.views import keeping, prices, records, searching, synonyms
from equipment_cloud.discovery.views.blueprint import NAV, bp

__all__ = ["NAV", "bp", "keeping", "prices", "records", "searching", "synonyms"]
