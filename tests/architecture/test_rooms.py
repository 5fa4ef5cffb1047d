"""Every room has the same furniture, and each piece keeps to its trade."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import (
    PACKAGE,
    ROOT,
    calls,
    imported,
    imported_names,
    own_files,
    parsed,
    room_files,
    rooms,
    shown,
)

FURNITURE = {"rules", "models", "queries", "policy", "service", "forms", "views", "schemas", "api", "jobs"}
EXTRA = {
    # passwords and tokens at rest; how pages and API let people in; what Flask-Login asks for
    "accounts": {"credentials", "door", "sessions"},
    "booking": {"wording"},  # estimates and histories in the reader's language, for pages and programs
    "discovery": {"seed"},  # the first synonyms, for the migration that writes them
    # the inventory as streams of foreign records; sheets of labels to print
    "insight": {"exports", "labels"},
    "occupancy": {"guards"},  # overlap forbidden by the database itself: DDL for both engines
    # every component with example values, beside its one page; jobs, acts and records in the reader's language
    "portal": {"style_guide", "wording"},
    "reference": {"seed"},  # the rows that migrations put into the code tables
    # claims in the reader's language, and lists to hand out: for pages and programs alike
    "settlement": {"wording", "workbooks"},
    # calls of the command line; the workbook handed out; problems in the reader's language
    "survey": {"commands", "marking", "template", "wording"},
    # DDL that keeps published versions; trial calculation; documents by JSON Schema; transfers; wording of lines
    "vouchers": {"calculate", "documents", "guards", "ledger", "refusals", "wording"},
}
"""Modules that are no furniture, each with its reason: think twice before adding one."""

CLOCKS = {"clock.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
REQUEST = {"flask.request", "flask.session", "flask.current_app", "flask_login.current_user"}


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_holds_furniture_only_and_says_what_it_is_for(room: Path) -> None:
    children = {path.stem for path in room.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert children - FURNITURE - EXTRA.get(room.name, set()) <= {"__init__"}
    assert "__init__" in children, "a room's charter stands in its __init__.py"
    assert ast.get_docstring(parsed(room / "__init__.py"))


def test_the_kernel_imports_only_the_standard_library_itself_and_stdnum() -> None:
    allowed = sys.stdlib_module_names | {"stdnum"}
    strangers = {
        f"{shown(path)}: {name}"
        for path in (PACKAGE / "kernel").rglob("*.py")
        for name in imported(parsed(path))
        if name.split(".")[0] not in allowed and not name.startswith("equipment_cloud.kernel")
    }
    assert strangers == set()


def test_the_package_itself_imports_nothing() -> None:
    assert list(imported(parsed(PACKAGE / "__init__.py"))) in ([], ["__future__"])


def test_rules_load_without_flask_or_sqlalchemy() -> None:
    names = sorted({f"equipment_cloud.{path.name}.rules" for path in rooms() if _has_rules(path)})
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(sorted({'flask', 'sqlalchemy', 'werkzeug', 'wtforms', 'marshmallow'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def _has_rules(room: Path) -> bool:
    return (room / "rules.py").exists() or (room / "rules" / "__init__.py").exists()


def _called(files: list[Path], names: set[str]) -> set[str]:
    """Where one of these is called, as people look it up: ``booking/queries.py:12 insert``."""
    found = ((path, name, call) for path in files for name, call in calls(parsed(path)))
    return {f"{shown(path)}:{call.lineno} {name}" for path, name, call in found if name in names}


def test_below_the_edges_nobody_asks_the_time() -> None:
    files = room_files("rules", "models", "queries", "policy", "service")
    assert _called(files, CLOCKS) == set()


def test_below_the_edges_nobody_reads_the_request() -> None:
    files = room_files("rules", "models", "queries", "policy", "service", "jobs")
    readers = {f"{shown(path)} imports {name}" for path in files for name in imported_names(parsed(path)) & REQUEST}
    assert readers == set()


def test_queries_never_write() -> None:
    writes = {"session().add", "session().delete", "session().flush", "session().merge", "insert", "update", "delete"}
    files = room_files("queries", "policy")
    assert _called(files, writes) == set()


def test_commit_stands_in_foundation_db_alone() -> None:
    files = [path for path in own_files() if path.is_relative_to(PACKAGE)]
    found = {shown(path) for path in files for name, _ in calls(parsed(path)) if name.endswith(".commit")}
    assert found == {"equipment_cloud/foundation/db.py"}
