"""Problems of an import, outcomes and contacts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.foundation.filters import day, money, worded
from equipment_cloud.kernel.errors import N_, Words
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey.models import ContactKind, RowSource
from equipment_cloud.survey.rules import UnitOutcome

OUTCOME_WORDS: Mapping[UnitOutcome, str] = {
    UnitOutcome.NO_EQUIPMENT: N_("No equipment"),
    UnitOutcome.CLOSED_DOWN: N_("Closed down or struck off"),
    UnitOutcome.REFUSED: N_("Refuses to answer"),
    UnitOutcome.UNREACHABLE: N_("Cannot be reached"),
}
CONTACT_WORDS: Mapping[ContactKind, str] = {
    ContactKind.PHONE: N_("Telephone call"),
    ContactKind.VISIT: N_("Visit"),
    ContactKind.MESSAGE: N_("Message"),
    ContactKind.LETTER: N_("Letter"),
}

_MESSAGE_IDS = ("label", "what", "fields")
"""Values that are message ids themselves; kept as plain text in the database."""


def problem_words(message: str, values: Mapping[str, Any]) -> str:
    """Reason and remedy as one sentence or two."""
    filled = {key: _marked(value) if key in _MESSAGE_IDS else value for key, value in values.items()}
    remedy = values.get("remedy")
    return " ".join(filter(None, (worded(message, filled), worded(str(remedy), filled) if remedy else None)))


def _marked(value: Any) -> Any:
    return [Words(item) for item in value] if isinstance(value, list) else Words(value)


SOURCE_WORDS: Mapping[RowSource, str] = {
    RowSource.CATALOGUE: N_("as in the catalogue"),
    RowSource.UNIT: N_("entered by the unit"),
    RowSource.BUREAU: N_("entered for the unit"),
    RowSource.VISIT: N_("entered on a visit"),
}


def field_label(name: str | None) -> str:
    """A field of the record in words; empty for the whole row."""
    return str(gettext(BY_NAME[name].label)) if name and name in BY_NAME else ""


def value_words(name: str, value: Any) -> str:
    """A value of a field as people read it; an em dash for nothing."""
    item = BY_NAME[name]
    value = getattr(value, "value", value)
    if value in (None, "", []):
        return "—"
    if item.kind in {"codes", "texts"}:
        return "、".join(str(gettext(item.choices.get(part, part))) for part in value)
    return str(_single_words(item.kind, item.choices, value))


def _single_words(kind: str, choices: Mapping[str, str], value: Any) -> object:
    if kind == "money":
        return money(value)
    if kind == "truth":
        return gettext("Yes") if value else gettext("No")
    if kind == "code":
        return gettext(choices.get(value, value))
    if kind == "day":
        return day(value)
    if kind == "town":
        return reference.region_name(value) or value
    return f"{value} {reference.class_name(value)}" if kind == "class" else value
