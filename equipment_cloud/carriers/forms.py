"""What people type about carriers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.carriers.rules import CATEGORIES
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, text_field


class EntryForm(Form):
    """A new entry of the register."""

    organisation_id = SelectField(_l("Carrier"), coerce=int, validators=[InputRequired(_l("This must be filled in."))])
    categories = SelectMultipleField(
        _l("Services that draw vouchers"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    valid_from = DateField(_l("First day"), validators=[InputRequired(_l("This must be filled in."))])
    valid_to = DateField(_l("Last day"), validators=[Optional()])
    document_number = text_field(_l("Document number"), most=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories.choices = [(code, worded(words)) for code, words in CATEGORIES.items()]


class SuspendForm(Form):
    """Why and from when an entry is suspended."""

    from_on = DateField(_l("From"), validators=[InputRequired(_l("This must be filled in."))])
    reason = text_field(_l("Reason"), required=True, most=250)


class EndForm(Form):
    """The last day of an entry."""

    last_on = DateField(_l("Last day"), validators=[InputRequired(_l("This must be filled in."))])
