"""What people type on the portal's own pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import Optional

from equipment_cloud.foundation.form import Form


class RunForm(Form):
    """Run a job by hand for a business date."""

    on = DateField(_l("Business date"), validators=[Optional()])
