"""Judging a claim anew: findings come and go, notes on those that stay are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from equipment_cloud.foundation.db import session
from equipment_cloud.settlement import queries
from equipment_cloud.settlement.models import Claim, Finding
from equipment_cloud.settlement.rules import ClaimState, Found, plan_amount, problems_with_claim


def recheck(claim: Claim, *, now: datetime) -> list[Found]:
    """Judge the claim anew: findings come and go, notes on those that stay are kept. A draft's amount follows."""
    session().flush()
    session().expire(claim)
    case = queries.case_of(queries.claim(claim.id), now=now)
    found = problems_with_claim(case)
    if claim.state in {ClaimState.DRAFT, ClaimState.RETURNED, ClaimState.SUBMITTED} and claim.reviewed_by is None:
        planned = plan_amount(case)
        claim.requested_fen, claim.calculation = planned.fen, planned.calculation
    _keep(claim.id, found, now=now)
    return found


def _keep(claim_id: int, found: Sequence[Found], *, now: datetime) -> None:
    known = {
        (finding.code, finding.subject): finding
        for finding in session().scalars(select(Finding).where(Finding.claim_id == claim_id))
    }
    wanted = {(finding.code, finding.subject): finding for finding in found}
    for key, finding in known.items():
        if key not in wanted:
            session().delete(finding)
        else:
            finding.values, finding.level = dict(wanted[key].values), wanted[key].level
    for key, fresh in wanted.items():
        if key not in known:
            session().add(
                Finding(
                    claim_id=claim_id,
                    code=fresh.code,
                    subject=fresh.subject,
                    level=fresh.level,
                    message=fresh.message,
                    values=dict(fresh.values),
                    found_at=now,
                    note=None,
                    noted_by=None,
                )
            )
    session().flush()
