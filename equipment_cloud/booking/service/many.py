"""Several requests answered in one act: each for itself, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from equipment_cloud.booking import queries
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.booking.service.deciding import approve, decline, needed
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.occupancy import service as occupancy

MOST = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request: its state now, or why it was refused."""

    booking_id: int
    number: str | None
    state: BookingState | None
    refusal: Refused | None = None


def decide_many(
    booking_ids: Sequence[int], *, approving: bool, reason: str | None = None, by: Actor, now: datetime
) -> list[Answered]:
    """Approve or decline each of at most a hundred requests; one that cannot be does not hold up the rest.

    Positions are locked together first, and vouchers follow in order, so that two such acts never wait for each other
    in a circle. Raises :class:`Invalid` where a reason to decline is missing.
    """
    if not approving:
        needed(reason)
    wanted = list(dict.fromkeys(booking_ids))[:MOST]
    rows = session().execute(
        select(Booking.id, Booking.position_id)
        .where(Booking.id.in_(wanted))
        .order_by(func.coalesce(Booking.voucher_id, 0), Booking.id)
    ).all()  # fmt: skip
    if rows:
        occupancy.lock([row[1] for row in rows])
    done = {row[0]: _one(row[0], approving, reason, by, now) for row in rows}
    missing = {key: _one(key, approving, reason, by, now) for key in wanted if key not in done}
    return [(done | missing)[key] for key in wanted]


def _one(booking_id: int, approving: bool, reason: str | None, by: Actor, now: datetime) -> Answered:  # noqa: FBT001
    number = None
    try:
        with session().begin_nested():
            number = queries.booking_for(by, booking_id).number
            act = approve(booking_id, by=by, now=now) if approving else decline(booking_id, reason, by=by, now=now)
            return Answered(booking_id, number, act.state)
    except Refused as refusal:
        return Answered(booking_id, number, None, refusal)
