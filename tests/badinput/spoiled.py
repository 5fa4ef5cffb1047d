"""Values nobody should send, and where they are put."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

FORTY_DIGITS = "1234567890" * 4
NASTY: tuple[str, ...] = (
    "\x00", "a\x00b", FORTY_DIGITS, f"-{FORTY_DIGITS}", "-1", "0", "1e400", "NaN", "Infinity", "0x10", "１２３", "十二",
    "", " ", "\u3000", "字" * 10_000, "a" * 10_000, "=1+1", "@SUM(A1)", "'; DROP TABLE person; --", "<script>",
    "{{ 7 * 7 }}", "%s%n", "../../etc/passwd", "\u202etxt.exe", "\ud800", "\ufffe", "🏭" * 300, "9999-12-31T23:59",
    "0001-01-01T00:00", "2026-02-30", "10000-01-01", "24:61", "1,000.555", "12345678901234567.89", "true", "[]", "null",
)  # fmt: skip
"""NUL, 40 digits, negative, letters and full-width figures, too long, formulas, markup, impossible days."""
FILES: tuple[tuple[bytes, str], ...] = (
    (b"", "empty.pdf"),
    (b"MZ\x90\x00" + b"\x00" * 300, "report.pdf"),
    (b"%PDF-1.4\n%%EOF", "table.xlsx"),
    (b"PK\x03\x04broken", "table.xlsx"),
    (b"\xff\xfe\x00\x00\xd8\x00", "table.csv"),
    (b"<svg onload='alert(1)'/>", "../../photo.png"),
)
"""Files that are not what their names say."""
JSON_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, int(FORTY_DIGITS), 1.5, "\x00", "a" * 10_000, "\ud800", [], [[]], {}, {"a": {"b": []}},
    "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", -(2**63) - 1,
)  # fmt: skip
BODIES: tuple[tuple[bytes, str], ...] = (
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b"null", "application/json"),
    (b'"text"', "application/json"),
    (b"\xff\xfe", "application/json"),
    (b'{"a": 1e999}', "application/json"),
    (b"[" * 5_000, "application/json"),
    (b"a=b", "application/x-www-form-urlencoded"),
    (b"<a/>", "application/xml"),
)
"""Bodies that are no object of JSON."""
PATH_VALUES = (FORTY_DIGITS, "0", "-1", "%00", "a%00b", "%ED%A0%80", "%F0%9F%8F%AD", "x" * 500, "..%2f..")
QUERY = (
    "page={0}", "per_page={0}", "q={0}", "sort={0}", "state={0}", "year={0}", "from={0}", "to={0}", "week={0}",
    "on={0}", "starts_at={0}", "ends_at={0}", "class={0}", "town={0}", "organisation_id={0}", "voucher_id={0}",
)  # fmt: skip


def naughty(corpus: Path) -> list[str]:
    """The public list of naughty strings."""
    return list(json.loads((corpus / "naughty-strings" / "blns.json").read_text(encoding="utf-8")))


class Spoiler:
    """Spoils one field after the other, each with the next nasty value, so that all values meet all kinds of fields."""

    def __init__(self, values: tuple[str, ...] = NASTY) -> None:
        self._values, self._files, self._json = cycle(values), cycle(FILES), cycle(JSON_VALUES)

    def forms(self, fields: dict[str, str], files: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The form with all fields spoiled, with none filled, then with one spoiled field at a time."""
        yield {name: next(self._values) for name in fields} | {name: self._file() for name in files}
        yield {}
        for name in fields:
            yield fields | {name: next(self._values)}
        for name in files:
            yield fields | {name: self._file()}

    def documents(self, sound: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The document with one property spoiled at a time, one missing at a time, and one too many."""
        for name in sound:
            yield sound | {name: next(self._json)}
            yield {key: value for key, value in sound.items() if key != name}
        yield sound | {"unheard_of": 1}

    def _file(self) -> tuple[io.BytesIO, str]:
        content, name = next(self._files)
        return io.BytesIO(content), name
