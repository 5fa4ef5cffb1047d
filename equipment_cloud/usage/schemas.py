"""What programs send and get about usage."""

from __future__ import annotations

from equipment_cloud.booking.models import BookingState
from equipment_cloud.foundation.endpoint import (
    Body,
    Fen,
    Identifier,
    Instant,
    Nested,
    PageQuery,
    Raw,
    Several,
    Text,
    Whole,
)
from equipment_cloud.foundation.endpoint import Code as CodeField
from equipment_cloud.usage.models import UsageState
from equipment_cloud.usage.rules import MAX_SAMPLES


class UsageQuery(PageQuery):
    """Filters of the list."""

    state = CodeField(UsageState, load_default=None)
    instrument_id = Identifier(load_default=None)


class UsageShown(Body):
    """A usage record; money once both sides confirmed."""

    id = Identifier()
    number = Text()
    booking_id = Identifier(allow_none=True)
    instrument_id = Identifier()
    position_id = Identifier()
    organisation_id = Identifier()
    provider_id = Identifier()
    started_at = Instant()
    ended_at = Instant(allow_none=True)
    samples = Whole(0, MAX_SAMPLES, allow_none=True)
    source = Text()
    grade = Text()
    state = CodeField(UsageState)
    user_confirmed_at = Instant(allow_none=True)
    provider_confirmed_at = Instant(allow_none=True)
    price_fen = Fen(allow_none=True)
    voucher_fen = Fen(allow_none=True)


class BookingInUse(Body):
    """The booking as ``GET /bookings/{id}`` tells it, with its session under ``usage``."""

    id = Identifier()
    number = Text()
    state = CodeField(BookingState)
    estimate = Raw()
    instrument_id = Identifier()
    position_id = Identifier()
    organisation_id = Identifier()
    provider_id = Identifier()
    person_id = Identifier()
    requested_by = Identifier()
    starts_at = Instant()
    ends_at = Instant()
    purpose = Text()
    note = Text(allow_none=True)
    voucher_id = Identifier(allow_none=True)
    price_fen = Fen()
    voucher_fen = Fen()
    expires_at = Instant(allow_none=True)
    decided_at = Instant(allow_none=True)
    reason = Text(allow_none=True)
    created_at = Instant()
    uid = Text()
    sequence = Whole()
    revision = Whole()
    usage = Nested(UsageShown)


class CheckOut(Body):
    """What is told at the end of a session."""

    samples = Whole(0, MAX_SAMPLES, allow_none=True, load_default=None)
    note = Text(500, allow_none=True, load_default=None)


class Correction(Body):
    """Corrected times, with the reason."""

    started_at = Instant(required=True)
    ended_at = Instant(required=True)
    samples = Whole(0, MAX_SAMPLES, allow_none=True, load_default=None)
    reason = Text(500, required=True)


class UsageEvent(Body):
    """One event of a unit's own system."""

    external_id = Text(64, required=True)
    instrument_code = Text(32, required=True)
    started_at = Instant(required=True)
    ended_at = Instant(required=True)
    operator = Text(64, allow_none=True, load_default=None)
    samples = Whole(0, MAX_SAMPLES, allow_none=True, load_default=None)
    source = CodeField(("sensor", "import", "page"), required=True)


class UsageEvents(Body):
    """At most 1,000 events, each judged alone: items stay unread until then."""

    events = Several(Raw(), most=1000, required=True)
