"""A booking as an iCalendar file (RFC 5545): stable UID, rising SEQUENCE, local times with their VTIMEZONE."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.wording import purpose_word
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.state_words import state_word

STATUS = {BookingState.REQUESTED: "TENTATIVE"}
GONE = frozenset(
    {
        BookingState.DECLINED,
        BookingState.EXPIRED,
        BookingState.CANCELLED,
        BookingState.CANCELLED_LATE,
        BookingState.REVOKED,
    }
)


def calendar_file(booking: Booking, *, url: str, now: datetime) -> bytes:
    """The file's bytes: CRLF lines folded at 75 octets, text escaped, both done by the library."""
    event = Event()
    event.add("uid", booking.uid)
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(clock.zone()))
    event.add("dtend", booking.ends_at.astimezone(clock.zone()))
    event.add("status", "CANCELLED" if booking.state in GONE else STATUS.get(booking.state, "CONFIRMED"))
    event.add("summary", f"{booking.instrument.name} ({booking.number})")
    event.add("location", ", ".join(filter(None, (booking.provider.name, booking.instrument.address))))
    words = (state_word("booking", booking.state), purpose_word(booking.purpose), booking.position.label)
    event.add("description", " · ".join(words))
    event.add("url", url)
    calendar = Calendar()
    calendar.add("prodid", "-//Equipment Cloud//Booking//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
