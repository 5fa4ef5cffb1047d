"""What the chapters of the example city hand to each other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.organisations.queries import load_actor
from equipment_cloud.reference.queries import work_calendar

HALF_YEAR = timedelta(days=182)
SEED = 330281


@dataclass
class Story:
    """``now`` is the moment of loading; the story begins half a year earlier. Chance is seeded: every city is alike."""

    now: datetime
    scale: int = 1
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - a story, not a secret
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[tuple[str, str], int] = field(default_factory=dict)
    """(organisation key, role) -> person id."""
    instruments: list[tuple[int, str, str]] = field(default_factory=list)
    """Published: (instrument id, owner key, kind)."""
    vouchers: dict[str, int] = field(default_factory=dict)
    """Issued: organisation key -> voucher id."""
    policy_id: int = 0
    pool_id: int = 0
    _actors: dict[tuple[str, str], Actor] = field(default_factory=dict)

    @property
    def begins_at(self) -> datetime:
        return self.now - HALF_YEAR

    def actor(self, organisation: str, role: str) -> Actor:
        """The person who holds the role there."""
        key = (organisation, role)
        if key not in self._actors:
            actor = load_actor(self.people[key], on=clock.today(self.now))
            if actor is None:
                raise LookupError(f"nobody is {role} at {organisation}")
            self._actors[key] = actor
        return self._actors[key]

    def bureau(self, role: str) -> Actor:
        """The bureau's person of that role."""
        return self.actor("bureau", role)

    def workdays(self, start: date, end: date) -> list[date]:
        """Working days from ``start`` to before ``end``, as far as the calendar is entered."""
        days = work_calendar().days
        span = (start + timedelta(days=offset) for offset in range((end - start).days))
        return [day for day in span if days.get(day, False)]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A local clock time as an instant."""
        return clock.at(day, time(hour, minute))
