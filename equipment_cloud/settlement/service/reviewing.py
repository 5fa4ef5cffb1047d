"""The bureau's side of a claim: two people, each with an opinion; amounts only go down; defects told all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from equipment_cloud.billing import service as billing
from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem, SamePerson, WrongState, raise_if
from equipment_cloud.settlement import policy
from equipment_cloud.settlement.models import Claim, ClaimService, Finding, Review
from equipment_cloud.settlement.rules import ClaimState, Level, Stage, defects_from, remedy_of
from equipment_cloud.settlement.service.records import locked_claim, step_to, tell_applicant, tell_bureau
from equipment_cloud.usage.models import UsageRecord
from equipment_cloud.vouchers import service as vouchers


class Interested(Forbidden):
    """The person belongs to a party of the claim (403)."""

    code: ClassVar[str] = "interest"
    message = N_("You belong to one of the parties of this claim and may not decide it (回避).")
    remedy = N_("Leave it to a colleague.")


def review(claim_id: int, *, opinion: str, amount_fen: int | None = None, by: Actor, now: datetime) -> Claim:
    """First review (初审): pass the claim on to the approver, with the amount as filed or less."""
    claim = _opened(claim_id, Stage.REVIEW, by=by)
    amount = _checked(claim, opinion=opinion, amount_fen=amount_fen)
    step_to(claim, ClaimState.IN_REVIEW)
    claim.stage, claim.reviewed_by = Stage.APPROVAL, by.id
    _opine(claim, Stage.REVIEW, "pass", opinion, amount, by=by, now=now)
    tell_bureau(claim, "approver", "to-approve", N_("Claim %(number)s awaits second review."), now=now)
    return claim


def approve(claim_id: int, *, opinion: str, amount_fen: int | None = None, by: Actor, now: datetime) -> Claim:
    """Decide the stage now open: first review passes on, second review (复审) approves and moves the money."""
    if _stage_of(claim_id) is Stage.REVIEW:
        return review(claim_id, opinion=opinion, amount_fen=amount_fen, by=by, now=now)
    claim = _opened(claim_id, Stage.APPROVAL, by=by)
    amount = _checked(claim, opinion=opinion, amount_fen=amount_fen)
    step_to(claim, ClaimState.APPROVED)
    claim.stage, claim.approved_by, claim.approved_at, claim.approved_fen = None, by.id, now, amount
    session().flush()
    _move_money(claim, amount, by=by, now=now)
    _opine(claim, Stage.APPROVAL, "approve", opinion, amount, by=by, now=now)
    tell_applicant(claim, "approved", N_("Claim %(number)s is approved; it goes into the next batch."), now=now)
    return claim


def return_(claim_id: int, *, reason: str, defects: Sequence[str], by: Actor, now: datetime) -> Claim:
    """Send back for completion, telling every defect at once (一次性告知)."""
    claim = _opened(claim_id, None, by=by)
    stage = claim.stage or Stage.REVIEW
    problems = [] if reason.strip() else [Problem("reason-missing", N_("Give the reason."), "reason")]
    if not defects:
        problems.append(
            Problem(
                "defects-missing",
                N_("Choose every defect there is."),
                "defects",
                remedy=N_("A claim is returned once: list all that must be mended."),
            )
        )
    raise_if(problems)
    step_to(claim, ClaimState.RETURNED)
    claim.stage, claim.decide_by = None, None
    claim.return_reason, claim.defects = reason.strip(), defects_from(defects)
    claim.reviewed_by = None
    _opine(claim, stage, "return", reason, None, by=by, now=now)
    tell_applicant(claim, "returned", N_("Claim %(number)s was returned for completion: see what to mend."), now=now)
    return claim


def reject(claim_id: int, *, reason: str, by: Actor, now: datetime) -> Claim:
    """Reject for good: the drawn money goes back, the papers are free again, the services stay decided."""
    claim = _opened(claim_id, None, by=by)
    stage = claim.stage or Stage.REVIEW
    if not reason.strip():
        raise Invalid.single("reason-missing", N_("Give the reason."), field="reason")
    step_to(claim, ClaimState.REJECTED)
    claim.stage = None
    session().flush()
    _move_money(claim, 0, by=by, now=now)
    _opine(claim, stage, "reject", reason, None, by=by, now=now)
    tell_applicant(claim, "rejected", N_("Claim %(number)s was rejected: see the reason."), now=now)
    billing.release_allocations(f"claim:{claim_id}")
    return locked_claim(claim_id)


def note_finding(finding_id: int, *, note: str, by: Actor, now: datetime) -> Finding:
    """A reviewer's note why a finding may pass. What blocks cannot be noted away."""
    finding = session().get(Finding, finding_id)
    if finding is None:
        raise NotFound
    claim = locked_claim(finding.claim_id)
    if policy.has_interest(by, claim):
        raise Interested
    permit(policy.may_note(by, claim))
    if finding.level is Level.BLOCK:
        raise Invalid.single(
            "blocks",
            N_("This finding stops the claim; a note does not lift it."),
            field="note",
            remedy=N_("Return the claim so that the cause is mended."),
        )
    if not note.strip():
        raise Invalid.single("note-missing", N_("Write what was found out."), field="note")
    finding.note, finding.noted_by = note.strip(), by.id
    session().flush()
    audit.note("settlement.note-finding", f"claim:{claim.id}", by=by, now=now, detail={"code": finding.code})
    return finding


def references_of(claim_id: int) -> list[str]:
    """What the services drew for (``booking:12``), in order."""
    bookings = session().scalars(
        select(UsageRecord.booking_id)
        .join(ClaimService, ClaimService.usage_id == UsageRecord.id)
        .where(ClaimService.claim_id == claim_id)
        .where(UsageRecord.booking_id.is_not(None))
        .order_by(ClaimService.id)
    )
    return [f"booking:{booking_id}" for booking_id in bookings]


def _stage_of(claim_id: int) -> Stage | None:
    return session().scalar(select(Claim.stage).where(Claim.id == claim_id))


def _opened(claim_id: int, stage: Stage | None, *, by: Actor) -> Claim:
    """The locked claim with its stage open to this person (any stage when ``stage`` is None)."""
    claim = locked_claim(claim_id)
    if claim.stage is None or (stage is not None and claim.stage is not stage):
        raise WrongState(current=claim.state.value)
    if policy.has_interest(by, claim):
        raise Interested
    if _decided_other_stage(claim, by=by):
        raise SamePerson
    permit(policy.may_decide(by, claim))
    return claim


def _decided_other_stage(claim: Claim, *, by: Actor) -> bool:
    """One person, one stage of a claim, in all its rounds (maker is not checker)."""
    stages = set(
        session().scalars(select(Review.stage).where(Review.claim_id == claim.id).where(Review.person_id == by.id))
    )
    return bool(stages - {claim.stage}) or claim.created_by == by.id


def _checked(claim: Claim, *, opinion: str, amount_fen: int | None) -> int:
    """The amount decided. Raises :class:`Invalid` listing an empty opinion, a raised amount, open findings."""
    ceiling = _ceiling(claim)
    amount = ceiling if amount_fen is None else amount_fen
    problems = []
    if not opinion.strip():
        problems.append(
            Problem(
                "opinion-missing",
                N_("Give your opinion."),
                "opinion",
                remedy=N_("Say what was examined; for a lower amount, say why."),
            )
        )
    if amount > ceiling:
        problems.append(Problem("only-down", N_("Review may only lower the amount."), "amount_fen"))
    if amount <= 0:
        problems.append(
            Problem(
                "not-positive",
                N_("The amount must be above zero."),
                "amount_fen",
                remedy=N_("Reject the claim if nothing is to be paid."),
            )
        )
    raise_if([*problems, *_open_findings(claim)])
    return amount


def _ceiling(claim: Claim) -> int:
    """What the last stage left: the amount filed, or what first review lowered it to."""
    passed = session().scalar(
        select(Review.amount_fen)
        .where(Review.claim_id == claim.id)
        .where(Review.decision == "pass")
        .order_by(Review.id.desc())
        .limit(1)
    )
    return claim.requested_fen if passed is None or claim.stage is Stage.REVIEW else passed


def _open_findings(claim: Claim) -> list[Problem]:
    findings = session().scalars(select(Finding).where(Finding.claim_id == claim.id).order_by(Finding.id))
    problems = []
    for finding in findings:
        if finding.level is Level.BLOCK:
            problems.append(Problem(finding.code, finding.message, "findings", finding.values, remedy_of(finding.code)))
        elif not finding.note:
            remedy = N_("Write a note to this finding first: what did you find out?")
            problems.append(Problem("note-missing", finding.message, "findings", finding.values, remedy))
    return problems


def _move_money(claim: Claim, approved_fen: int, *, by: Actor, now: datetime) -> None:
    drawn = sum(
        session().scalars(
            select(ClaimService.drawn_fen).where(ClaimService.claim_id == claim.id).order_by(ClaimService.id)
        )
    )
    vouchers.approve_claim(
        claim.id, claim.voucher_id, drawn, approved_fen, references=references_of(claim.id), by=by, now=now
    )


def _opine(
    claim: Claim, stage: Stage, decision: str, opinion: str, amount_fen: int | None, *, by: Actor, now: datetime
) -> None:
    session().add(
        Review(
            claim_id=claim.id,
            stage=stage,
            decision=decision,
            opinion=opinion.strip(),
            amount_fen=amount_fen,
            person_id=by.id,
            person_name=by.name,
            at=now,
        )
    )
    session().flush()
    detail = {"stage": stage.value, "opinion": opinion.strip(), "amount_fen": amount_fen}
    audit.note(f"settlement.{decision}", f"claim:{claim.id}", by=by, now=now, detail=detail)
