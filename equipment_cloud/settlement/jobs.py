"""Jobs of settlement. Each may be run again for any date and finds nothing left to do."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from equipment_cloud.foundation.db import session, transaction
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import Refused, WrongState
from equipment_cloud.notices import queries as notices
from equipment_cloud.notices import service as notice_service
from equipment_cloud.settlement import queries, service
from equipment_cloud.settlement.rules import ClaimState, last_period
from equipment_cloud.settlement.service.records import claim_ids_for_check, locked_claim
from equipment_cloud.vouchers import queries as vouchers

RESCANNED = frozenset(
    {ClaimState.DRAFT, ClaimState.RETURNED, ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.APPROVED}
)
PORTION = 200


def assemble_batch(on: date, now: datetime) -> Outcome:
    """The batch of the last period over on ``on``, for each pool whose policy says how long periods are."""
    outcome = Outcome()
    for pool_id, policy_id in [(pool.id, pool.policy_id) for pool in queries.pools()]:
        try:
            with transaction():
                version = vouchers.policy_version_on(policy_id, on)
                if version is None:
                    continue
                start, end = last_period(on, vouchers.terms_of_version(version).settlement_period)
                outcome.done += service.assemble(pool_id, start, end, now=now) is not None
        except Refused as refusal:
            outcome.failures.append((f"pool:{pool_id}", str(refusal)))
    return outcome


def close_notices(on: date, now: datetime) -> Outcome:
    """End the notices whose last day is before ``on``, then let lines go whose objections were decided."""
    outcome = Outcome()
    for notice_id, reference in [(notice.id, notice.reference) for notice in notices.due_to_close(on)]:
        try:
            with transaction():
                _close(notice_id, reference, now=now)
            outcome.done += 1
        except WrongState:
            continue  # another clock closed it
        except Refused as refusal:
            outcome.failures.append((f"notice:{notice_id}", str(refusal)))
    for batch_id in queries.batches_with_frozen_lines():
        with transaction():
            outcome.done += service.settle_objections(batch_id, now=now)
    return outcome


def check_claims(_on: date, now: datetime) -> Outcome:
    """Look again at open claims: papers are voided, accounts change, parties become related."""
    outcome, last = Outcome(), 0
    while ids := claim_ids_for_check(after=last, most=PORTION, states=RESCANNED):
        for claim_id in ids:
            with transaction():
                service.recheck(locked_claim(claim_id), now=now)
            outcome.done += 1
        last = ids[-1]
        session().expunge_all()
    return outcome


def draw_sample(on: date, now: datetime) -> Outcome:
    """A second look at the half-year over on ``on``: a share of what each pool paid in it, as its policy says."""
    outcome = Outcome()
    start, end = last_period(on, "half_year")
    for pool_id, policy_id in [(pool.id, pool.policy_id) for pool in queries.pools()]:
        try:
            with transaction():
                version = vouchers.policy_version_on(policy_id, on)
                rate_bp = vouchers.terms_of_version(version).sample_rate_bp if version else 0
                seed = secrets.token_hex(16)
                outcome.done += service.draw_sample(pool_id, start, end, rate_bp, seed=seed, now=now) is not None
        except Refused as refusal:
            outcome.failures.append((f"pool:{pool_id}", str(refusal)))
    return outcome


def _close(notice_id: int, reference: str, *, now: datetime) -> None:
    kind, _, number = reference.partition(":")
    if kind == "batch":
        service.close_notice(notice_id, int(number), now=now)
    else:
        notice_service.close(notice_id, now=now)


JOBS: tuple[Job, ...] = (
    Job("settlement.check-claims", "30 3 * * *", check_claims),
    Job("settlement.assemble-batch", "30 5 * * *", assemble_batch),
    Job("settlement.close-notices", "10 0 * * *", close_notices),
    Job("settlement.draw-sample", "0 7 1 2,8 *", draw_sample),
)
