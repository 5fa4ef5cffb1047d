"""Invoices: recorded by the buyer, used for claims."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.billing import policy, queries, service
from equipment_cloud.billing.forms import InvoiceForm, StatusForm
from equipment_cloud.billing.models import InvoiceStatus
from equipment_cloud.billing.rules import InvoiceFacts
from equipment_cloud.billing.views.blueprint import READERS, bp, named, own_choices, paper
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import Actor, current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of, fen_of
from equipment_cloud.foundation.local_path import local_path
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.organisations import queries as organisations


@bp.get("/invoices")
@only(*READERS)
def invoices() -> str:
    """The invoices this person may see, with what is left of each."""
    actor = current_actor()
    number, size = asked_page()
    words = asked_words()
    page = queries.invoices_page(actor, words=words, number=number, size=size)
    may_record = bool(actor.organisations(*policy.BUYER_ROLES))
    return render_template("billing/invoices.html", page=page, words=words, may_record=may_record)


@bp.get("/invoices/new")
@only(*policy.BUYER_ROLES)
def new_invoice() -> str:
    """The form; ``?seller=ID`` and ``?next=PATH`` fill in what a link knows."""
    actor = current_actor()
    form = _form(actor)
    form.next.data = local_path(request.args.get("next"), "")
    _prefill(form)
    return render_template("billing/new_invoice.html", form=form)


@bp.post("/invoices/new")
@only(*policy.BUYER_ROLES)
def record_invoice() -> Response | tuple[str, int]:
    """Keep it, then back to where the person came from."""
    actor = current_actor()
    form = _form(actor)
    if form.validate_on_submit():
        try:
            with transaction():
                upload = paper(form, "invoice.pdf")
                invoice = service.record_invoice(
                    form.buyer_id.data, _facts(form), paper=upload, by=actor, now=clock.now()
                )
                invoice_id = invoice.id
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The invoice is recorded."), "success")
            return redirect(local_path(form.next.data, url_for("billing.invoice", invoice_id=invoice_id)), 303)
    return render_template("billing/new_invoice.html", form=form), 422


@bp.get("/invoices/<int:invoice_id>")
@only(*READERS)
def invoice(invoice_id: int) -> str:
    """One invoice, and what it is used for."""
    actor = current_actor()
    found = queries.invoice_for(actor, invoice_id)
    return render_template(
        "billing/invoice.html",
        invoice=found,
        uses=queries.uses_of_invoice(invoice_id),
        form=StatusForm() if policy.may_void(actor, found) else None,
    )


@bp.post("/invoices/<int:invoice_id>/status")
@only(*READERS)
def set_status(invoice_id: int) -> Response | tuple[str, int]:
    """Red-lettered, void, or valid after all."""
    actor = current_actor()
    found = queries.invoice_for(actor, invoice_id)
    form = StatusForm()
    if form.validate_on_submit():
        with transaction():
            status = InvoiceStatus(form.status.data)
            service.set_invoice_status(invoice_id, status, reason=str(form.reason.data), by=actor, now=clock.now())
        flash(_("The status of the invoice is changed; claims that use it are checked again."), "success")
        return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)
    uses = queries.uses_of_invoice(invoice_id)
    return render_template("billing/invoice.html", invoice=found, uses=uses, form=form), 422


@bp.get("/invoices/<int:invoice_id>/file")
@only(*READERS)
def invoice_paper(invoice_id: int) -> Response:
    """The paper itself."""
    found = queries.invoice_for(current_actor(), invoice_id)
    if found.file is None:
        raise NotFound
    return stored_file.send(found.file, inline=True)


def _form(actor: Actor) -> InvoiceForm:
    form = InvoiceForm()
    form.buyer_id.choices = own_choices(actor)
    return form


def _prefill(form: InvoiceForm) -> None:
    today = clock.today(clock.now())
    wanted = named(request.args.get("buyer"))
    own = [key for key, _name in own_choices(current_actor())]
    buyer_id = wanted.id if wanted and wanted.id in own else (own[0] if own else None)
    if buyer_id is not None:
        form.buyer_id.data = buyer_id
        form.buyer_name.data = organisations.name_on(buyer_id, today)
        form.buyer_code.data = organisations.credit_code_on(buyer_id, today)
    seller = named(request.args.get("seller"))
    if seller is not None:
        form.seller_name.data, form.seller_code.data = seller.name, seller.credit_code


def _facts(form: InvoiceForm) -> InvoiceFacts:
    return InvoiceFacts(
        number=form.number.data or "",
        code=form.code.data,
        issued_on=date_of(form.issued_on),
        buyer_name=form.buyer_name.data or "",
        buyer_code=form.buyer_code.data or "",
        seller_name=form.seller_name.data or "",
        seller_code=form.seller_code.data or "",
        item=form.item.data or "",
        net_fen=fen_of(form.net_fen),
        tax_fen=fen_of(form.tax_fen),
        total_fen=fen_of(form.total_fen),
    )
