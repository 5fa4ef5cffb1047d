"""What an import found: rows that can be kept, and everything to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from equipment_cloud.kernel.errors import N_, Problem

KEPT_ASIDE = N_("The field stays empty; what was written is kept beside the record.")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and its place: ``row`` as in the sheet (from 1), ``index`` of the column (from 0), its heading.

    A problem of level ``error`` refuses the row; a warning does not.
    """

    row: int
    problem: Problem
    index: int | None = None
    column: str | None = None


@dataclass(slots=True)
class Draft:
    """One data row as it was read. ``values`` holds only what the row says; ``extra`` what has no field, by heading."""

    row: int
    unit_number: str = ""
    owner_name: str | None = None
    owner_code: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    """What stood in the columns of an export's form, by column."""
    positions: int = 1
    findings: list[Finding] = field(default_factory=list)
    is_repeat: bool = False

    @property
    def is_refused(self) -> bool:
        return any(finding.problem.level == "error" for finding in self.findings)

    def say(self, problem: Problem, index: int | None = None, column: str | None = None) -> None:
        """Add a finding about this row."""
        self.findings.append(Finding(self.row, problem, index, column))


def warning(code: str, message: str, remedy: str | None = None, **values: object) -> Problem:
    """A problem that does not refuse."""
    return Problem(code, message, values=values, remedy=remedy, level="warning")


def comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them, to compare one import with the next."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
