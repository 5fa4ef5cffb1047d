"""How commands answer: text for people, JSON for programs.

Exit codes: 0 processed, 1 refused as a whole with reasons, 2 wrong usage.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

OPERATOR = Actor(id=0, name="command line")
"""Whoever may type commands on the server; acts are noted under this name."""

as_json = click.option("--json", "as_json", is_flag=True, help="Report as JSON on stdout.")
always_json = click.option("--json", is_flag=True, expose_value=False, help="Said for clearness: it always is.")
business_day = click.DateTime(formats=["%Y-%m-%d"])


def say(report: Any, *, as_json: bool = True) -> None:
    """Print a report: JSON, or its members a line each."""
    if as_json or not isinstance(report, dict):
        click.echo(json.dumps(report, ensure_ascii=False, indent=2, default=str))
        return
    for name, value in report.items():
        if isinstance(value, list):
            click.echo(f"{name}: {len(value)}")
            for entry in value[:100]:
                click.echo("  " + (" · ".join(str(part) for part in _parts(entry) if part not in (None, ""))))
        else:
            click.echo(f"{name}: {value}")


def _parts(entry: Any) -> list[Any]:
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def refusable(command: Callable[P, R]) -> Callable[P, R]:
    """A refusal inside the command is told in words (as JSON with ``--json``), and its exit code is 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            _tell(refusal, as_json=bool(kwargs.get("as_json")))

    return told


def _tell(refusal: Refused, *, as_json: bool) -> NoReturn:
    message = worded(refusal.message_id, dict(refusal.values))
    problems = [problem_values(problem) for problem in refusal.problems]
    if as_json:
        say({"code": refusal.problem_code, "message": message, "problems": problems})
    click.echo(message, err=True)
    for problem in problems:
        click.echo(f"  {problem['field'] or ''} {problem['message']} {problem['remedy'] or ''}".rstrip(), err=True)
    if refusal.remedy_id:
        click.echo(worded(refusal.remedy_id, dict(refusal.values)), err=True)
    raise click.exceptions.Exit(1)
