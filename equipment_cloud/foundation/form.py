"""Forms people type into: CSRF, our own bounded fields, and refusals brought back beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.filters import worded
from equipment_cloud.kernel.errors import Invalid, Refused
from equipment_cloud.kernel.money import fen_from_yuan, yuan_from_fen

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class Form(FlaskForm):
    """Base of all forms: knows how to show what a service refused."""

    def show(self, refusal: Refused) -> None:
        """Put each problem beside the field it names; the rest goes to ``form_errors`` (the summary)."""
        if not refusal.problems:
            words = (refusal.message_id, refusal.remedy_id)
            self.form_errors.append(" ".join(worded(text, refusal.values) for text in words if text))
        for problem in refusal.problems:
            text = worded(problem.message, dict(problem.values, field=problem.field))
            if problem.remedy:
                text = f"{text} {worded(problem.remedy, dict(problem.values))}"
            field = self._fields.get(problem.field or "")
            if field is None:
                self.form_errors.append(text)
            else:
                field.errors = [*field.errors, text]


def plain_text(_form: Any, field: Field) -> None:
    """No control characters but line breaks and tabs: neither database nor paper takes them."""
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in field.data or ""):
        raise ValidationError(gettext("This text has characters that cannot be kept; please type it again."))


def strip(text: str | None) -> str | None:
    """Surrounding blanks cut; an empty text is none."""
    return (text or "").strip() or None


def text_field(
    label: str, *, required: bool = False, most: int = 255, area: bool = False, **kwargs: Any
) -> StringField:
    """A bounded text field (a text area with ``area``)."""
    kind = TextAreaField if area else StringField
    checks: list[Callable[[Any, Any], None]] = [_required() if required else Optional(), Length(max=most), plain_text]
    return kind(label, validators=checks, filters=[strip], **kwargs)


def whole_field(
    label: str, *, least: int = 0, most: int = 1_000_000, required: bool = True, **kwargs: Any
) -> IntegerField:
    """A bounded whole number."""
    return IntegerField(label, validators=[_required() if required else Optional(), NumberRange(least, most)], **kwargs)


class MoneyField(StringField):
    """An amount typed in yuan; ``data`` is whole fen."""

    data: Any
    raw_text: str = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.raw_text:
            return
        try:
            self.data = fen_from_yuan(self.raw_text)
        except Invalid as refusal:
            raise ValueError(worded(refusal.problems[0].message)) from None

    def _value(self) -> str:
        if self.data is not None:
            return str(yuan_from_fen(self.data))
        return self.raw_text


class LocalDateTimeField(DateTimeLocalField):
    """A local clock time typed; ``data`` is an aware instant in UTC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        if not EARLIEST_YEAR <= self.data.year <= LATEST_YEAR:  # far outside, clock arithmetic overflows
            self.data = None
            raise ValueError(gettext("This date is too far away to be true."))
        self.data = self.data.replace(tzinfo=clock.zone()).astimezone(UTC)

    def _value(self) -> str:
        if isinstance(self.data, datetime) and self.data.tzinfo is not None:
            return f"{clock.local(self.data):%Y-%m-%dT%H:%M}"
        return " ".join(self.raw_data) if self.raw_data else ""


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """``(value, words)`` as choices of a select field."""
    return [SelectChoice(value=value, label=words) for value, words in pairs]


def fen_of(field: Field) -> int:
    """What was typed into a :class:`MoneyField`, in fen; 0 when it was left empty."""
    return int(field.data or 0)


def date_of(field: Field) -> date:
    """What was typed into a required date field, after the form was found valid."""
    if not isinstance(field.data, date):
        raise TypeError(f"{field.name} is no required date field")
    return field.data


def _required() -> InputRequired:
    return InputRequired(lazy_gettext("This must be filled in."))
