"""Bookings for programs: the same services as the pages."""

from equipment_cloud.booking.api import bookings, standing, waiting
from equipment_cloud.booking.api.blueprint import blp

__all__ = ["blp", "bookings", "standing", "waiting"]
