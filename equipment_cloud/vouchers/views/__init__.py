"""Pages of vouchers, pools and policies."""

from __future__ import annotations

from equipment_cloud.vouchers.views import acts, applying, lists, policies, pools, record
from equipment_cloud.vouchers.views.blueprint import NAV, PANELS, bp

__all__ = ["NAV", "PANELS", "acts", "applying", "bp", "lists", "policies", "pools", "record"]
