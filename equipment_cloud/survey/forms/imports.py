"""What people type about imports and mappings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, HiddenField, SelectField

from equipment_cloud.foundation.form import Form, options, text_field
from equipment_cloud.survey.rules import MOST_COLUMNS


class ImportForm(Form):
    """A table to import."""

    file = FileField(
        lazy_gettext("Table"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("xlsx, xls, xlsb, ods or csv, at most 20 MB and 100,000 rows."),
    )
    mapping = SelectField(
        lazy_gettext("Layout"),
        description=lazy_gettext(
            "Usually found from the headings; where that is not possible, you say what each column is."
        ),
    )
    sheet = text_field(lazy_gettext("Sheet"), most=100, description=lazy_gettext("Empty: the first one with data."))
    organisation = text_field(
        lazy_gettext("Credit code of the owner"),
        most=40,
        description=lazy_gettext("For a table of one unit that does not name it."),
    )

    def __init__(self, *args: Any, layouts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping.choices = options(layouts)


class ColumnsForm(Form):
    """What each column of a foreign table is; one choice a column, in the order of the sheet."""

    sheet = HiddenField()
    head_row = HiddenField()
    money_unit = SelectField(lazy_gettext("Amounts are in"))
    organisation = text_field(
        lazy_gettext("Owner of all rows"), description=lazy_gettext("Where no column names it: the unit's full name.")
    )
    organisation_code = text_field(lazy_gettext("Its credit code"), most=40)
    save_as = text_field(
        lazy_gettext("Keep these columns as"),
        most=60,
        description=lazy_gettext("A name for the next table of this kind; it is then recognised by its headings."),
    )
    targets = FieldList(SelectField(), max_entries=MOST_COLUMNS)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.money_unit.choices = options([("wan", gettext("10,000 yuan (万元)")), ("yuan", gettext("yuan (元)"))])
        for entry in self.targets:
            entry.choices = options(choices)

    def document(self, headings: Sequence[str]) -> dict[str, Any]:
        """The mapping as a document, see ``docs/survey-import.md``."""
        chosen = [str(entry.data) for entry in self.targets]
        columns = {key: target for key, target in zip(headings, chosen, strict=False) if key}
        given = {
            "organisation": self.organisation.data,
            "organisation_code": self.organisation_code.data,
            "sheet": self.sheet.data,
        }
        return {
            "columns": columns,
            "money_unit": self.money_unit.data,
            "head_row": number_of(self.head_row.data),
            **given,
        }


class MappingForm(Form):
    """A mapping for a foreign layout, as TOML."""

    name = text_field(lazy_gettext("Name"), most=60, required=True)
    text = text_field(
        lazy_gettext("Mapping"), most=100_000, required=True, area=True,
        description=lazy_gettext("TOML as in docs/mappings: settings, then [columns] with “heading” = “field”."),
    )  # fmt: skip


def number_of(text: str | None) -> int | None:
    """A row's number from an address or a hidden field; ``None`` where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None
