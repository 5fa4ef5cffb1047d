"""Finds the heading row, and says what each column is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.kernel.errors import N_, Invalid, Words
from equipment_cloud.survey.rules.columns import unit_in_heading
from equipment_cloud.survey.rules.findings import Finding, warning
from equipment_cloud.survey.rules.layout import Layout

SEARCHED_ROWS = 30
NEEDED = ("unit_number", "name")


@dataclass(frozen=True, slots=True)
class Head:
    """``columns[i]`` is ``(target, heading)``: ``extra`` keeps the text by its heading, ``None`` has no heading."""

    row: int
    """Row of the headings in the sheet, from 1."""
    columns: tuple[tuple[str | None, str], ...]
    money_units: dict[int, str]
    """Units that headings of money columns name, by column index."""

    def index_of(self, target: str) -> int | None:
        return next((index for index, (found, _heading) in enumerate(self.columns) if found == target), None)


def find_head(rows: Sequence[Sequence[str]], layout: Layout) -> Head:
    """The row among the first 30 that names most columns of the layout.

    Raises :class:`Invalid` ``no-headings`` when it lacks the unit's number or the name.
    """
    best = layout.head_row - 1 if layout.head_row else _best_row(rows, layout)
    best = min(best, max(len(rows) - 1, 0))
    head = _head(best + 1, rows[best] if rows else [], layout)
    missing = [needed for needed in NEEDED if head.index_of(needed) is None]
    if missing:
        raise Invalid.single(
            "no-headings",
            N_("No heading row with the unit's own number and the name was found; row %(row)s reads: %(headings)s."),
            field="file",
            row=head.row,
            headings=" | ".join(text.strip()[:30] for text in (rows[best] if rows else []) if text.strip())[:300]
            or "—",
            remedy=N_("Use the template, or choose the mapping made for this layout."),
        )
    return head


def _best_row(rows: Sequence[Sequence[str]], layout: Layout) -> int:
    """Index of the row that names most; of headings on several rows (merged cells) the lowest, where the data begin."""
    scores = []
    for row in rows[:SEARCHED_ROWS]:
        targets = {layout.target_of(text) for text in row if text.strip()}
        scores.append(len(targets - {None, "extra"}) + 10 * sum(needed in targets for needed in NEEDED))
    best = scores.index(max(scores)) if scores else 0
    while best + 1 < len(scores) and scores[best + 1] >= scores[best] > 0:
        best += 1
    return best


def _head(row: int, cells: Sequence[str], layout: Layout) -> Head:
    columns: list[tuple[str | None, str]] = []
    taken: set[str] = set()
    headings: dict[str, int] = {}
    units: dict[int, str] = {}
    for index, text in enumerate(cells):
        heading = " ".join(text.split())[:255]
        if not heading:
            placed = layout.columns.get(f"#{index + 1}")
            columns.append((placed, f"#{index + 1}") if placed and placed not in taken else (None, ""))
            taken.add(placed or "extra")
            continue
        headings[heading] = headings.get(heading, 0) + 1
        if headings[heading] > 1:
            heading = f"{heading} ({headings[heading]})"
        target = layout.target_of(text) or "extra"
        if target in taken:
            target = "extra"
        if target != "extra":
            taken.add(target)
        unit = unit_in_heading(text) if target == "original_value_fen" else None
        if unit:
            units[index] = unit
        columns.append((target, heading))
    return Head(row, tuple(columns), units)


def findings_about(head: Head, layout: Layout) -> list[Finding]:
    """What can be said of the columns once, instead of in every row."""
    found: list[Finding] = []
    targets = {target for target, _heading in head.columns} | set(layout.constants)
    targets |= {name for column in (layout.form.columns if layout.form else ()) for name in column.fields}
    absent = [item for item in BY_NAME.values() if item.is_needed and item.name not in targets]
    absent = [item for item in absent if item.name not in {"share_mode", "mode"}]
    found.extend(
        Finding(head.row, warning("missing-column", N_("There is no column for %(label)s; it must be added before the "
                                                       "records are submitted."), label=Words(item.label)), None, None)
        for item in absent
    )  # fmt: skip
    index = head.index_of("original_value_fen")
    if index is not None and layout.currency != "CNY" and layout.rate is None:
        message = N_(
            "Amounts are in %(currency)s and the mapping names no rate; they are kept as written beside the records."
        )
        found.append(
            Finding(
                head.row, warning("foreign-currency", message, currency=layout.currency), index, head.columns[index][1]
            )
        )
    for index, (target, heading) in enumerate(head.columns):
        original = layout.target_of(heading.rsplit(" (", 1)[0]) if target == "extra" else None
        if original not in {None, "extra"} and head.index_of(str(original)) != index:
            message = N_("Another column already stands for this; this one is kept as written beside the records.")
            found.append(Finding(head.row, warning("second-column", message), index, heading))
    return found
