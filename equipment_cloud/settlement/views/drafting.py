"""The applicant's pages: what may be claimed, the pack, filing and taking back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.billing import queries as billing
from equipment_cloud.contracts import queries as contracts
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Invalid, Refused, WrongState
from equipment_cloud.settlement import policy, queries, service
from equipment_cloud.settlement.forms import PackForm, ids_typed, parts_typed
from equipment_cloud.settlement.models import Claim
from equipment_cloud.settlement.rules import PaperKind, checklist
from equipment_cloud.settlement.service import Pack
from equipment_cloud.settlement.views.blueprint import bp
from equipment_cloud.settlement.views.claims import actor_claims, claim_page
from equipment_cloud.settlement.wording import shown_calculation, shown_defects, shown_finding


@bp.get("/claims/new")
@only(*policy.APPLICANT_ROLES)
def new() -> str:
    """What may be claimed; with voucher and provider named, the services to choose from."""
    offers = queries.offers(actor_claims(current_actor()))
    voucher = ids_typed([request.args.get("voucher", "")])
    provider = ids_typed([request.args.get("provider", "")])
    of_voucher = [offer for offer in offers if not voucher or offer.voucher_id == voucher[0]]
    chosen = [offer for offer in of_voucher if not provider or offer.provider_id == provider[0]]
    only_one = chosen[0] if len(chosen) == 1 and (voucher or provider) else None
    usages = queries.claimable(only_one.voucher_id, only_one.provider_id) if only_one else ()
    return render_template("settlement/new.html", offers=of_voucher, offer=only_one, usages=usages)


@bp.post("/claims/new")
@only(*policy.APPLICANT_ROLES)
def begin() -> Response:
    """Begin a draft with the chosen services."""
    voucher, provider = (ids_typed([request.form.get(name, "")]) for name in ("voucher_id", "provider_id"))
    usages = ids_typed(request.form.getlist("usage"))
    if not (voucher and provider and usages):
        raise Invalid(_("Choose at least one service."))
    with transaction():
        pack = Pack(usage_ids=usages)
        claim = service.draft(voucher[0], provider[0], pack, by=current_actor(), now=clock.now())
        claim_id = claim.id
    flash(_("The draft is kept. Add the papers, then file it."), "success")
    return redirect(url_for("settlement.edit", claim_id=claim_id), 303)


@bp.get("/claims/<int:claim_id>/edit")
@only(*policy.APPLICANT_ROLES)
def edit(claim_id: int) -> str:
    """The pack of a draft or returned claim."""
    claim = _editable(claim_id)
    form = PackForm()
    form.declared.data = claim.declared_no_other_subsidy
    return _pack_page(claim, form)


@bp.post("/claims/<int:claim_id>/edit")
@only(*policy.APPLICANT_ROLES)
def change(claim_id: int) -> Response | tuple[str, int]:
    """Keep the pack; the checklist shows what is still missing."""
    claim = _editable(claim_id)
    form = PackForm()
    parts, problems = parts_typed(request.form)
    if problems:
        form.show(Invalid(problems=problems))
    elif form.validate_on_submit():
        upload = form.report.data
        pack = Pack(
            usage_ids=ids_typed(request.form.getlist("usage")),
            contract_ids=ids_typed(request.form.getlist("contract")),
            parts=parts,
            report=(upload.stream, upload.filename or "report.pdf") if upload else None,
            report_number=form.report_number.data,
            drop_paper_ids=ids_typed(request.form.getlist("drop")),
            declared_no_other_subsidy=form.declared.data,
        )
        try:
            with transaction():
                service.change(claim_id, pack, by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The pack is kept."), "success")
            where = "settlement.edit" if "stay" in request.form else "settlement.claim"
            return redirect(url_for(where, claim_id=claim_id), 303)
    return _pack_page(queries.claim(claim.id), form, typed=request.form), 422


@bp.post("/claims/<int:claim_id>/submit")
@only(*policy.APPLICANT_ROLES)
def submit(claim_id: int) -> Response | tuple[str, int]:
    """File it; everything that stops it is listed at once."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    try:
        with transaction():
            service.submit(claim_id, by=actor, now=clock.now())
    except Invalid as refusal:
        return claim_page(queries.claim_for(actor, claim_id), problems=refusal.problems), 422
    flash(_("The claim is filed. You will be told of every step."), "success")
    return redirect(url_for("settlement.claim", claim_id=claim_id), 303)


@bp.post("/claims/<int:claim_id>/withdraw")
@only(*policy.APPLICANT_ROLES)
def withdraw(claim_id: int) -> Response:
    """Take it back."""
    actor = current_actor()
    queries.claim_for(actor, claim_id)
    with transaction():
        service.withdraw(claim_id, by=actor, now=clock.now())
    flash(_("The claim is withdrawn; its services and papers are free again."), "success")
    return redirect(url_for("settlement.claims"), 303)


@bp.post("/claims/<int:claim_id>/check")
@only(*policy.APPLICANT_ROLES)
def check(claim_id: int) -> Response:
    """Look again at what is missing, after something changed elsewhere."""
    _editable(claim_id)
    with transaction():
        service.change(claim_id, Pack(), by=current_actor(), now=clock.now())
    flash(_("Checked again."), "success")
    return redirect(url_for("settlement.claim", claim_id=claim_id), 303)


def _editable(claim_id: int) -> Claim:
    actor = current_actor()
    claim = queries.claim_for(actor, claim_id)
    if not policy.may_change(actor, claim):
        raise WrongState(current=claim.state.value)
    return claim


def _pack_page(claim: Claim, form: PackForm, *, typed: object = None) -> str:
    reference = f"claim:{claim.id}"
    used = billing.allocations(reference)
    papers = queries.papers_of(claim.id)
    findings = [shown_finding(finding) for finding in claim.findings]
    return render_template(
        "settlement/edit.html",
        claim=claim,
        form=form,
        typed=typed,
        services=queries.claimable(claim.voucher_id, claim.provider_id, besides_claim=claim.id),
        chosen={service.usage_id for service in queries.services_of(claim.id)},
        contracts=contracts.between(claim.organisation_id, claim.provider_id),
        chosen_contracts={paper.contract_id for paper in papers if paper.contract_id},
        reports=[paper for paper in papers if paper.kind is PaperKind.REPORT],
        invoices=billing.invoices_to_use(claim.organisation_id, besides=reference),
        payments=billing.payments_to_use(claim.organisation_id, besides=reference),
        used_invoices={part.invoice_id: part.amount_fen for part in used if part.invoice_id},
        used_payments={part.payment_id: part.amount_fen for part in used if part.payment_id},
        findings=findings,
        items=checklist(finding["code"] for finding in findings),
        defects=shown_defects(claim.defects),
        calculation=shown_calculation(claim.calculation),
        is_example=bool(claim.policy_version.document.get("example")),
    )
