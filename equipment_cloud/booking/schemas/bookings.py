"""What programs send and get about bookings and the waiting list."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from equipment_cloud.booking.models import BookingState
from equipment_cloud.booking.rules import Purpose, WaitState
from equipment_cloud.foundation.endpoint import (
    Body,
    Fen,
    Identifier,
    Instant,
    PageQuery,
    Query,
    Raw,
    Several,
    Text,
    Truth,
    Whole,
)
from equipment_cloud.foundation.endpoint import Code as CodeField

PURPOSE: dict[str, Any] = {"metadata": {"enum": [purpose.value for purpose in Purpose]}}
"""A text here: an unknown purpose is told together with every other broken rule."""


WAIVE: dict[str, Any] = {
    "allow_none": True,
    "load_default": None,
    "metadata": {"description": "the institution's staff let pass every problem that is ``waivable``, for this reason"},
}


class EstimateQuery(Query):
    """A time, and what it is for; a voucher needs a token."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    purpose = Text(64, load_default="rd", **PURPOSE)
    voucher_id = Identifier(load_default=None)
    organisation_id = Identifier(load_default=None)


class BookingsQuery(PageQuery):
    """Filters of the list."""

    state = CodeField(BookingState, load_default=None)


class BookingAsked(Body):
    """A request for machine time. ``organisation_id`` is needed only by who books for several."""

    instrument_id = Identifier(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    purpose = Text(64, required=True, **PURPOSE)
    note = Text(1000, allow_none=True, load_default=None)
    voucher_id = Identifier(allow_none=True, load_default=None)
    organisation_id = Identifier(allow_none=True, load_default=None)
    on_behalf_of = Identifier(
        allow_none=True, load_default=None, metadata={"description": "id of the person booked for"}
    )
    waive_reason = Text(500, **WAIVE)


class WaitAsked(Body):
    """A time that is taken, to be offered when it comes free. ``organisation_id`` as for a booking."""

    instrument_id = Identifier(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    purpose = Text(64, required=True, **PURPOSE)
    organisation_id = Identifier(allow_none=True, load_default=None)


class Taking(Body):
    """What a booking of the time held needs besides."""

    voucher_id = Identifier(allow_none=True, load_default=None)
    note = Text(1000, allow_none=True, load_default=None)


class WaitShown(ma.Schema):
    """A time on the waiting list; while ``offered`` it is held until ``offered_until``."""

    id = Identifier()
    instrument_id = Identifier()
    organisation_id = Identifier()
    person_id = Identifier()
    starts_at = Instant()
    ends_at = Instant()
    purpose = CodeField(Purpose)
    state = CodeField(WaitState)
    offered_until = Instant(allow_none=True)
    booking_id = Identifier(allow_none=True)
    created_at = Instant()


class Reason(Body):
    """Why: the other side reads it."""

    reason = Text(500, required=True)


class Cancellation(Body):
    """A customer need not say why."""

    reason = Text(500, allow_none=True, load_default=None)


class Approval(Body):
    """Nothing need be said."""

    waive_reason = Text(500, **WAIVE)


class Rescheduling(Body):
    """Another time for a booking."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    reason = Text(500, allow_none=True, load_default=None)
    waive_reason = Text(500, **WAIVE)


class LineShown(ma.Schema):
    """One line of a price."""

    label = Text()
    quantity = ma.fields.Float()
    unit = Text()
    unit_price_fen = Fen()
    amount_fen = Fen()


class CalculationShown(ma.Schema):
    """One step or limit of a voucher's share."""

    code = Text()
    label = Text()
    amount_fen = Fen(allow_none=True)
    limit_fen = Fen(allow_none=True)
    binding = Truth()


class ReasonShown(ma.Schema):
    """Why a voucher cannot be used."""

    field = Text(allow_none=True)
    code = Text()
    message = Text()


class EstimateShown(ma.Schema):
    """``payable_fen`` is what the customer pays the institution; under ``enterprise`` (通用) ``voucher_fen`` comes back
    after settlement, under ``institution`` (通兑) it is paid to the institution.
    """

    price_fen = Fen()
    voucher_fen = Fen()
    payable_fen = Fen()
    lines = Several(ma.fields.Nested(LineShown))
    calculation = Several(ma.fields.Nested(CalculationShown))
    model = CodeField(("enterprise", "institution"), allow_none=True)
    reasons = Several(ma.fields.Nested(ReasonShown))
    policy = Raw(allow_none=True)


class BookingMade(ma.Schema):
    """What a request comes to."""

    id = Identifier()
    number = Text()
    state = CodeField(BookingState)
    estimate = ma.fields.Nested(EstimateShown)


class BookingShown(BookingMade):
    """A booking."""

    instrument_id = Identifier()
    position_id = Identifier()
    organisation_id = Identifier()
    provider_id = Identifier()
    person_id = Identifier()
    requested_by = Identifier()
    starts_at = Instant()
    ends_at = Instant()
    purpose = CodeField(Purpose)
    note = Text(allow_none=True)
    voucher_id = Identifier(allow_none=True)
    price_fen = Fen()
    voucher_fen = Fen()
    expires_at = Instant(allow_none=True)
    decided_at = Instant(allow_none=True)
    reason = Text(allow_none=True)
    asked_at = Instant()
    waived = Several(Text(), metadata={"description": "codes of rules the institution's staff let pass"})
    created_at = Instant()
    uid = Text()
    sequence = Whole(0)
    revision = Whole(1)


class Decisions(Body):
    """Requests to answer in one act; declining needs a reason."""

    ids = ma.fields.List(Identifier(), required=True, validate=ma.validate.Length(1, 100))
    act = CodeField(("approve", "decline"), required=True)
    reason = Text(500, allow_none=True, load_default=None)


class DecisionMade(ma.Schema):
    """What became of one request; ``errors`` as in a problem document."""

    id = Identifier()
    status = CodeField(("done", "refused"))
    state = CodeField(BookingState, allow_none=True)
    code = Text(allow_none=True)
    detail = Text(allow_none=True)
    errors = Raw()


class DecisionsMade(ma.Schema):
    """In the order asked for."""

    results = Several(ma.fields.Nested(DecisionMade))
