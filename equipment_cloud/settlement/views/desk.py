"""What waits on people's desks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.navigation import Panel, TodoRow
from equipment_cloud.kernel.errors import N_
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import BatchState, ClaimState

MOST = 5


def to_decide(actor: Actor, now: datetime) -> Sequence[TodoRow]:
    """Claims at a stage this person decides, the most urgent first."""
    page = queries.claims_page(actor, {"mine": True}, number=1, size=MOST)
    return [_claim_row(claim, N_("Decide"), now=now) for claim in page.items]


def to_mend(actor: Actor, now: datetime) -> Sequence[TodoRow]:
    """Returned claims of the person's enterprises."""
    page = queries.claims_page(actor, {"state": ClaimState.RETURNED}, number=1, size=MOST)
    return [_claim_row(claim, N_("Complete"), now=now, urgent=True) for claim in page.items]


def to_claim(actor: Actor, _now: datetime) -> Sequence[TodoRow]:
    """Confirmed services on vouchers that nobody has claimed yet."""
    offers = queries.offers(actor.organisations(*policy.APPLICANT_ROLES))[:MOST]
    return [
        TodoRow(
            label=N_("%(count)s confirmed services at %(provider)s can be claimed"),
            url=f"/claims/new?voucher={offer.voucher_id}&provider={offer.provider_id}",
            values={"count": offer.usages, "provider": offer.provider_name},
            act=N_("Prepare the claim"),
        )
        for offer in offers
    ]


def batches_to_check(_actor: Actor, _now: datetime) -> Sequence[TodoRow]:
    """Batches that wait for the leader's second check."""
    return _batch_rows(BatchState.ASSEMBLED, N_("Check"))


def batches_to_pay(_actor: Actor, _now: datetime) -> Sequence[TodoRow]:
    """Batches to post, to send, or whose results are to be imported."""
    return [
        *_batch_rows(BatchState.CHECKED, N_("Post")),
        *_batch_rows(BatchState.NOTICED, N_("Open")),
        *_batch_rows(BatchState.SENT, N_("Import results")),
    ]


def samples_to_judge(_actor: Actor, _now: datetime) -> Sequence[TodoRow]:
    """Draws from what was paid with claims nobody judged yet."""
    found = queries.samples_waiting(most=MOST)
    sums = queries.sample_sums([sample.id for sample in found])
    return [
        TodoRow(
            label=N_("Second look at what was paid from %(start)s to %(end)s: %(count)s claims"),
            url=f"/samples/{sample.id}",
            values={
                "start": sample.period_start.isoformat(),
                "end": sample.period_end.isoformat(),
                "count": sums[sample.id].open,
            },
            act=N_("Look"),
        )
        for sample in found
    ]


def _claim_row(claim: Claim, act: str, *, now: datetime, urgent: bool = False) -> TodoRow:
    late = claim.decide_by is not None and claim.decide_by < clock.today(now)
    return TodoRow(
        label=N_("Claim %(number)s of %(firm)s"),
        url=f"/claims/{claim.id}",
        values={"number": claim.number, "firm": claim.organisation.name},
        kind="claim",
        state=claim.state.value,
        due_at=clock.end_of(claim.decide_by) if claim.decide_by else None,
        act=act,
        urgent=urgent or late,
    )


def _batch_rows(state: BatchState, act: str) -> list[TodoRow]:
    return [
        TodoRow(
            label=N_("Batch %(number)s, %(count)s claims"),
            url=f"/batches/{batch.id}",
            values={"number": batch.number, "count": batch.lines_count},
            kind="batch",
            state=batch.state.value,
            act=act,
        )
        for batch in queries.batches_in(state, most=MOST)
    ]


PANELS: tuple[Panel, ...] = (
    Panel(roles=("reviewer", "approver"), rows=to_decide, order=10),
    Panel(roles=policy.APPLICANT_ROLES, rows=to_mend, order=5),
    Panel(roles=policy.APPLICANT_ROLES, rows=to_claim, order=40),
    Panel(roles=("leader",), rows=batches_to_check, order=10),
    Panel(roles=("treasurer",), rows=batches_to_pay, order=10),
    Panel(roles=policy.SAMPLE_ROLES, rows=samples_to_judge, order=30),
)
