"""What the architecture tests read: the project's own files, parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "equipment_cloud"
TEMPLATES = ROOT / "templates"
GLUE = {"cli", "demo", "foundation", "kernel", "static", "translations"}


def own_files() -> list[Path]:
    """Every Python file we write by hand; migrations are generated and never edited twice."""
    folders = ("equipment_cloud", "tests", "deploy")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted([*found, *ROOT.glob("*.py")])


def room_files(*furniture: str) -> list[Path]:
    """The files of these pieces of furniture in every room, be they modules or packages."""
    return [
        path for room in rooms() for name in furniture for path in (room / f"{name}.py", *(room / name).rglob("*.py"))
        if path.exists()
    ]  # fmt: skip


def rooms() -> list[Path]:
    """The folders that are rooms."""
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and path.name not in GLUE and path.name[0] != "_")


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of the modules a file imports, wherever in the file it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def imported_names(tree: ast.Module) -> set[str]:
    """What a file takes out of other modules, in full: ``flask.request``."""
    froms = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {f"{node.module}.{alias.name}" for node in froms for alias in node.names}


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the dotted name of what is called: ``("clock.now", node)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield ast.unparse(node.func), node


def shown(path: Path) -> str:
    """A path as people write it."""
    return str(path.relative_to(ROOT))
