"""Bank accounts of an organisation."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from equipment_cloud.accounts import queries as accounts
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, permit, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import NotFound, Refused
from equipment_cloud.organisations import policy, queries, service
from equipment_cloud.organisations.forms import BankAccountForm
from equipment_cloud.organisations.models import BankAccount, Organisation
from equipment_cloud.organisations.views.blueprint import Answer, back_to, bp, inside, tabs_of


@bp.get("/organisations/<int:organisation_id>/bank-accounts")
@signed_in
def bank_accounts(organisation_id: int) -> Answer:
    """Where money goes, proposed and approved."""
    organisation = inside(organisation_id)
    form = BankAccountForm(formdata=None, account_name=organisation.name)
    return _page(organisation, form)


@bp.post("/organisations/<int:organisation_id>/bank-accounts")
@signed_in
def propose_account(organisation_id: int) -> Answer:
    """Propose an account; a second person approves it."""
    organisation, actor = inside(organisation_id), current_actor()
    permit(policy.may_propose_account(actor, organisation_id))
    form = BankAccountForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.propose_bank_account(
                    organisation_id,
                    form.account_name.data or "",
                    form.account_number.data or "",
                    form.bank_name.data or "",
                    form.cnaps.data,
                    by=actor,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("The account is proposed; a second person of your organisation has to approve it."), "success")
            return back_to("bank_accounts", organisation_id)
    return _page(organisation, form)


@bp.post("/organisations/<int:organisation_id>/bank-accounts/<int:account_id>/approve")
@signed_in
def approve_account(organisation_id: int, account_id: int) -> Answer:
    """The second look."""
    inside(organisation_id)
    permit(policy.may_approve_account(current_actor(), organisation_id))
    _own(organisation_id, account_id)
    with transaction():
        service.approve_bank_account(account_id, by=current_actor(), now=clock.now())
    flash(_("The account is approved and counts from today on."), "success")
    return back_to("bank_accounts", organisation_id)


@bp.post("/organisations/<int:organisation_id>/bank-accounts/<int:account_id>/withdraw")
@signed_in
def withdraw_account(organisation_id: int, account_id: int) -> Answer:
    """Drop a proposal."""
    inside(organisation_id)
    permit(policy.may_propose_account(current_actor(), organisation_id))
    _own(organisation_id, account_id)
    with transaction():
        service.withdraw_bank_account(account_id, by=current_actor(), now=clock.now())
    flash(_("The proposal is dropped."), "success")
    return back_to("bank_accounts", organisation_id)


def _own(organisation_id: int, account_id: int) -> None:
    if account_id not in {account.id for account in queries.bank_accounts(organisation_id)}:
        raise NotFound


def _page(organisation: Organisation, form: BankAccountForm) -> tuple[str, int]:
    actor = current_actor()
    rows = queries.bank_accounts(organisation.id)
    names = {row.id: row.name for row in accounts.people(_people_of(rows)).values()}
    may_approve = policy.may_approve_account(actor, organisation.id)
    page = render_template(
        "organisations/bank_accounts.html",
        form=form,
        rows=rows,
        names=names,
        current=queries.bank_account_on(organisation.id, clock.today(clock.now())),
        shows_number=actor.has_at(organisation.id),
        may_propose=policy.may_propose_account(actor, organisation.id),
        approvable={row.id for row in rows if may_approve and _is_open(row) and row.proposed_by != actor.id},
        droppable={row.id for row in rows if policy.may_propose_account(actor, organisation.id) and _is_open(row)},
        **tabs_of(actor, organisation),
    )
    return page, 422 if form.errors else 200


def _people_of(rows: list[BankAccount]) -> set[int]:
    return {person for row in rows for person in (row.proposed_by, row.approved_by) if person}


def _is_open(row: BankAccount) -> bool:
    return row.approved_by is None and row.valid_to is None
