"""``flask ledger`` and ``flask vouchers``: prove the ledger, try a policy on a case."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from equipment_cloud.cli.speech import always_json, as_json, refusable, say
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.vouchers import calculate as calculation
from equipment_cloud.vouchers import ledger

ledger_commands = AppGroup("ledger", help="The ledger of voucher money.")
voucher_commands = AppGroup("vouchers", help="Voucher policies.")
document = click.Path(exists=True, dir_okay=False, path_type=Path)


@ledger_commands.command("verify")
@always_json
@refusable
def verify() -> None:
    """Prove that every balance is the sum of its transfers and all that tells of money agrees."""
    verdict = ledger.verify()
    say(verdict)
    if not verdict["ok"]:
        raise click.exceptions.Exit(1)


@voucher_commands.command("calculate")
@click.argument("policy", type=document)
@click.argument("case", type=document)
@as_json
@refusable
def calculate(policy: Path, case: Path, *, as_json: bool) -> None:
    """The subsidy of a case under a policy, with its arithmetic; both documents are described in docs/policies."""
    say(calculation.run(_read(policy, "policy"), _read(case, "case")), as_json=as_json)


def _read(path: Path, field: str) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid.single("malformed-json", N_("This file is not valid JSON."), field=field) from None
