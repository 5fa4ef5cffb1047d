"""``flask demo``: the example city."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from equipment_cloud.cli.speech import refusable
from equipment_cloud.demo import load as city
from equipment_cloud.foundation import clock

commands = AppGroup("demo", help="The example city.")


@commands.command("load")
@click.option("--scale", type=click.IntRange(1, 1_000), default=1, show_default=True, help="So many times as large.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already has organisations.")
@refusable
def load(*, scale: int, if_empty: bool) -> None:
    """Write the example city through the services: every state of everything, half a year of life."""
    if if_empty and not city.is_empty():
        click.echo("The database is not empty; nothing was loaded.")
        return
    city.load(now=clock.now(), scale=scale, tell=click.echo)
