"""Proofs of payment: recorded by the payer, used for claims."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.billing import policy, queries, service
from equipment_cloud.billing.forms import PaymentForm
from equipment_cloud.billing.rules import PaymentFacts
from equipment_cloud.billing.views.blueprint import READERS, bp, named, own_choices, paper
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import Actor, current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of, fen_of
from equipment_cloud.foundation.local_path import local_path
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.organisations import queries as organisations


@bp.get("/payments")
@only(*READERS)
def payments() -> str:
    """The bank slips this person may see, with what is left of each."""
    actor = current_actor()
    number, size = asked_page()
    words = asked_words()
    page = queries.payments_page(actor, words=words, number=number, size=size)
    may_record = bool(actor.organisations(*policy.BUYER_ROLES))
    return render_template("billing/payments.html", page=page, words=words, may_record=may_record)


@bp.get("/payments/new")
@only(*policy.BUYER_ROLES)
def new_payment() -> str:
    """The form; ``?payee=ID`` and ``?next=PATH`` fill in what a link knows."""
    form = _form(current_actor())
    form.next.data = local_path(request.args.get("next"), "")
    _prefill(form)
    return render_template("billing/new_payment.html", form=form)


@bp.post("/payments/new")
@only(*policy.BUYER_ROLES)
def record_payment() -> Response | tuple[str, int]:
    """Keep it, then back to where the person came from."""
    actor = current_actor()
    form = _form(actor)
    if form.validate_on_submit():
        try:
            with transaction():
                upload = paper(form, "slip.pdf")
                payment = service.record_payment(
                    form.payer_id.data, _facts(form), paper=upload, by=actor, now=clock.now()
                )
                payment_id = payment.id
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The payment is recorded."), "success")
            return redirect(local_path(form.next.data, url_for("billing.payment", payment_id=payment_id)), 303)
    return render_template("billing/new_payment.html", form=form), 422


@bp.get("/payments/<int:payment_id>")
@only(*READERS)
def payment(payment_id: int) -> str:
    """One bank slip, and what it is used for."""
    found = queries.payment_for(current_actor(), payment_id)
    return render_template("billing/payment.html", payment=found, uses=queries.uses_of_payment(payment_id))


@bp.get("/payments/<int:payment_id>/file")
@only(*READERS)
def payment_paper(payment_id: int) -> Response:
    """The slip itself."""
    found = queries.payment_for(current_actor(), payment_id)
    if found.file is None:
        raise NotFound
    return stored_file.send(found.file, inline=True)


def _form(actor: Actor) -> PaymentForm:
    form = PaymentForm()
    form.payer_id.choices = own_choices(actor)
    return form


def _prefill(form: PaymentForm) -> None:
    own = [key for key, _name in own_choices(current_actor())]
    wanted = named(request.args.get("payer"))
    payer_id = wanted.id if wanted and wanted.id in own else (own[0] if own else None)
    if payer_id is not None:
        form.payer_id.data = payer_id
        form.payer_name.data = organisations.name_on(payer_id, clock.today(clock.now()))
    payee = named(request.args.get("payee"))
    if payee is not None:
        form.payee_name.data = payee.name


def _facts(form: PaymentForm) -> PaymentFacts:
    return PaymentFacts(
        slip_number=form.slip_number.data or "",
        payer_name=form.payer_name.data or "",
        payee_name=form.payee_name.data or "",
        paid_on=date_of(form.paid_on),
        amount_fen=fen_of(form.amount_fen),
    )
