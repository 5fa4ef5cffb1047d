"""Commands of the ``flask`` program: each reads its arguments, calls one function of a room and reports."""

from __future__ import annotations

from flask import Flask

from equipment_cloud.cli import city, clock, exporting, keeping, money, people, survey


def register(app: Flask) -> None:
    """Add every command."""
    for command in (
        city.commands,
        survey.commands,
        clock.scheduler_command,
        clock.job_commands,
        clock.audit_commands,
        money.ledger_commands,
        money.voucher_commands,
        exporting.export_command,
        keeping.backup_command,
        keeping.restore_command,
        people.commands,
    ):
        app.cli.add_command(command)
