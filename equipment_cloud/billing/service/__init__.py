"""Writes of the billing room."""

from equipment_cloud.billing.service.allocations import allocate, release_allocations, release_allocations_of
from equipment_cloud.billing.service.charges import issue_charges
from equipment_cloud.billing.service.papers import record_invoice, record_payment, set_invoice_status

__all__ = [
    "allocate",
    "issue_charges",
    "record_invoice",
    "record_payment",
    "release_allocations",
    "release_allocations_of",
    "set_invoice_status",
]
