"""``flask user``: operators' tools for accounts."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click
from flask.cli import AppGroup

from equipment_cloud.accounts import queries, service
from equipment_cloud.accounts.models import Person
from equipment_cloud.cli.speech import OPERATOR, as_json, refusable, say
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import N_, NotFound
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations import service as memberships

commands = AppGroup("user", help="Accounts: create, disable, give a token.")


@commands.command("create")
@click.argument("name")
@click.option("--email")
@click.option("--mobile")
@click.option("--password", help="Made up and shown once if not given.")
@click.option("--organisation", help="Credit code or name of the organisation to join.")
@click.option("--role", multiple=True, help="Role there; may be repeated.")
@as_json
@refusable
def create(
    name: str,
    *,
    email: str | None,
    mobile: str | None,
    password: str | None,
    organisation: str | None,
    role: tuple[str, ...],
    as_json: bool,
) -> None:
    """Create a person, with roles at an organisation if asked for."""
    if bool(organisation) != bool(role):
        raise click.UsageError("--organisation and --role belong together")
    now, chosen = clock.now(), password or secrets.token_urlsafe(12)
    with transaction():
        person = service.create_person(name, email=email, mobile=mobile, password=chosen, now=now, by=OPERATOR)
        for each in role:
            memberships.grant(_organisation(organisation or ""), person.id, each, by=OPERATOR, now=now)
        report = {"id": person.id, "name": person.name, "roles": list(role)}
    if password is None:
        report["password"] = chosen
    say(report, as_json=as_json)


@commands.command("disable")
@click.argument("sign_in_name")
@as_json
@refusable
def disable(sign_in_name: str, *, as_json: bool) -> None:
    """Close an account (e-mail or mobile): its sessions and tokens stop working at once."""
    with transaction():
        person = service.disable(_person(sign_in_name).id, by=OPERATOR, now=clock.now())
        report = {"id": person.id, "name": person.name, "state": person.state.value}
    say(report, as_json=as_json)


@commands.command("token")
@click.argument("sign_in_name")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
@click.option("--scope", multiple=True, help="read, write, a room, or room:read; may be repeated (all if none).")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True)
@as_json
@refusable
def token(sign_in_name: str, *, name: str, scope: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make an API token of a person; it is shown once."""
    with transaction():
        text, record = service.issue_token(
            _person(sign_in_name).id,
            name,
            scopes=list(scope) or None,
            expires_in=timedelta(days=days),
            by=OPERATOR,
            now=clock.now(),
        )
        report = {"token": text, "expires_at": clock.local(record.expires_at).isoformat()}
    say(report, as_json=as_json)


def _person(sign_in_name: str) -> Person:
    person = queries.by_sign_in_name(sign_in_name)
    if person is None:
        raise NotFound(N_("There is no person with this e-mail or mobile number."))
    return person


def _organisation(code_or_name: str) -> int:
    found = organisations.by_credit_code(code_or_name) or organisations.by_name(code_or_name)
    if found is None:
        raise NotFound(N_("There is no organisation with this credit code or name."))
    return found.id
