"""Pages call components as they are written, and use only classes that some style sheet knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from equipment_cloud.foundation.state_tables import WORDS
from tests.architecture.sources import PACKAGE, TEMPLATES, shown

JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
COMPONENTS = TEMPLATES / "components"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.parts[-2] != "documents")
STYLES = [*(PACKAGE / "static" / "css").glob("*.css"), Path("node_modules/@tabler/core/dist/css/tabler.css")]


def parsed(path: Path) -> nodes.Template:
    return JINJA.parse(path.read_text(encoding="utf-8"))


def macros() -> dict[tuple[str, str], nodes.Macro]:
    """Every macro of a component: ``("components/form.html", "field")``."""
    return {
        (f"components/{path.name}", macro.name): macro
        for path in COMPONENTS.glob("*.html")
        for macro in parsed(path).find_all(nodes.Macro)
    }


def imported(tree: nodes.Template) -> dict[str, tuple[str, str]]:
    """The name a page gives -> the component's file and macro."""
    names: dict[str, tuple[str, str]] = {}
    for found in tree.find_all(nodes.FromImport):
        if isinstance(found.template, nodes.Const):
            for name in found.names:
                macro, alias = name if isinstance(name, tuple) else (name, name)
                names[alias] = (found.template.value, macro)
    return names


def component_calls(tree: nodes.Template) -> Iterator[tuple[tuple[str, str], nodes.Call]]:
    names = imported(tree)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in names:
            yield names[call.node.name], call


def mistakes(macro: nodes.Macro, call: nodes.Call) -> list[str]:
    arguments = [argument.name for argument in macro.args]
    needed = arguments[: len(arguments) - len(macro.defaults)]
    given = {*arguments[: len(call.args)], *(pair.key for pair in call.kwargs)}
    found = [f"unknown {name}" for name in sorted(given - set(arguments))]
    found += [f"missing {name}" for name in needed if name not in given]
    return found + (["too many"] if len(call.args) > len(arguments) else [])


def test_every_component_is_called_with_arguments_that_it_takes() -> None:
    known = macros()
    wrong = {
        f"{shown(path)}:{call.lineno} {name}: {mistake}"
        for path in PAGES
        for (file, name), call in component_calls(parsed(path))
        if (file, name) in known
        for mistake in mistakes(known[file, name], call)
    }
    assert wrong == set()


def test_every_component_that_a_page_imports_exists() -> None:
    known = {*macros(), ("components/icons.html", "paths")}
    wrong = {
        f"{shown(path)} {file} {name}"
        for path in PAGES
        for file, name in imported(parsed(path)).values()
        if file.startswith("components/") and (file, name) not in known
    }
    assert wrong == set()


def test_every_badge_names_a_kind_of_state_that_has_words() -> None:
    wrong = {
        f"{shown(path)}:{call.lineno} {first.value}"
        for path in PAGES
        for (_file, name), call in component_calls(parsed(path))
        if name == "state_badge"
        for first in call.args[:1]
        if isinstance(first, nodes.Const) and first.value not in WORDS
    }
    assert wrong == set()


@pytest.mark.skipif(not STYLES[-1].exists(), reason="the front-end files are not installed")
def test_every_class_of_a_page_stands_in_a_style_sheet() -> None:
    known = {name for path in STYLES for name in re.findall(r"\.([a-zA-Z][\w-]*)", path.read_text(encoding="utf-8"))}
    unknown = {
        f"{shown(path)} {name}"
        for path in PAGES
        for names in re.findall(r'class="([^"{}]*)"', path.read_text(encoding="utf-8"))
        for name in names.split()
        if name not in known
    }
    assert unknown == set()
