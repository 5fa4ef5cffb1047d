"""Each import contract bites: a small house with one forbidden import breaks the contract that forbids it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

HOUSE = ("app", "kernel", "foundation", "booking.service", "booking.views", "usage.service", "usage.views")
CASES = {
    "a lower floor looks up": ("floors", "booking.service", "equipment_cloud.usage.service"),
    "strangers on one floor": ("floors", "booking.service", "equipment_cloud.survey.service"),
    "foundation knows a room": ("floors", "foundation", "equipment_cloud.accounts.models"),
    "the kernel knows the foundation": ("floors", "kernel", "equipment_cloud.foundation"),
    "a room nobody planned": ("floors", "helpers.queries", "equipment_cloud.kernel"),
    "a query calls a service": ("furniture", "booking.queries", "equipment_cloud.booking.service"),
    "forms and service are strangers": ("furniture", "booking.forms", "equipment_cloud.booking.service"),
    "rules look at rows": ("furniture", "accounts.rules", "equipment_cloud.accounts.models"),
    "a room in the making obeys too": ("furniture", "training.models", "equipment_cloud.training.service"),
    "another room's views": ("own-room", "usage.service", "equipment_cloud.booking.views"),
    "views meet on the stairs": ("own-room", "usage.views", "equipment_cloud.booking.views"),
    "rules know the database": ("pure-rules", "booking.rules", "sqlalchemy"),
    "the kernel knows the web": ("pure-rules", "kernel", "flask"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_forbidden_import_breaks_its_contract(case: str, tmp_path: Path) -> None:
    contract, importer, wanted = CASES[case]
    _build(tmp_path, importer, wanted)
    result = _lint(tmp_path, contract)
    assert "1 broken" in result.stdout, result.stdout + result.stderr


def test_the_small_house_itself_keeps_every_contract(tmp_path: Path) -> None:
    _build(tmp_path, "app", "equipment_cloud.booking.views")
    result = _lint(tmp_path)
    assert (result.returncode, "0 broken" in result.stdout) == (0, True), result.stdout + result.stderr


def test_an_import_for_types_alone_is_no_import(tmp_path: Path) -> None:
    _build(tmp_path, "booking.service", "equipment_cloud.usage.service", only_types=True)
    assert "0 broken" in _lint(tmp_path, "floors").stdout


def _build(folder: Path, importer: str, wanted: str, *, only_types: bool = False) -> None:
    targets = [wanted.removeprefix("equipment_cloud.")] if wanted.startswith("equipment_cloud.") else []
    for name in {*HOUSE, importer, *targets}:
        _module(folder, name).touch()
    text = f"import {wanted}\n"
    if only_types:
        text = f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {wanted}\n"
    _module(folder, importer).write_text(text, encoding="utf-8")


def _module(folder: Path, name: str) -> Path:
    """``booking.service`` as a file in a package; every package on the way gets its ``__init__.py``."""
    parts = ["equipment_cloud", *name.split(".")]
    place = folder
    for part in parts[:-1]:
        place = place / part
        place.mkdir(exist_ok=True)
        (place / "__init__.py").touch()
    return place / f"{parts[-1]}.py"


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    options = [word for contract in contracts for word in ("--contract", contract)]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
