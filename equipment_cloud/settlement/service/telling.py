"""Messages to many at once: one statement, whatever the number of claims."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, literal, or_, select

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.outbox import Delivery, OutboxMessage
from equipment_cloud.kernel.errors import N_
from equipment_cloud.organisations.models import Membership
from equipment_cloud.settlement.models import BatchLine, Claim
from equipment_cloud.settlement.rules import ClaimState, LineState
from equipment_cloud.settlement.service.records import in_states

WORDS = {
    LineState.PAID: ("settlement.paid", N_("A claim of your organisation was paid.")),
    LineState.BOUNCED: (
        "settlement.bounced",
        N_("The bank rejected a payment to your organisation: check the account."),
    ),
}
MONEY_ROLES = ("owner", "accountant", "manager", "finance")
_COLUMNS = (
    "created_at",
    "person_id",
    "kind",
    "message_id",
    "values",
    "link",
    "state",
    "attempts",
    "next_try_at",
    "error",
)


def tell_payees(batch_id: int, state: LineState, sources: set[ClaimState], *, now: datetime) -> None:
    """To those who look after a payee's money, for each line of a state whose claim is in one of ``sources``."""
    kind, message = WORDS[state]
    today = clock.today(now)
    table = OutboxMessage.__table__.c
    moment = literal(now, table.created_at.type)
    people = (
        select(
            moment,
            Membership.person_id,
            literal(kind),
            literal(message),
            literal({}, table["values"].type),
            literal("/claims/").concat(Claim.id),
            literal(Delivery.PENDING, table.state.type),
            literal(0),
            moment,
            literal(None, table.error.type),
        )
        .distinct()
        .select_from(BatchLine)
        .join(Claim, Claim.id == BatchLine.claim_id)
        .join(Membership, Membership.organisation_id == Claim.payee_id)
        .where(BatchLine.batch_id == batch_id)
        .where(BatchLine.state == state)
        .where(in_states(sources))
        .where(Membership.role.in_(MONEY_ROLES))
        .where(Membership.valid_from <= today)
        .where(or_(Membership.ended_on.is_(None), Membership.ended_on > today))
    )
    session().execute(insert(OutboxMessage).from_select(_COLUMNS, people))
