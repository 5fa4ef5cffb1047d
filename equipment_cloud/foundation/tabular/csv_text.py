"""Text tables: which encoding, which delimiter, which records."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from charset_normalizer import from_bytes

from equipment_cloud.kernel.errors import N_, Invalid

DELIMITERS = (",", "\t", ";", "|")
MOST_LETTERS = 100_000
"""Letters of one cell; a quote never closed swallows the rest of the file and ends here."""
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_GB_PAIRS = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_GUESSED = ["cp1252", "big5", "shift_jis", "euc_kr"]
"""What a table here may come in besides UTF and GB; more candidates make a guess from three letters worse."""
_SAMPLE = 64 * 1024


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises :class:`Invalid` when it is no text at all."""
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return text, encoding.removesuffix("-sig")
    raise Invalid.single(
        "not-a-table",
        N_("This file is neither a workbook nor a text table."),
        field="file",
        remedy=N_("Save it as .xlsx or as .csv (UTF-8) and send it again."),
    )


def records(text: str, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """All records, blank ones too, so that the place in the list is the record's number less one."""
    if not text:
        return []
    csv.field_size_limit(MOST_LETTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows = list(islice(reader, most_rows + 1))
    except csv.Error as error:
        raise Invalid.single(
            "broken-quotes",
            N_("The quotes or the length of a cell near line %(line)s are broken: %(why)s."),
            field="file",
            line=reader.line_num,
            why=str(error),
            remedy=N_("Close the quotes there, or save the table as .xlsx."),
        ) from None
    if len(rows) > most_rows:
        raise Invalid.single(
            "too-many-rows",
            N_("The table has more than %(most)s rows."),
            field="file",
            most=most_rows,
            remedy=N_("Split it and send the parts one by one."),
        )
    if max(map(len, rows), default=0) > most_columns:
        raise Invalid.single(
            "too-many-columns",
            N_("The table has more than %(most)s columns."),
            field="file",
            most=most_columns,
            remedy=N_("Delete the columns that are not needed."),
        )
    return rows


def _candidates(content: bytes) -> list[str]:
    """Encodings to try, likeliest first. GB 18030 takes almost any bytes, so it must look like Chinese."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return [encoding]
    if content[:_SAMPLE].count(0) > len(content[:_SAMPLE]) // 4:
        return ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    found = ["utf-8"]
    beyond = sum(byte > 127 for byte in content[:_SAMPLE])
    common = 2 * len(_GB_PAIRS.findall(content[:_SAMPLE]))
    if beyond and common >= 0.9 * beyond:
        found.append("gb18030")
    else:
        lines = b"\n".join(line for line in content[:_SAMPLE].split(b"\n") if not line.isascii())
        best = from_bytes(lines, cp_isolation=_GUESSED).best()
        found.extend([best.encoding] if best else [])
    return [*found, "gb18030", "cp1252"]


def _is_text(text: str) -> bool:
    """Few control characters: a picture or a PDF has many."""
    sample = text[:_SAMPLE]
    odd = sum(letter < " " and letter not in "\t\r\n" for letter in sample)
    return odd <= max(8, len(sample) // 20)


def _delimiter(text: str) -> str:
    """The delimiter by which most of the first records have the same number (above one) of cells; a comma if none."""
    best, best_score = DELIMITERS[0], 0
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 30) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        usual = max(set(widths), key=widths.count, default=1)
        score = widths.count(usual) * 1000 // max(1, len(widths)) + min(usual, 500) if usual > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best
