"""Sheets of labels with QR codes, to print and stick on instruments."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
import segno
import typst

SOURCE = Path(__file__).resolve().parents[2] / "templates" / "documents" / "labels.typ"
MOST = 240
"""Labels of one sheet of papers: ten pages."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label; ``address`` is what the code leads to."""

    code: str
    name: str
    model: str
    owner: str
    address: str


def sheet(labels: Sequence[Label]) -> bytes:
    """A PDF, 24 labels a page. Raises ``RuntimeError`` when the font is missing: text would be lost silently."""
    rows = [{name: text[:_LONGEST] for name, text in asdict(label).items()} | {"qr": _qr(label)} for label in labels]
    document, warnings = typst.compile_with_warnings(
        SOURCE,
        font_paths=[Path(fonts.sans_path()).parent],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"labels": json.dumps(rows, ensure_ascii=False)},
    )
    if warnings or not isinstance(document, bytes):
        raise RuntimeError(f"labels: {[str(warning) for warning in warnings]}")
    return document


def _qr(label: Label) -> str:
    picture = io.BytesIO()
    segno.make_qr(label.address, error="m").save(picture, kind="svg", border=4, xmldecl=False)
    return picture.getvalue().decode()
