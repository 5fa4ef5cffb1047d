"""Foreign forms of the instrument record (NRII, 省大仪, UNIQUIP): written by exports, read again by imports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from equipment_cloud.catalog.rules.exchange import nrii, uniquip, zhejiang
from equipment_cloud.catalog.rules.exchange.columns import Column, Known, Values, page_address, plain, unguarded
from equipment_cloud.catalog.rules.exchange.linked import linked_data
from equipment_cloud.catalog.rules.fields import ALWAYS, BY_NAME
from equipment_cloud.kernel.errors import N_, Problem, Words

__all__ = [
    "FORMS",
    "Column",
    "Form",
    "Known",
    "Values",
    "form_of_headings",
    "linked_data",
    "news_in",
    "page_address",
    "plain",
    "problems_before_report",
    "public_values",
    "row",
    "unguarded",
    "values_from",
]

_LABELS = {
    "unit_number": N_("Unit's own number"),
    "organisation_code": N_("Credit code"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A foreign form: its name in commands and addresses, and its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


FORMS: Mapping[str, Form] = {
    name: Form(name, columns)
    for name, columns in (("nrii", nrii.COLUMNS), ("zhejiang", zhejiang.COLUMNS), ("uniquip", uniquip.COLUMNS))
}


def values_from(record: Any, **owner: Any) -> dict[str, Any]:
    """An instrument record as :data:`Values`, with what is known of its owner."""
    return {name: getattr(record, name) for name in (*BY_NAME, "id", "code", "unit_number")} | owner


def row(form: Form, values: Values, known: Known) -> dict[str, str]:
    """A record in the form's words, by column."""
    return {column.name: column.write(values, known) for column in form.columns}


def public_values(values: Values, public_fields: Collection[str]) -> dict[str, object]:
    """The record without what its owner does not show."""
    return {
        name: value if name not in BY_NAME or BY_NAME[name].public == ALWAYS or name in public_fields else None
        for name, value in values.items()
    }


def problems_before_report(form: Form, values: Values, known: Known) -> list[Problem]:
    """What the form demands and the record lacks, and the texts that it cuts (warnings); all at once."""
    found: list[Problem] = []
    for column in form.columns:
        text = column.write(values, known)
        name = column.fields[0] if column.fields else column.name
        label = Words(BY_NAME[name].label if name in BY_NAME else _LABELS.get(name, column.zh))
        if column.is_needed and not text and (column.when is None or column.when(values)):
            found.append(Problem("missing", N_("%(label)s is missing."), name, {"label": label}))
        elif len(column.fields) == 1 and _is_cut(values.get(column.fields[0]), text):
            message = N_("%(label)s is longer than the form takes and ends at “…%(text)s”.")
            found.append(Problem("cut", message, name, {"label": label, "text": text[-12:]}, level="warning"))
    return found


def news_in(form: Form, cells: Mapping[str, str], values: Values, known: Known) -> set[str]:
    """Columns of a row that say something else than this record would be written as: all others are no news."""
    written = row(form, values, known)
    return {name for name, text in cells.items() if unguarded(text) != unguarded(written.get(name, ""))}


def form_of_headings(headings: Iterable[str]) -> Form | None:
    """The form whose columns all stand among these headings."""
    given = {heading.strip() for heading in headings}
    return next((form for form in FORMS.values() if given.issuperset(form.headings)), None)


def _is_cut(value: object, text: str) -> bool:
    return isinstance(value, str) and bool(text) and len(plain(value, lines=False)) > len(" ".join(text.split()))
