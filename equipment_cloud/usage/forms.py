"""What people type at the instrument and afterwards."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.form import Form, LocalDateTimeField, text_field, whole_field
from equipment_cloud.usage.rules import MAX_SAMPLES


class StopForm(Form):
    """Three fields at the end of a session."""

    samples = whole_field(_l("Number of samples"), most=MAX_SAMPLES, required=False)
    note = text_field(_l("Note"), most=500)


class WalkInForm(Form):
    """Own use without a booking: which position."""

    position_id = RadioField(_l("Position"), coerce=int, validators=[InputRequired(_l("Choose a position."))])


class CorrectionForm(Form):
    """Corrected times, with the reason."""

    started_at = LocalDateTimeField(_l("Started"), validators=[InputRequired(_l("This must be filled in."))])
    ended_at = LocalDateTimeField(_l("Ended"), validators=[InputRequired(_l("This must be filled in."))])
    samples = whole_field(_l("Number of samples"), most=MAX_SAMPLES, required=False)
    reason = text_field(_l("Reason of the correction"), required=True, most=500, area=True)

    def given(self) -> dict[str, Any]:
        """The fields by name, as the service takes them."""
        return {field.name: field.data for field in (self.started_at, self.ended_at, self.samples, self.reason)}
