"""What is written down at a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.foundation.form import Form, options, text_field
from equipment_cloud.survey.rules import NAMEPLATE


def _label(name: str) -> Any:
    return lazy_gettext(BY_NAME[name].label)


class VisitForm(Form):
    """A nameplate: its photo and six fields."""

    key = HiddenField()
    visited_at = HiddenField()
    unit_id = SelectField(
        lazy_gettext("Unit"), validators=[InputRequired(lazy_gettext("This must be filled in."))]
    )  # fmt: skip
    photo = FileField(lazy_gettext("Photo of the nameplate"))
    name = text_field(_label("name"), required=True)
    model = text_field(_label("model"))
    manufacturer = text_field(_label("manufacturer"))
    serial_number = text_field(_label("serial_number"))
    in_service_on = DateField(_label("in_service_on"), validators=[Optional()])
    address = text_field(_label("address"), most=100)

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit_id.choices = options([("", "—"), *((str(unit_id), words) for unit_id, words in units)])

    def values(self) -> dict[str, Any]:
        """The six fields."""
        return {name: self[name].data for name in NAMEPLATE}
