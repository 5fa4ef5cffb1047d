"""The second look at what was paid: drawn once a period, each claim then judged by someone who did not decide it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, SamePerson, WrongState
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Claim, Review, Sample, SampleLine
from equipment_cloud.settlement.rules.sampling import SampleState, plan_sample
from equipment_cloud.settlement.service.records import tell_bureau
from equipment_cloud.settlement.service.reviewing import Interested


def draw_sample(pool_id: int, start: date, end: date, rate_bp: int, *, seed: str, now: datetime) -> Sample | None:
    """Draw from what a pool paid in a period; ``None`` when nothing is to be drawn, or that period was drawn before."""
    paid = queries.paid_claims(pool_id, start, end)
    drawn = plan_sample(paid, rate_bp, seed)
    if not drawn:
        return None
    key = {"pool_id": pool_id, "period_start": start}
    facts = {"period_end": end, "rate_bp": rate_bp, "seed": seed, "drawn_at": now}
    totals = {"population": len(paid), "population_fen": sum(claim.amount_fen for claim in paid)}
    if not insert_one_missing(Sample, key | facts | totals):
        return None
    sample = session().scalars(select(Sample).filter_by(**key)).one()
    lines = [
        {"sample_id": sample.id, "position": position, "claim_id": claim.claim_id, "amount_fen": claim.amount_fen,
         "state": SampleState.OPEN}
        for position, claim in enumerate(drawn, start=1)
    ]  # fmt: skip
    session().execute(insert(SampleLine), lines)
    detail = {"seed": seed, "population": len(paid), "drawn": len(drawn)}
    audit.note("settlement.draw-sample", f"sample:{sample.id}", by=SYSTEM, now=now, detail=detail)
    return sample


def judge_sampled(line_id: int, result: SampleState, opinion: str, *, by: Actor, now: datetime) -> SampleLine:
    """Record what the second look found. Raises :class:`SamePerson` for who decided the claim before."""
    line = session().get(SampleLine, line_id, with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound
    permit(policy.may_judge_sample(by))
    claim = session().get_one(Claim, line.claim_id)
    if policy.has_interest(by, claim):
        raise Interested
    decided = select(Review.id).where(Review.claim_id == claim.id).where(Review.person_id == by.id).limit(1)
    if session().scalar(decided) is not None:
        raise SamePerson
    if line.state is not SampleState.OPEN:
        raise WrongState(current=line.state.value)
    if result is SampleState.OPEN or not opinion.strip():
        raise Invalid.single("opinion-missing", N_("Say what was examined and what was found."), field="opinion")
    line.state, line.opinion, line.person_id, line.person_name, line.judged_at = (
        result, opinion.strip(), by.id, by.name[:64], now,
    )  # fmt: skip
    session().flush()
    detail = {"sample": line.sample_id, "result": result.value, "opinion": opinion.strip()}
    audit.note("settlement.judge-sample", f"claim:{claim.id}", by=by, now=now, detail=detail)
    if result is SampleState.IRREGULAR:
        words = N_("The second look found claim %(number)s irregular.")
        tell_bureau(claim, "leader", "irregular", words, now=now)
    return line
