"""What programs send and get about delegations and breach points."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.booking.models import BookingState
from equipment_cloud.booking.rules import BreachState
from equipment_cloud.foundation.endpoint import Body, Day, Identifier, Instant, Text, Whole
from equipment_cloud.foundation.endpoint import Code as CodeField


class DelegationGiven(Body):
    """Who stands in for the caller, from when to when (both days included)."""

    provider_id = Identifier(required=True)
    to_person_id = Identifier(required=True)
    first_on = Day(required=True)
    last_on = Day(required=True)
    note = Text(200, allow_none=True, load_default=None)


class DelegationShown(ma.Schema):
    """A delegation."""

    id = Identifier()
    provider_id = Identifier()
    from_person_id = Identifier()
    to_person_id = Identifier()
    first_on = Day()
    last_on = Day()
    note = Text(allow_none=True)
    ended_at = Instant(allow_none=True)


class Appeal(Body):
    """Why the points should not count."""

    appeal = Text(1000, required=True)


class AppealDecision(Body):
    """The institution's answer."""

    act = CodeField(("lift", "uphold"), required=True)
    decision = Text(1000, required=True)


class BreachShown(ma.Schema):
    """A late cancellation or a no-show that counts until ``ends_at``."""

    id = Identifier()
    booking_id = Identifier()
    provider_id = Identifier()
    organisation_id = Identifier()
    person_id = Identifier()
    kind = CodeField(BookingState)
    points = Whole(0)
    at = Instant()
    ends_at = Instant()
    state = CodeField(BreachState)
    appeal = Text(allow_none=True)
    decision = Text(allow_none=True)


class BreachPolicyGiven(Body):
    """What counts from a day on; zero points are none, a limit of zero stops nobody."""

    late_points = Whole(0, 100, required=True)
    no_show_points = Whole(0, 100, required=True)
    last_days = Whole(1, 1_100, required=True)
    limit_points = Whole(0, 1_000, load_default=0)
    valid_from = Day(allow_none=True, load_default=None)


class BreachPolicyShown(BreachPolicyGiven):
    """What counts at an institution."""

    id = Identifier()
    provider_id = Identifier()
    valid_to = Day(allow_none=True)
