"""What a unit types about its instruments, and the bureau about a return."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, Field, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.catalog.rules import BY_NAME, LONGEST_PROSE
from equipment_cloud.catalog.rules import Field as RecordField
from equipment_cloud.foundation.form import Form, MoneyField, options, text_field, whole_field
from equipment_cloud.reference import queries as reference

_LIST = re.compile(r"[,，、;；\n]+")
_MOST_HOURS = 8784
PROSE = "prose"


class RowForm(Form):
    """One instrument; :func:`row_form` adds the fields a campaign asks for."""

    asked: tuple[str, ...] = ()
    unit_number = text_field(lazy_gettext("Unit's own number"), most=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.asked:
            if BY_NAME[name].kind == "town":
                self[name].choices = options([("", "—"), *reference.town_choices()])
            elif BY_NAME[name].kind == "class":
                self[name].choices = options([("", "—"), *_classes(self[name].data)])

    def values(self) -> dict[str, Any]:
        """What was typed, by field, as the models hold it."""
        return {name: _value(self[name], BY_NAME[name]) for name in self.asked}


class GoneForm(Form):
    """Why it is no longer there."""

    gone_reason = text_field(lazy_gettext("Where it went"), description=lazy_gettext("Scrapped, sold, moved …"))


class SubmitForm(Form):
    """Handing in."""

    declares_none = BooleanField(lazy_gettext("We have no such equipment"))
    consents = BooleanField(
        lazy_gettext("We agree to the terms of sharing: complete records that are shared may be published"),
        description=lazy_gettext("The original value stays hidden. You can change what is public at any time."),
    )
    revision = HiddenField()


class ConfirmForm(Form):
    """How a confirmation reached the bureau's side."""

    confirmed_note = text_field(lazy_gettext("Who confirmed it, and how"))


class DefectForm(Form):
    """One defect."""

    row_id = HiddenField()
    field = SelectField(lazy_gettext("Field"))
    reason = text_field(lazy_gettext("What is wrong"), most=1000, required=True)
    remedy = text_field(lazy_gettext("What to do"), most=1000, required=True)

    def __init__(self, *args: Any, asked: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, lazy_gettext(BY_NAME[name].label)) for name in asked]
        self["field"].choices = options([("", lazy_gettext("The whole row")), *named])


class SendBackForm(Form):
    """Until when it must be corrected."""

    due_on = DateField(
        lazy_gettext("To be corrected by"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )
    revision = HiddenField()


def row_form(asked: tuple[str, ...]) -> type[RowForm]:
    """The form of a campaign's fields."""
    fields = {name: _MAKERS[BY_NAME[name].kind](BY_NAME[name]) for name in asked}
    return type("AskedForm", (RowForm,), {"asked": asked, **fields})


def row_data(values: Mapping[str, Any], asked: Sequence[str], unit_number: str) -> dict[str, Any]:
    """A row as the form shows it."""
    shown = {name: values.get(name) for name in asked}
    lists = {name: "，".join(shown[name] or []) for name in asked if BY_NAME[name].kind == "texts"}
    return {**shown, **lists, "unit_number": unit_number}


def _classes(present: str | None) -> list[tuple[str, str]]:
    names = reference.class_names()
    found = [(f"{code}00", f"{code}00 {names[code]}") for code in names if len(code) == 4]
    found.append(("990000", f"990000 {reference.class_name('990000')}"))
    if present and present not in dict(found):
        found.insert(0, (present, f"{present} {reference.class_name(present)}"))
    return found


def _value(field: Field, item: RecordField) -> Any:
    if item.kind == "texts":
        return [part.strip() for part in _LIST.split(field.data or "") if part.strip()]
    if item.kind in {"truth", "codes"}:
        return field.data
    return None if field.data in {None, ""} else field.data


def _text(item: RecordField) -> Field:
    most = LONGEST_PROSE if item.kind == PROSE else item.most
    return text_field(lazy_gettext(item.label), most=most, area=item.kind == PROSE, required=item.name == "name")


def _coded(item: RecordField) -> Field:
    choices = [(code, lazy_gettext(words)) for code, words in item.choices.items()]
    first = {"share_mode": "external", "mode": "both"}.get(item.name, "")
    return SelectField(
        lazy_gettext(item.label), choices=options(choices if first else [("", "—"), *choices]), default=first,
        coerce=lambda value: getattr(value, "value", value) or "",
    )  # fmt: skip


def _several(item: RecordField) -> Field:
    return SelectMultipleField(
        lazy_gettext(item.label), widget=ListWidget(), option_widget=CheckboxInput(),
        choices=options((code, lazy_gettext(words)) for code, words in item.choices.items()),
    )  # fmt: skip


def _reference(item: RecordField) -> Field:
    return SelectField(lazy_gettext(item.label), choices=[], coerce=lambda value: value or "", default="")


_MAKERS: Mapping[str, Callable[[RecordField], Any]] = {
    "text": _text,
    "prose": _text,
    "texts": _text,
    "code": _coded,
    "codes": _several,
    "town": _reference,
    "class": _reference,
    "money": lambda item: MoneyField(lazy_gettext(item.label)),
    "day": lambda item: DateField(lazy_gettext(item.label), validators=[Optional()]),
    "whole": lambda item: whole_field(lazy_gettext(item.label), most=_MOST_HOURS, required=False),
    "truth": lambda item: BooleanField(lazy_gettext(item.label)),
}
