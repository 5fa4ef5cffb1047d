"""``flask export``: tables out, streamed; no cell ever starts a formula."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import aliased

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.rules.exchange import FORMS, Form
from equipment_cloud.cli.speech import refusable
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.tabular.writing import Cell, Column, Sheet, csv_lines, write_xlsx
from equipment_cloud.insight import exports
from equipment_cloud.insight.exports import Scope
from equipment_cloud.kernel.money import yuan_from_fen
from equipment_cloud.organisations.models import Organisation
from equipment_cloud.settlement.models import Claim

Table = tuple[Sequence[str], Iterator[Sequence[Cell]]]

_INSTRUMENT_FIELDS = (
    "code", "unit_number", "state", "name", "name_en", "model", "manufacturer", "class_code", "original_value_fen",
    "in_service_on", "mode", "share_mode", "town_code", "address", "contact_name", "phone", "calibration_valid_until",
)  # fmt: skip


def _instruments() -> Table:
    rows = (
        [*(getattr(instrument, field) for field in _INSTRUMENT_FIELDS), owner, credit_code]
        for instrument, owner, credit_code in catalog.all_for_export()
    )
    return [*_INSTRUMENT_FIELDS, "owner", "owner_credit_code"], rows


def _claims() -> Table:
    firm, provider = aliased(Organisation), aliased(Organisation)
    found = session().execute(
        select(Claim, firm.name, provider.name)
        .join(firm, firm.id == Claim.organisation_id)
        .join(provider, provider.id == Claim.provider_id)
        .order_by(Claim.id)
        .execution_options(yield_per=500)
    )
    rows = (
        [
            claim.number, claim.state.value, firm_name, provider_name, yuan_from_fen(claim.requested_fen),
            None if claim.approved_fen is None else yuan_from_fen(claim.approved_fen),
            claim.submitted_at, claim.paid_on,
        ]
        for claim, firm_name, provider_name in found
    )  # fmt: skip
    headings = ["number", "state", "firm", "provider", "requested_yuan", "approved_yuan", "submitted_at", "paid_on"]
    return headings, rows


def _table(form: Form, scope: Scope) -> Table:
    found = exports.rows(form, scope, exports.known())
    return form.headings, (list(row.values()) for row in found)


def _write_json(out: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """A list, a document a line, written as it comes."""
    with out.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for number, document in enumerate(documents):
            stream.write(("," if number else "") + "\n" + json.dumps(document, ensure_ascii=False))
        stream.write("\n]\n")


def _write_table(out: Path, table: Table) -> None:
    """csv, or what the ending names: json or xlsx (in which codes keep their leading zeros)."""
    headings, rows = table
    if out.suffix == ".json":
        _write_json(out, (dict(zip(headings, map(str, row), strict=True)) for row in rows))
    elif out.suffix == ".xlsx":
        write_xlsx(out, [Sheet("export", [Column(heading) for heading in headings], rows)])
    else:
        with out.open("wb") as stream:
            stream.writelines(csv_lines(headings, rows))


EXPORTS: dict[str, Callable[[], Table]] = {"csv": _instruments, "claims": _claims}


@click.command("export")
@click.argument("what", type=click.Choice(sorted([*EXPORTS, *FORMS, "pidinst"])))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: csv, or json or xlsx by its ending; pidinst is always json.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    help="inventory: all not retired; ready: verified and lacking nothing; public: the catalogue, with what "
    "its owners show. pidinst and uniquip are public if nothing is said, nrii and zhejiang inventory.",
)
@with_appcontext
@refusable
def export_command(what: str, *, out: Path, scope: str | None) -> None:
    """Write instruments (csv, or in a foreign form) or claims, streamed; secret equipment is in no foreign form."""
    usual = Scope.PUBLIC if what in {"pidinst", "uniquip"} else Scope.INVENTORY
    chosen = Scope(scope) if scope else usual
    if what == "pidinst":
        _write_json(out, exports.pidinst(chosen, exports.known()))
    elif what in FORMS:
        _write_table(out, _table(FORMS[what], chosen))
    else:
        _write_table(out, EXPORTS[what]())
    click.echo(str(out))
