"""What the clock does for the search."""

from __future__ import annotations

from datetime import date, datetime

from equipment_cloud.discovery import queries, service
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused


def count_words(_on: date, _now: datetime) -> Outcome:
    """Learn the words of what was published since."""
    with transaction():
        return Outcome(done=service.count_words())


def tell_new(_on: date, now: datetime) -> Outcome:
    """Tell people what was published that fits their saved searches; nothing twice."""
    outcome, last = Outcome(), 0
    while portion := queries.searches_after(last):
        for search_id in portion:
            last = search_id
            try:
                with transaction():
                    outcome.done += service.tell_new(search_id, now=now)
            except Refused as refusal:
                outcome.failures.append((f"search:{search_id}", refusal.problem_code))
    return outcome


JOBS: tuple[Job, ...] = (
    Job("discovery.count-words", "*/30 * * * *", count_words),
    Job("discovery.tell-new", "40 7 * * *", tell_new),
)
