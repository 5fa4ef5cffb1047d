"""Pages of settlement."""

from __future__ import annotations

from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.kernel.errors import N_
from equipment_cloud.settlement import policy
from equipment_cloud.settlement.views import batches, claims, decisions, desk, drafting, exports, results, samples
from equipment_cloud.settlement.views.blueprint import bp
from equipment_cloud.settlement.views.desk import PANELS

NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Claims"), endpoint="settlement.claims", order=58, phone=True,
            roles=(*policy.APPLICANT_ROLES, "manager", "finance", *policy.READER_ROLES)),
    NavItem(label=N_("Batches"), endpoint="settlement.batches", roles=policy.READER_ROLES, order=59),
    NavItem(label=N_("Second looks"), endpoint="settlement.samples", roles=policy.READER_ROLES, order=61),
)  # fmt: skip

__all__ = ["NAV", "PANELS", "batches", "bp", "claims", "decisions", "desk", "drafting", "exports", "results", "samples"]
