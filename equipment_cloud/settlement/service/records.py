"""What every act on a claim or batch begins and ends with: the lock, the state, the telling."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, select

from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.states import move
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.settlement import policy
from equipment_cloud.settlement.models import Batch, Claim
from equipment_cloud.settlement.rules import CLAIM_MOVES, ClaimState


def locked_claim(claim_id: int) -> Claim:
    """The claim under its row lock, read anew."""
    found = session().get(Claim, claim_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def locked_batch(batch_id: int) -> Batch:
    """The batch under its row lock, read anew."""
    found = session().get(Batch, batch_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def in_states(states: Collection[ClaimState]) -> ColumnElement[bool]:
    """The claim is in one of the states, for acts on the lines of a batch; kept away from the index on purpose.

    Right after thousands of rows changed state, PostgreSQL's statistics say that the index finds none, and it would go
    through all lines once for each claim.
    """
    return func.coalesce(cast(Claim.state, String), "").in_([state.value for state in states])


def step_to(claim: Claim, target: ClaimState) -> None:
    """Move the claim along an arrow. Raises :class:`WrongState` when none leads there."""
    claim.state = move(CLAIM_MOVES, claim.state, target)
    claim.revision += 1


def tell_applicant(claim: Claim, kind: str, message: str, *, now: datetime) -> None:
    """A message to those of the enterprise who deal with claims."""
    people = organisations.people_with_role(claim.organisation_id, *policy.APPLICANT_ROLES, on=clock.today(now))
    values = {"number": claim.number}
    outbox.post(f"settlement.{kind}", people, message, now=now, link=f"/claims/{claim.id}", values=values)


def tell_bureau(claim: Claim, role: str, kind: str, message: str, *, now: datetime) -> None:
    """A message to those of the bureau who hold a role."""
    people = organisations.bureau_people(role, on=clock.today(now))
    values = {"number": claim.number}
    outbox.post(f"settlement.{kind}", people, message, now=now, link=f"/claims/{claim.id}", values=values)


def claim_ids_for_check(*, after: int, most: int, states: frozenset[ClaimState]) -> list[int]:
    """The next claims to look at again, by id."""
    return list(
        session().scalars(
            select(Claim.id).where(Claim.id > after).where(Claim.state.in_(states)).order_by(Claim.id).limit(most)
        )
    )
