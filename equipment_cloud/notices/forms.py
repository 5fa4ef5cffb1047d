"""What people type about notices."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.form import Form, text_field


class ObjectionForm(Form):
    """Anyone's objection: named and reachable, so that it can be examined."""

    name = text_field(_l("Your name or organisation"), required=True, most=60)
    contact = text_field(_l("Telephone or e-mail"), required=True, most=60)
    text = text_field(_l("What is wrong with this line, and how you know"), required=True, most=4000, area=True)


class DecisionForm(Form):
    """The bureau's decision on an objection."""

    upheld = RadioField(_l("Decision"), validators=[InputRequired(_l("This must be filled in."))])
    opinion = text_field(_l("Reasons"), required=True, most=4000, area=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upheld.choices = [("1", _("Upheld: the line is struck out")), ("0", _("Dismissed: the line stands"))]
