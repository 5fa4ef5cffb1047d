"""Lists and pages of claims, for applicants, providers and the bureau."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.billing import queries as billing
from equipment_cloud.foundation import audit, clock, stored_file
from equipment_cloud.foundation.access import Actor, current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.kernel.workdays import CalendarUnknown
from equipment_cloud.reference import queries as reference
from equipment_cloud.settlement import policy, queries
from equipment_cloud.settlement.forms import DecisionForm, ReasonForm, ReturnForm
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import ClaimState, PaperKind, checklist
from equipment_cloud.settlement.rules.states import EDITABLE, UNDER_REVIEW
from equipment_cloud.settlement.views.blueprint import READERS, bp
from equipment_cloud.settlement.wording import shown_calculation, shown_defects, shown_finding

STAGES = (
    ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.IN_REVIEW, ClaimState.APPROVED, ClaimState.NOTICED,
    ClaimState.PAYABLE, ClaimState.PAID,
)  # fmt: skip
"""The straight way of a claim; side states stand at the place where they left it."""
_PLACE = {
    ClaimState.RETURNED: 0, ClaimState.WITHDRAWN: 0, ClaimState.REJECTED: 2, ClaimState.BATCHED: 4,
    ClaimState.OBJECTED: 4, ClaimState.BOUNCED: 6, ClaimState.RECOVERING: 7, ClaimState.RECOVERED: 7,
}  # fmt: skip


@bp.get("/claims")
@only(*READERS)
def claims() -> str:
    """Claims this person may see; the bureau's reviewers also those that wait for them."""
    actor = current_actor()
    number, size = asked_page()
    wanted = request.args.get("state")
    filters = {
        "state": ClaimState(wanted) if wanted in set(ClaimState) else None,
        "q": asked_words(),
        "mine": request.args.get("mine") == "1" and actor.has("reviewer", "approver"),
    }
    page = queries.claims_page(actor, filters, number=number, size=size)
    return render_template(
        "settlement/claims.html",
        page=page,
        filters=filters,
        is_bureau=policy.may_see_all(actor),
        may_decide=actor.has("reviewer", "approver"),
        may_claim=bool(actor.organisations(*policy.APPLICANT_ROLES)),
        today=clock.today(clock.now()),
    )


@bp.get("/claims/<int:claim_id>")
@only(*READERS)
def claim(claim_id: int) -> str:
    """One claim: evidence, amount, findings, checklist, opinions, history."""
    return claim_page(queries.claim_for(current_actor(), claim_id))


def claim_page(found: Claim, **forms: Any) -> str:
    """The page of a claim; ``forms`` replaces the empty ones after a refusal."""
    actor, now = current_actor(), clock.now()
    findings = [shown_finding(finding) for finding in found.findings]
    may_decide = policy.may_decide(actor, found)
    values: dict[str, Any] = {
        "claim": found,
        "services": queries.services_of(found.id),
        "papers": queries.papers_of(found.id),
        "used": billing.allocations(f"claim:{found.id}"),
        "findings": findings,
        "items": checklist(finding["code"] for finding in findings),
        "calculation": shown_calculation(found.calculation),
        "defects": shown_defects(found.defects),
        "reviews": found.reviews,
        "history": [_event(note) for note in queries.history(found.id)] if policy.may_open_papers(actor, found) else [],
        "is_bureau": policy.may_see_all(actor),
        "may_open": policy.may_open_papers(actor, found),
        "may_change": policy.may_change(actor, found),
        "may_withdraw": policy.may_withdraw(actor, found),
        "may_decide": may_decide,
        "may_note": policy.may_note(actor, found),
        "may_repay": policy.may_repay(actor, found),
        "has_interest": policy.may_see_all(actor) and policy.has_interest(actor, found),
        "decision_form": DecisionForm(formdata=None) if may_decide else None,
        "return_form": ReturnForm(formdata=None) if may_decide else None,
        "reject_form": ReasonForm(formdata=None) if may_decide else None,
        "repay_form": ReasonForm(formdata=None) if policy.may_repay(actor, found) else None,
        "is_example": bool(found.policy_version.document.get("example")),
        "model": found.policy_version.document.get("settlement_model"),
        **_progress(found, now=now),
    }
    return render_template("settlement/claim.html", **(values | forms))


@bp.get("/claims/<int:claim_id>/papers/<int:paper_id>/file")
@only(*READERS)
def paper(claim_id: int, paper_id: int) -> Response:
    """A report of the pack. Each opening by the bureau is kept, and the enterprise sees it."""
    actor = current_actor()
    found = queries.claim_for(actor, claim_id)
    permit(policy.may_open_papers(actor, found))
    wanted = next((item for item in queries.papers_of(claim_id) if item.id == paper_id), None)
    if wanted is None or wanted.file is None or wanted.kind is not PaperKind.REPORT:
        raise NotFound
    answer = stored_file.send(wanted.file, inline=True)
    if policy.may_see_all(actor):
        with transaction():
            audit.note("settlement.open-report", f"claim:{claim_id}", by=actor, now=clock.now())
    return answer


def _progress(found: Claim, *, now: datetime) -> dict[str, Any]:
    """Where the claim stands, who acts next, and how many working days are left."""
    state = found.state
    place = _PLACE.get(state, STAGES.index(state) if state in STAGES else 0)
    return {
        "stages": STAGES,
        "place": place + (state is ClaimState.PAID),
        "has_failed": state in {ClaimState.REJECTED, ClaimState.WITHDRAWN},
        "days_left": _days_left(found, now=now),
        "days_open": (clock.today(now) - clock.today(found.submitted_at)).days if found.submitted_at else None,
        "is_editable": state in EDITABLE,
        "is_under_review": state in UNDER_REVIEW,
    }


def _days_left(found: Claim, *, now: datetime) -> int | None:
    if found.decide_by is None:
        return None
    try:
        return reference.work_calendar().count(clock.today(now), found.decide_by)
    except CalendarUnknown:
        return None


def _event(note: audit.AuditNote) -> dict[str, Any]:
    words = {
        "settlement.draft": _("Draft begun"), "settlement.change": _("Pack changed"),
        "settlement.submit": _("Filed"), "settlement.withdraw": _("Withdrawn"),
        "settlement.pass": _("First review passed"), "settlement.approve": _("Second review: approved"),
        "settlement.return": _("Returned for completion"), "settlement.reject": _("Rejected"),
        "settlement.note-finding": _("Finding noted"), "settlement.batch": _("Listed in a batch"),
        "settlement.strike": _("Struck out after an objection"), "settlement.paid": _("Paid"),
        "settlement.bounced": _("Bank transfer rejected"), "settlement.repay": _("To be paid again"),
        "settlement.open-report": _("Report opened"), "billing.allocate": _("Papers allocated"),
        "vouchers.approve-claim": _("Voucher money moved"), "vouchers.restore-claim": _("Voucher money restored"),
    }  # fmt: skip
    detail = note.detail or {}
    return {
        "at": note.at,
        "who": note.person_name if note.person_id else _("the clock"),
        "what": words.get(note.action, note.action),
        "note": detail.get("opinion") or detail.get("reason"),
    }


def actor_claims(actor: Actor) -> tuple[int, ...]:
    """Enterprises the person claims for."""
    return actor.organisations(*policy.APPLICANT_ROLES)
