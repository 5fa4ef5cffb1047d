"""Layouts: the standard template, the mappings shipped in ``docs/mappings``, those saved by people, and files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from equipment_cloud.catalog.rules.exchange import form_of_headings
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.survey.models import SavedMapping
from equipment_cloud.survey.rules import FORM_LAYOUTS, STANDARD, STANDARD_LAYOUT, Layout, fits, is_standard, layout_from

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "mappings"
FITS = 0.8
LARGEST = 100_000
"""Bytes of a mapping file."""
_NAME = re.compile(r"[\w\-.]{1,60}")


def layout(name: str | None, *, files: bool = False) -> Layout:
    """The layout of that name; with ``files`` (command line only) a path to a TOML file is taken too.

    Raises :class:`Invalid` when there is none, or with every mistake in it.
    """
    if not name or name == STANDARD:
        return STANDARD_LAYOUT
    if name in FORM_LAYOUTS:
        return FORM_LAYOUTS[name]
    if _NAME.fullmatch(name):
        saved = session().scalar(select(SavedMapping).where(SavedMapping.name == name))
        if saved is not None:
            return layout_from(name, saved.document)
        shipped = FOLDER / f"{name}.toml"
        if shipped.is_file():
            return layout_from(name, _document(shipped))
    if files and Path(name).is_file():
        return layout_from(Path(name).stem[:60], _document(Path(name)))
    raise Invalid.single(
        "no-such-mapping",
        N_("There is no mapping named %(name)s."),
        field="mapping",
        name=name[:100],
        remedy=N_("Choose one of: %(names)s.") % {"names": ", ".join(layout_names())},
    )


def layout_of(name: str, document: Mapping[str, Any] | None) -> Layout:
    """The layout an import was read with: the mapping agreed for it alone, or a named one."""
    return layout_from(name, document) if document else layout(name)


def fitting_layout(rows: Sequence[Sequence[str]]) -> str | None:
    """The name of the mapping whose headings the table has: that of an export, the template, one saved or shipped.

    A mapping fits when a row has four fifths of its headings, the needed ones among them; the template, when half of
    the row's headings are its own, the needed ones among them.
    """
    if rows and (form := form_of_headings(rows[0])):
        return form.name
    named: dict[str, Mapping[str, Any]] = {record.name: record.document for record in saved_mappings()}
    named |= {name: _document(FOLDER / f"{name}.toml") for name in _shipped() if name not in named}
    scores = {name: fits(document.get("columns", {}), rows) for name, document in named.items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is not None and scores[best] >= FITS:
        return best
    return STANDARD if is_standard(rows) else None


def layout_names() -> list[str]:
    """Names of all layouts: the standard one, the forms of exports, those shipped and saved."""
    shipped = _shipped()
    saved = session().scalars(select(SavedMapping.name).order_by(SavedMapping.name).limit(200))
    return [STANDARD, *FORM_LAYOUTS, *sorted({*shipped, *saved} - FORM_LAYOUTS.keys())]


def saved_mappings() -> list[SavedMapping]:
    """Mappings saved by people, by name; 200 at most."""
    return list(session().scalars(select(SavedMapping).order_by(SavedMapping.name).limit(200)))


def _shipped() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml")) if FOLDER.is_dir() else []


def _document(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Invalid.single(
            "mapping-unreadable",
            N_("The mapping %(name)s is no TOML document."),
            field="mapping",
            name=path.name,
            remedy=N_("Compare with the mappings in docs/mappings."),
        ) from None
