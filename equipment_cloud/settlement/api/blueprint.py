"""The blueprint."""

from __future__ import annotations

from equipment_cloud.foundation.endpoint import Blueprint

blp = Blueprint("settlement-api", __name__, description="Claims on vouchers, settlement batches, payment results")
