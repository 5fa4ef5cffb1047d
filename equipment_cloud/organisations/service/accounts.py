"""Bank accounts (收款账户): one person proposes, another of the same organisation approves."""

from __future__ import annotations

from datetime import datetime

from equipment_cloud.foundation import clock, outbox
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.mask import account as masked
from equipment_cloud.kernel.errors import N_, NotFound, SamePerson, WrongState, raise_if
from equipment_cloud.kernel.identifiers import halfwidth
from equipment_cloud.organisations import queries, rules
from equipment_cloud.organisations.models import BankAccount
from equipment_cloud.organisations.service.record import locked, note


def propose_bank_account(
    organisation_id: int,
    account_name: str,
    account_number: str,
    bank_name: str,
    cnaps: str | None = None,
    *,
    by: Actor,
    now: datetime,
) -> BankAccount:
    """Propose where money goes from now on; it counts once a second person approved it. Raises :class:`Invalid`."""
    record, today = locked(organisation_id), clock.today(now)
    number = "".join(halfwidth(account_number).split())
    code = "".join(halfwidth(cnaps or "").split()) or None
    raise_if(
        rules.problems_with_bank_account(
            account_name, number, bank_name, code, organisation_name=queries.name_on(record, today)
        )
    )
    account = BankAccount(
        organisation_id=record.id, account_name=account_name.strip(), account_number=number,
        bank_name=bank_name.strip(), cnaps=code, valid_from=today, valid_to=None, proposed_by=by.id,
        approved_by=None, approved_at=None,
    )  # fmt: skip
    session().add(account)
    session().flush()
    note("propose-bank-account", record.id, by=by, now=now, account=account.id, number=masked(number))
    people = queries.people_with_role(record.id, rules.Role.OWNER, rules.Role.MANAGER, rules.Role.ACCOUNTANT, on=today)
    outbox.post(
        "organisations.bank-account-proposed",
        [person_id for person_id in people if person_id != by.id],
        N_("%(person)s proposed a new bank account for %(organisation)s; a second person has to approve it."),
        now=now,
        link=f"/organisations/{record.id}/bank-accounts",
        values={"person": by.name, "organisation": record.name},
    )
    return account


def approve_bank_account(account_id: int, *, by: Actor, now: datetime) -> BankAccount:
    """The second look: the account counts from today on and ends the one before.

    Raises :class:`SamePerson` for the one who proposed it, :class:`WrongState` if it is decided already.
    """
    account, today = _open(account_id), clock.today(now)
    if account.proposed_by == by.id:
        raise SamePerson(
            N_("You proposed this account; someone else has to approve it."),
            remedy=N_("Ask another person of your organisation who is in charge or keeps the books."),
        )
    before = queries.bank_account_on(account.organisation_id, today)
    if before is not None:
        before.valid_to = today
    account.valid_from, account.approved_by, account.approved_at = today, by.id, now
    note("approve-bank-account", account.organisation_id, by=by, now=now, account=account.id)
    outbox.post(
        "organisations.bank-account-approved",
        [account.proposed_by],
        N_("%(person)s approved the bank account you proposed."),
        now=now,
        link=f"/organisations/{account.organisation_id}/bank-accounts",
        values={"person": by.name},
    )
    return account


def withdraw_bank_account(account_id: int, *, by: Actor, now: datetime) -> BankAccount:
    """Drop a proposal, whoever made it. Raises :class:`WrongState` once it is approved."""
    account = _open(account_id)
    account.valid_to = account.valid_from
    note("withdraw-bank-account", account.organisation_id, by=by, now=now, account=account.id)
    return account


def _open(account_id: int) -> BankAccount:
    """A proposal nobody decided yet, under its organisation's lock."""
    account = session().get(BankAccount, account_id)
    if account is None:
        raise NotFound
    locked(account.organisation_id)
    session().refresh(account)
    if account.approved_by is not None:
        raise WrongState(current="approved")
    if account.valid_to is not None:
        raise WrongState(current="withdrawn")
    return account
