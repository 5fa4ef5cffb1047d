"""Every write of usage."""

from equipment_cloud.usage.service.confirmation import confirm, correct
from equipment_cloud.usage.service.events import record_event
from equipment_cloud.usage.service.sessions import close_forgotten, start, stop, walk_in

__all__ = ["close_forgotten", "confirm", "correct", "record_event", "start", "stop", "walk_in"]
