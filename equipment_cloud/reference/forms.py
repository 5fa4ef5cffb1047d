"""What the administrator types about working days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.form import Form, text_field, whole_field

_needed = InputRequired(_l("This must be filled in."))


class YearForm(Form):
    """A year from the State Council's notice."""

    year = whole_field(_l("Year"), least=2018, most=2100)
    off = text_field(_l("Days off"), required=True, most=5000, area=True)
    made_up = text_field(_l("Make-up working days"), most=5000, area=True)


class DayForm(Form):
    """One day."""

    on = DateField(_l("Day"), validators=[_needed])
    works = RadioField(_l("On this day"), validators=[_needed])
    note = text_field(_l("Reason"), required=True)
