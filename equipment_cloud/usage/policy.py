"""Who may do what to which usage record."""

from __future__ import annotations

from equipment_cloud.booking.models import Booking
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.foundation.access import Actor
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.usage.rules import Side, UsageState

USERS = ("researcher", "owner", "manager", "operator")
STAFF = ("operator", "manager")


def is_user_side(person: Actor, organisation_id: int) -> bool:
    """Speaks for the organisation that used the instrument."""
    return person.has_at(organisation_id, *USERS)


def is_provider_side(person: Actor, provider_id: int) -> bool:
    """Speaks for the organisation that owns the instrument."""
    return person.has_at(provider_id, *STAFF)


def may_start_booking(person: Actor, booking: Booking) -> bool:
    """The one who booked, a colleague, or the instrument's staff."""
    return is_user_side(person, booking.organisation_id) or is_provider_side(person, booking.provider_id)


def may_walk_in(person: Actor, instrument: Instrument) -> bool:
    """Own use without a booking is the owner's staff's (自用)."""
    return is_provider_side(person, instrument.organisation_id)


def may_stop(person: Actor, record: UsageRecord) -> bool:
    """Both sides may end a running session."""
    return is_user_side(person, record.organisation_id) or is_provider_side(person, record.provider_id)


def may_confirm(person: Actor, record: UsageRecord) -> bool:
    """A side that has not confirmed yet."""
    return record.state is UsageState.TO_CONFIRM and bool(sides(person, record))


def sides(person: Actor, record: UsageRecord) -> frozenset[Side]:
    """The sides the person would speak for by confirming now.

    Between two organisations one person speaks for one side only, whatever roles they hold; own use has one side.
    """
    may = {
        Side.USER: record.user_confirmed_at is None and is_user_side(person, record.organisation_id),
        Side.PROVIDER: record.provider_confirmed_at is None and is_provider_side(person, record.provider_id),
    }
    able = [side for side, is_able in may.items() if is_able]
    if record.organisation_id == record.provider_id:
        return frozenset(Side) if able else frozenset()
    if person.id in (record.user_confirmed_by, record.provider_confirmed_by):
        return frozenset()
    return frozenset(able[:1])


def may_correct(person: Actor, record: UsageRecord) -> bool:
    """The owner's staff, or the user, while the hours are not yet confirmed by both."""
    return record.state is UsageState.TO_CONFIRM and may_stop(person, record)


def may_see(person: Actor, record: UsageRecord) -> bool:
    """Both parties, and the bureau's staff who review."""
    parties = person.has_at(record.organisation_id) or person.has_at(record.provider_id)
    return parties or person.has("reviewer", "approver", "auditor", "leader")
