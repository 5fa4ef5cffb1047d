"""What programs send and get about prices."""

from __future__ import annotations

from equipment_cloud.foundation.endpoint import Body, Code, Day, Fen, Identifier, Text, Truth, Whole
from equipment_cloud.pricing.models import Basis, CustomerClass

RATES = {
    "internal_fen": CustomerClass.INTERNAL,
    "local_fen": CustomerClass.LOCAL,
    "outside_fen": CustomerClass.OUTSIDE,
}
"""The price per hour of each class of customers: own staff, enterprises of Yuyao, others."""


class PlanGiven(Body):
    """Prices from a day on. A class without a price of its own pays the highest."""

    valid_from = Day(load_default=None, allow_none=True, metadata={"description": "today if omitted"})
    basis = Code(Basis, load_default=Basis.BOOKED)
    minimum_minutes = Whole(0, 43_200, load_default=0)
    setup_fen = Fen(load_default=0)
    internal_fen = Fen(load_default=None, allow_none=True, metadata={"description": "fen per hour, own staff"})
    local_fen = Fen(load_default=None, allow_none=True, metadata={"description": "fen per hour, firms of Yuyao"})
    outside_fen = Fen(load_default=None, allow_none=True, metadata={"description": "fen per hour, others"})
    note = Text(200, load_default=None, allow_none=True)


class PlanShown(PlanGiven):
    """A price plan; once used it may only be ended by a newer one."""

    id = Identifier()
    valid_to = Day(allow_none=True)
    is_used = Truth()
