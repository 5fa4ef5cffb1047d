"""Pages of the contracts room."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.contracts import policy, queries, service
from equipment_cloud.contracts.forms import ContractForm
from equipment_cloud.contracts.rules import Terms
from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import Actor, current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import date_of, fen_of
from equipment_cloud.foundation.local_path import local_path
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import N_, NotFound, Refused
from equipment_cloud.organisations import queries as organisations

bp = Blueprint("contracts", __name__)

READERS = (*policy.PARTY_ROLES, *policy.READER_ROLES)
NAV: tuple[NavItem, ...] = (
    NavItem(label=N_("Contracts"), endpoint="contracts.index", roles=policy.PARTY_ROLES, order=64),
)


@bp.get("/contracts")
@only(*READERS)
def index() -> str:
    """The contracts this person may see."""
    actor = current_actor()
    number, size = asked_page()
    words = asked_words()
    page = queries.page_for(actor, words=words, number=number, size=size)
    may_record = bool(actor.organisations(*policy.PARTY_ROLES))
    return render_template("contracts/index.html", page=page, words=words, may_record=may_record)


@bp.get("/contracts/new")
@only(*policy.PARTY_ROLES)
def new() -> str:
    """The form, with the parties filled in when the link names them (``?provider=ID``)."""
    actor = current_actor()
    form = _form(actor)
    form.next.data = local_path(request.args.get("next"), "")
    provider_id = request.args.get("provider", "")
    if provider_id.isascii() and provider_id.isdigit() and len(provider_id) <= 9:
        form.provider.data = _name_of(int(provider_id))
    return render_template("contracts/new.html", form=form)


@bp.post("/contracts/new")
@only(*policy.PARTY_ROLES)
def record() -> Response | tuple[str, int]:
    """Keep it, then back to where the person came from."""
    actor = current_actor()
    form = _form(actor)
    if form.validate_on_submit():
        try:
            with transaction():
                contract = service.record(_terms(form), paper=_paper(form), by=actor, now=clock.now())
                contract_id = contract.id
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The contract is recorded."), "success")
            return redirect(local_path(form.next.data, url_for("contracts.show", contract_id=contract_id)), 303)
    return render_template("contracts/new.html", form=form), 422


@bp.get("/contracts/<int:contract_id>")
@only(*READERS)
def show(contract_id: int) -> str:
    """One contract."""
    return render_template("contracts/show.html", contract=queries.contract_for(current_actor(), contract_id))


@bp.get("/contracts/<int:contract_id>/file")
@only(*READERS)
def paper(contract_id: int) -> Response:
    """The PDF itself."""
    contract = queries.contract_for(current_actor(), contract_id)
    if contract.file is None:
        raise NotFound
    return stored_file.send(contract.file, inline=True)


def _form(actor: Actor) -> ContractForm:
    form = ContractForm()
    mine = organisations.organisations_named(actor.organisations(*policy.PARTY_ROLES))
    form.buyer_id.choices = [(key, organisation.name) for key, organisation in sorted(mine.items())]
    return form


def _name_of(organisation_id: int) -> str | None:
    found = organisations.organisations_named([organisation_id]).get(organisation_id)
    return found.name if found else None


def _terms(form: ContractForm) -> Terms:
    named = str(form.provider.data)
    provider = organisations.by_credit_code(named) or organisations.by_name(named)
    return Terms(
        number=str(form.number.data),
        title=str(form.title.data),
        buyer_id=form.buyer_id.data,
        provider_id=provider.id if provider else None,
        signed_on=date_of(form.signed_on),
        amount_fen=fen_of(form.amount_fen),
    )


def _paper(form: ContractForm) -> Any:
    upload = form.file.data
    return (upload.stream, upload.filename or "contract.pdf") if upload else None
