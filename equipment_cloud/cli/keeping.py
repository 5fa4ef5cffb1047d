"""``flask backup`` and ``flask restore``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from equipment_cloud.cli.speech import as_json, refusable, say
from equipment_cloud.foundation import backup, clock


@click.command("backup")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write (tar).")
@as_json
@with_appcontext
@refusable
def backup_command(out: Path, *, as_json: bool) -> None:
    """Write a consistent copy of database and files, while the platform runs."""
    say({"file": str(out), **backup.make(out, now=clock.now())}, as_json=as_json)


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@with_appcontext
@refusable
def restore_command(source: Path, *, yes: bool, as_json: bool) -> None:
    """Put a copy back over the present database and files. Stop web and clock first."""
    if not yes and not as_json and sys.stdin.isatty():
        click.confirm("The present database will be replaced. Go on?", abort=True)
    say({"file": str(source), **backup.restore(source)}, as_json=as_json)
