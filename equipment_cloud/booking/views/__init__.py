"""Pages of bookings: asking for time, a booking, the desks, who stands in for whom, breach points."""

from equipment_cloud.booking.views import acts, asking, breaches, lists, record, standing_in, waiting
from equipment_cloud.booking.views.blueprint import NAV, PANELS, bp

__all__ = ["NAV", "PANELS", "acts", "asking", "bp", "breaches", "lists", "record", "standing_in", "waiting"]
