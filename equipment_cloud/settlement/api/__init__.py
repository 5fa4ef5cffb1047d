"""Claims, batches and the second look for programs: the same services as the pages."""

from equipment_cloud.settlement.api import batches, claims, payments, samples, settling
from equipment_cloud.settlement.api.blueprint import blp

__all__ = ["batches", "blp", "claims", "payments", "samples", "settling"]
