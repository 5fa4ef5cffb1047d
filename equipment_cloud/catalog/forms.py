"""What people type about instruments, calibrations and test services."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.catalog.models import CalibrationKind, Instrument, Scheme, TestService
from equipment_cloud.catalog.rules import BY_NAME, FIELDS, LONGEST_PROSE, MOST_POSITIONS, OPTIONAL_PUBLIC, WRITABLE
from equipment_cloud.catalog.rules import Field as RecordField
from equipment_cloud.foundation.form import Form, MoneyField, options, plain_text, strip, text_field, whole_field
from equipment_cloud.kernel.errors import N_
from equipment_cloud.reference import queries as reference

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Which machine it is"), ("name", "name_en", "model", "manufacturer", "serial_number", "class_code", "kind",
                                 "country", "source", "original_value_fen", "acquired_on", "in_service_on", "funds",
                                 "belongs_type", "belongs_to", "carrier_name", "gs1_code")),
    (N_("What it does"), ("technical", "function", "subjects", "service_content", "achievement")),
    (N_("How it is shared"), ("mode", "share_mode", "not_shared_reason", "requirement", "fee_note", "is_secret")),
    (N_("Where it is and whom to ask"), ("department", "town_code", "address", "contact_name", "phone", "email",
                                         "postcode", "postal_address")),
    (N_("Customs"), ("customs_supervised", "customs_declaration", "customs_item", "customs_released_on",
                     "customs_form_name", "duty_exemption")),
    (N_("Use and calibration"), ("run_state", "run_hours", "service_hours", "calibration_required")),
)  # fmt: skip
"""Fields of the record in the order of the form."""
_LIST = re.compile(r"[,，、;；\n]+")
_MOST_HOURS = 8784


class RecordForm(Form):
    """All fields of an instrument; the record's own checks judge them together."""

    revision = HiddenField()

    def __init__(self, *args: Any, present_class: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["town_code"].choices = options([("", "—"), *reference.town_choices()])
        self["class_code"].choices = options([("", "—"), *class_choices(present_class or self["class_code"].data)])

    def values(self) -> dict[str, Any]:
        """What was typed, by column, as the models store it."""
        return {item.name: _value(self[item.name], item) for item in FIELDS if item.name in WRITABLE}


def record_data(record: Instrument) -> dict[str, Any]:
    """A record as the form shows it."""
    data = {item.name: getattr(record, item.name) for item in FIELDS}
    return {**data, "subjects": "，".join(record.subjects), "revision": str(record.revision)}


def class_choices(present: str | None = None) -> list[tuple[str, str]]:
    """Classes with four digits made six, and 990000; a record's own code stays among them."""
    names = reference.class_names()
    codes = [code for code in names if len(code) == 4]
    found = [(f"{code}00", f"{code}00 {names[code]}") for code in codes]
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


def _coded(item: RecordField) -> SelectField:
    first = {"share_mode": "external", "mode": "both"}.get(item.name, "")
    choices = [(code, lazy_gettext(words)) for code, words in item.choices.items()]
    return SelectField(
        lazy_gettext(item.label),
        choices=options(choices if first else [("", "—"), *choices]),
        coerce=lambda value: getattr(value, "value", value) or "",
        default=first,
    )


def _several(item: RecordField) -> SelectMultipleField:
    choices = [(code, lazy_gettext(words)) for code, words in item.choices.items()]
    return SelectMultipleField(
        lazy_gettext(item.label), choices=options(choices), widget=ListWidget(), option_widget=CheckboxInput()
    )


def _text(item: RecordField) -> StringField:
    most = LONGEST_PROSE if item.kind == "prose" else item.most
    label = lazy_gettext(item.label)
    return text_field(label, most=most, area=item.kind == "prose", required=item.name == "name")


def _reference(item: RecordField) -> SelectField:
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
for _item in FIELDS:
    setattr(RecordForm, _item.name, _MAKERS[_item.kind](_item))


class NewForm(RecordForm):
    """A new record: whose it is, its own number, how many positions."""

    organisation_id = SelectField(lazy_gettext("Organisation"), coerce=int)
    unit_number = text_field(lazy_gettext("Unit's own number"), most=100, required=True)
    positions = whole_field(lazy_gettext("Positions"), least=1, most=MOST_POSITIONS, default=1)


class ReasonForm(Form):
    """A reason that people will read."""

    reason = text_field(lazy_gettext("Reason"), most=255, required=True, area=True)


class SendBackForm(Form):
    """All defects at once (一次性告知)."""

    reason = text_field(lazy_gettext("What must be corrected"), most=2000, required=True, area=True)


class PairForm(Form):
    """What was decided of two records that may be one machine; the button says which one is kept."""

    note = text_field(lazy_gettext("Note"), description=lazy_gettext("For both kept apart: how they differ."))
    keep = HiddenField()


class ConsentForm(Form):
    """The owner's consent, field by field."""

    public_fields = SelectMultipleField(
        lazy_gettext("Public fields"), widget=ListWidget(), option_widget=CheckboxInput(),
        choices=options((name, lazy_gettext(BY_NAME[name].label)) for name in OPTIONAL_PUBLIC),
    )  # fmt: skip
    accepts_terms = BooleanField(lazy_gettext("We agree to the terms of sharing"))


class PositionsForm(Form):
    """How many positions the instrument has."""

    positions = whole_field(lazy_gettext("Positions"), least=1, most=MOST_POSITIONS)


class CalibrationForm(Form):
    """A calibration record."""

    kind = SelectField(
        lazy_gettext("Kind of calibration"),
        choices=options(
            [
                (CalibrationKind.CALIBRATION.value, lazy_gettext("Calibration")),
                (CalibrationKind.VERIFICATION.value, lazy_gettext("Verification by a legal body")),
                (CalibrationKind.CHECK.value, lazy_gettext("Intermediate check")),
            ]
        ),
    )
    certificate = text_field(lazy_gettext("Certificate number"))
    performed_on = DateField(
        lazy_gettext("Calibrated on"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )
    valid_until = DateField(
        lazy_gettext("Valid until"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )


class ServiceForm(Form):
    """A test service."""

    organisation_id = SelectField(lazy_gettext("Organisation"), coerce=int)
    name = text_field(lazy_gettext("Test item"), required=True)
    name_en = text_field(lazy_gettext("English name"))
    category = SelectField(lazy_gettext("Class"))
    method_standards = TextAreaField(
        lazy_gettext("Standards"), validators=[Length(max=2000), plain_text], filters=[strip],
        description=lazy_gettext("One a line, such as GB/T 2423.17"),
    )  # fmt: skip
    sample_requirements = text_field(lazy_gettext("What samples must be like"), most=2000, area=True)
    minimum_quantity = text_field(
        lazy_gettext("Least quantity of sample"), description=lazy_gettext("Such as 5 g, 10 pieces")
    )
    hazard_note = text_field(
        lazy_gettext("Hazardous samples"), most=2000, area=True,
        description=lazy_gettext("Whether they are taken, how they must be packed, and which papers come with them."),
    )  # fmt: skip
    unit = text_field(
        lazy_gettext("Priced per"), most=64, required=True, description=lazy_gettext("Such as sample, 24 h, item")
    )
    price_fen = MoneyField(lazy_gettext("Price"))
    turnaround_days = whole_field(lazy_gettext("Working days until the report"), least=1, most=365)
    instrument_ids = SelectMultipleField(lazy_gettext("Done on"), coerce=int)
    revision = HiddenField()

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[tuple[int, str]],
        instruments: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisation_id.choices = options(organisations)
        self.category.choices = options(class_choices(self.category.data))
        self.instrument_ids.choices = options(instruments)

    def values(self) -> Mapping[str, Any]:
        """What was typed, as the service stores it."""
        lines = [line.strip() for line in (self.method_standards.data or "").splitlines() if line.strip()]
        names = (
            "name",
            "name_en",
            "category",
            "sample_requirements",
            "minimum_quantity",
            "hazard_note",
            "unit",
            "price_fen",
            "turnaround_days",
        )
        return {**{name: self[name].data for name in names}, "method_standards": lines}


class ScopeForm(Form):
    """Lines of an accredited scope under one certificate."""

    organisation_id = SelectField(lazy_gettext("Laboratory"), coerce=int)
    scheme = SelectField(lazy_gettext("Accreditation"))
    certificate = text_field(lazy_gettext("Certificate number"), most=64, required=True)
    standards = text_field(
        lazy_gettext("Methods in the scope"), most=20_000, required=True, area=True,
        description=lazy_gettext("One a line, as in the certificate. Without a year every edition counts."),
    )  # fmt: skip
    valid_from = DateField(
        lazy_gettext("Valid from"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )
    valid_to = DateField(
        lazy_gettext("Valid until"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation_id.choices = options(organisations)
        self.scheme.choices = options((scheme.value, scheme.name) for scheme in Scheme)

    def lines(self) -> list[str]:
        """The methods, one each."""
        return [line.strip() for line in (self.standards.data or "").splitlines() if line.strip()]


def service_data(record: TestService) -> dict[str, Any]:
    """A test service as the form shows it."""
    names = (
        "name", "name_en", "category", "sample_requirements", "minimum_quantity", "hazard_note", "unit", "price_fen",
        "turnaround_days",
    )  # fmt: skip
    return {
        **{name: getattr(record, name) for name in names},
        "organisation_id": record.organisation_id,
        "method_standards": "\n".join(record.method_standards),
        "instrument_ids": [item.id for item in record.instruments],
        "revision": str(record.revision),
    }


def revision_of(form: RecordForm | ServiceForm) -> int | None:
    """The revision the page was opened with."""
    text = form.revision.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
