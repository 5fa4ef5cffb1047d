"""``flask survey``: tables in, the empty table out."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from equipment_cloud.cli.speech import as_json, refusable, say
from equipment_cloud.foundation import clock
from equipment_cloud.survey import commands as survey

commands = AppGroup("survey", help="Survey tables: import them, write the template.")


@commands.command("import")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--campaign", required=True, help="Code of the campaign; an unknown one is created.")
@click.option("--mapping", help="Name in docs/mappings, or a TOML file.")
@click.option("--organisation", help="Credit code of the owner of every row.")
@click.option("--sheet", help="Name of the sheet (the first with data if not given).")
@click.option("--dry-run", is_flag=True, help="Judge every row, write nothing.")
@as_json
@refusable
def import_table(
    file: str,
    *,
    campaign: str,
    mapping: str | None,
    organisation: str | None,
    sheet: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import xlsx, xls, ods or csv; a second import of the same table changes nothing."""
    report = survey.import_file(file, campaign, mapping, organisation, sheet, dry_run=dry_run, now=clock.now())
    say(report, as_json=as_json)


@commands.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@refusable
def template(file: Path) -> None:
    """Write the empty workbook, with lists to choose from and an example row."""
    survey.write_template(file)
    click.echo(str(file))
