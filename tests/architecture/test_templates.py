"""Templates stand where their endpoint says, and none carries style or script of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.architecture.sources import PACKAGE, TEMPLATES, calls, parsed, rooms, shown

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*(\bsrc=|application/(ld\+)?json))[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on", re.IGNORECASE),
    "js: value": re.compile(r"[\"']\s*(js|javascript):", re.IGNORECASE),
    "trigger filter": re.compile(r"hx-trigger=\"[^\"]*\["),
    # A literal may be safe: what `format` puts into it is escaped.
    "unescaped output": re.compile(r"(?<![\"'])\s*\|\s*safe\b"),
}
RENDERERS = {"render_template", "render_page", "render", "stream_template"}
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.parts[-2] != "documents")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_carries_what_the_content_security_policy_forbids(what: str) -> None:
    whole = what == "unescaped output"
    found = {shown(path) for path in PAGES if FORBIDDEN[what].search(_markup(path, keep_values=whole))}
    assert found == set()


def _markup(path: Path, *, keep_values: bool) -> str:
    """A template's text without comments and, unless they are what is looked at, without Jinja's own statements."""
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return text if keep_values else re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


def test_every_template_parses_and_finds_what_it_extends_and_imports(app: Flask) -> None:
    environment = app.jinja_env
    missing = set()
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        environment.parse(text, filename=str(path))
        for name in re.findall(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']", text):
            if not (TEMPLATES / name).exists():
                missing.add(f"{shown(path)} wants {name}")
    assert missing == set()


def _rendered() -> dict[tuple[Path, int], str]:
    """Template names written in the code: ``{(file, line): "booking/week.html"}``."""
    return {
        (path, call.lineno): first.value
        for path in PACKAGE.rglob("*.py")
        for name, call in calls(parsed(path))
        if name.split(".")[-1] in RENDERERS
        for first in call.args[:1]
        if isinstance(first, ast.Constant) and isinstance(first.value, str)
    }


def test_every_template_named_in_the_code_exists() -> None:
    named = _rendered().items()
    missing = {f"{shown(path)}:{line} {name}" for (path, line), name in named if not (TEMPLATES / name).exists()}
    assert missing == set()


def test_a_room_renders_its_own_templates() -> None:
    allowed = {"components", "layouts", "documents", "mail", "errors"}
    names = {room.name for room in rooms()}
    foreign = {
        f"{shown(path)}:{line} {name}"
        for (path, line), name in _rendered().items()
        for room in {path.relative_to(PACKAGE).parts[0]} & names
        if name.split("/")[0] not in allowed | {room}
    }
    assert foreign == set()


def test_every_page_template_belongs_to_the_endpoint_of_its_name(app: Flask) -> None:
    names = {room.name for room in rooms()}
    orphans = {
        shown(path)
        for path in PAGES
        if path.parent.name in names and path.name[0] != "_"
        if f"{path.parent.name}.{path.stem}" not in app.view_functions
    }
    assert orphans == set()
