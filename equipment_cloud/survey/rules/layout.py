"""A layout says which column is which field: the standard template, or a saved mapping for a foreign table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from equipment_cloud.catalog.rules.exchange import FORMS, Form
from equipment_cloud.kernel.errors import N_, Invalid, Problem
from equipment_cloud.survey.rules.columns import TARGETS, plain_heading, standard_target

MONEY_UNITS = ("yuan", "wan")
SETTINGS = frozenset(
    {"title", "source", "columns", "constants", "money_unit", "currency", "rate", "date_formats", "organisation",
     "organisation_code", "html_entities", "sheet", "head_row"}
)  # fmt: skip
STANDARD = "standard"
MOST_HEAD_ROW = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """``columns``: heading -> target. ``constants``: target -> text for every row that says nothing itself."""

    name: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    money_unit: str = "wan"
    currency: str = "CNY"
    rate: Decimal | None = None
    """Yuan for one unit of a foreign currency; without it foreign amounts are kept as text."""
    date_formats: tuple[str, ...] = ()
    organisation: str | None = None
    organisation_code: str | None = None
    html_entities: bool = False
    sheet: str | None = None
    head_row: int | None = None
    """Row of the headings, from 1, where it was said; else it is looked for."""
    form: Form | None = None
    """The form of an export this table is in: its cells are taken apart as the export put them together."""

    def target_of(self, heading: str) -> str | None:
        """What a heading stands for; ``None`` for a column this layout does not name."""
        if self.name == STANDARD:
            return standard_target(heading)
        return self.columns.get(plain_heading(heading))


STANDARD_LAYOUT = Layout(STANDARD, {})
FORM_LAYOUTS: Mapping[str, Layout] = {
    name: Layout(
        name,
        {plain_heading(column.name): (*column.fields, "computed")[0] for column in form.columns},
        form=form,
    )
    for name, form in FORMS.items()
}
"""Tables in the form of an export, by its name."""


def layout_from(name: str, document: Mapping[str, Any]) -> Layout:
    """The layout a mapping document (``docs/mappings/*.toml``) describes. Raises Invalid with every mistake in it."""
    problems = [
        *_problems_with_columns(document),
        *_problems_with_settings(document),
        *_problems_with_head_row(document),
    ]
    if problems:
        raise Invalid(N_("This mapping has mistakes."), problems=problems, code="mapping")
    rate = document.get("rate")
    return Layout(
        name=name,
        columns={plain_heading(heading): target for heading, target in document["columns"].items()},
        constants={key: str(value) for key, value in document.get("constants", {}).items()},
        money_unit=document.get("money_unit", "wan"),
        currency=document.get("currency", "CNY"),
        rate=Decimal(str(rate)) if rate is not None else None,
        date_formats=tuple(document.get("date_formats", ())),
        organisation=document.get("organisation"),
        organisation_code=document.get("organisation_code"),
        html_entities=bool(document.get("html_entities", False)),
        sheet=document.get("sheet"),
        head_row=document.get("head_row"),
    )


def _problems_with_columns(document: Mapping[str, Any]) -> list[Problem]:
    columns = document.get("columns")
    if not isinstance(columns, Mapping) or not columns or len(columns) > 1000:
        return [Problem("columns", N_("A mapping needs a table [columns] of “heading” = “field”."), "columns")]
    found = [
        Problem("unknown-field", N_("Column %(heading)s is mapped to the unknown field %(field_name)s."), "columns",
                {"heading": heading, "field_name": str(target)[:60]})
        for heading, target in columns.items()
        if not (isinstance(target, str) and target in TARGETS)
    ]  # fmt: skip
    targets = [target for target in columns.values() if target != "extra"]
    twice = sorted({str(target) for target in targets if targets.count(target) > 1})
    found.extend(
        Problem("twice", N_("Two columns are mapped to %(field_name)s."), "columns", {"field_name": target})
        for target in twice
    )
    missing = [needed for needed in ("unit_number", "name") if needed not in targets]
    found.extend(
        Problem("needed", N_("No column is mapped to %(field_name)s."), "columns", {"field_name": needed})
        for needed in missing
    )
    return found


def _problems_with_settings(document: Mapping[str, Any]) -> list[Problem]:
    found = [
        Problem("unknown-setting", N_("There is no setting %(setting)s."), str(key), {"setting": str(key)[:60]})
        for key in document
        if key not in SETTINGS
    ]
    if document.get("money_unit", "wan") not in MONEY_UNITS:
        found.append(Problem("money-unit", N_("money_unit is yuan or wan (万元)."), "money_unit"))
    currency = document.get("currency", "CNY")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isalpha() and currency.isupper()):
        found.append(Problem("currency", N_("currency has three capital letters, such as CNY or USD."), "currency"))
    if not _is_rate(document.get("rate")):
        found.append(Problem("rate", N_("rate is a positive number of yuan for one unit of the currency."), "rate"))
    formats = document.get("date_formats", [])
    if not isinstance(formats, list) or not all(isinstance(item, str) and 0 < len(item) < 40 for item in formats):
        found.append(Problem("date-formats", N_('date_formats is a list such as ["%%Y%%m%%d"].'), "date_formats"))
    for key in ("organisation", "organisation_code", "sheet", "title", "source"):
        value = document.get(key)
        if value is not None and not (isinstance(value, str) and 0 < len(value) <= 255):
            found.append(Problem("text", N_("This needs a text of at most %(most)s characters."), key, {"most": 255}))
    constants = document.get("constants", {})
    if not isinstance(constants, Mapping) or not set(constants) <= TARGETS - {"unit_number", "name", "extra"}:
        found.append(Problem("constants", N_("[constants] may name fields of the record only."), "constants"))
    return found


def _problems_with_head_row(document: Mapping[str, Any]) -> list[Problem]:
    value = document.get("head_row")
    if value is None or (isinstance(value, int) and 1 <= value <= MOST_HEAD_ROW):
        return []
    return [Problem("head-row", N_("head_row is a row from 1 to %(most)s."), "head_row", {"most": MOST_HEAD_ROW})]


def _is_rate(value: object) -> bool:
    if value is None:
        return True
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        return False
    return rate.is_finite() and 0 < rate < 1_000_000
