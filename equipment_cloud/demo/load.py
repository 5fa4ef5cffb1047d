"""``flask demo load``: the whole city in one transaction, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from equipment_cloud.demo import bookings, catalogue, claims, imports, messages, opening, people, vouchers
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.kernel.errors import N_, Conflict
from equipment_cloud.organisations.models import Organisation

CHAPTERS: tuple[Callable[[Story], None], ...] = (
    people.write_organisations,
    people.write_carriers,
    people.write_bank_accounts,
    vouchers.write_policy,
    catalogue.write_instruments,
    catalogue.write_services,
    vouchers.write_vouchers,
    bookings.write_past,
    claims.write_claims,
    bookings.write_future,
    opening.write_rules,
    imports.write_imports,
    messages.write_inboxes,
    catalogue.count_words,
)


class NotEmpty(Conflict):
    """The example city is written into an empty database only."""

    code = "not-empty"
    message = N_("There are organisations in this database already.")
    remedy = N_("Use --if-empty, or start with a new database.")


def load(*, now: datetime, scale: int = 1, tell: Callable[[str], None] = lambda _words: None) -> Story:
    """Write the city as of ``now``. Raises :class:`NotEmpty` where there are organisations."""
    if not is_empty():
        raise NotEmpty
    with transaction():
        story = Story(now=now, scale=scale)
        for chapter in CHAPTERS:
            tell(chapter.__name__.replace("write_", "").replace("_", " "))
            chapter(story)
            session().flush()
    return story


def is_empty() -> bool:
    """No organisation yet."""
    return not session().scalar(select(func.count()).select_from(Organisation))
