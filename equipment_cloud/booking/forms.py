"""What people type about bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from equipment_cloud.booking.rules import PURPOSE_WORDS
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, LocalDateTimeField, text_field, whole_field


def _id_or_none(given: Any) -> int | None:
    """The id chosen; 0, which nobody has, for what is none."""
    text = str(given or "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class PeriodForm(Form):
    """From when to when, on local clocks."""

    starts_at = LocalDateTimeField(_l("From"), validators=[InputRequired(_l("This must be filled in."))])
    ends_at = LocalDateTimeField(_l("To"), validators=[InputRequired(_l("This must be filled in."))])

    def times(self) -> tuple[datetime, datetime] | None:
        """Both instants, or ``None`` while one is missing or unreadable."""
        starts_at, ends_at = self.starts_at.data, self.ends_at.data
        return (starts_at, ends_at) if starts_at and ends_at else None


class BookingForm(PeriodForm):
    """A request for machine time. The view fills the choices of organisations and vouchers."""

    organisation_id = SelectField(_l("For organisation"), coerce=int)
    purpose = SelectField(_l("Purpose"), validators=[InputRequired(_l("Say what the time is for."))])
    note = text_field(_l("Remarks"), most=1000, area=True)
    voucher_id = SelectField(_l("Voucher"), coerce=_id_or_none)
    customer_sign_in = text_field(_l("In the name of (mobile or e-mail)"), most=254)
    waive_reason = text_field(_l("Let rules pass, because"), most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(purpose.value, worded(text)) for purpose, text in PURPOSE_WORDS.items()]
        self.purpose.choices = [("", _("Please choose")), *words]


class TakeForm(Form):
    """Taking a time that is held. The view fills the vouchers."""

    voucher_id = SelectField(_l("Voucher"), coerce=_id_or_none)
    note = text_field(_l("Remarks"), most=1000, area=True)


class RescheduleForm(PeriodForm):
    """Another time for a booking."""

    reason = text_field(_l("Reason"), most=500)
    waive_reason = text_field(_l("Let rules pass, because"), most=500)


class ApproveForm(Form):
    """Confirming; where a rule is broken by now, why it may pass."""

    waive_reason = text_field(_l("Let rules pass, because"), most=500)


class ReasonForm(Form):
    """Why a request is declined or a booking taken back."""

    reason = text_field(_l("Reason"), required=True, most=500)


class CancelForm(Form):
    """Why a booking is cancelled; a customer need not say."""

    reason = text_field(_l("Reason"), most=500)


class ManyForm(Form):
    """Several requests answered at once; who declines says why."""

    reason = text_field(_l("Reason for declining"), most=500)


class DelegationForm(Form):
    """Who answers requests in one's place. The view fills the colleagues and the institutions."""

    provider_id = SelectField(_l("Institution"), coerce=int)
    to_person_id = SelectField(_l("Who stands in"), coerce=int)
    first_on = DateField(_l("From"), validators=[InputRequired(_l("This must be filled in."))])
    last_on = DateField(_l("Until"), validators=[InputRequired(_l("This must be filled in."))])
    note = text_field(_l("Remarks"), most=200)


class AppealForm(Form):
    """Why points should not count."""

    words = text_field(_l("Why the points should not count"), required=True, most=1000, area=True)


class AppealDecisionForm(Form):
    """The provider's answer to an appeal."""

    decision = text_field(_l("Answer"), required=True, most=1000, area=True)


class BreachPolicyForm(Form):
    """What counts against people who do not come."""

    valid_from = DateField(_l("Holds from"), validators=[Optional()])
    late_points = whole_field(_l("Points for a late cancellation"), most=100)
    no_show_points = whole_field(_l("Points for a no-show"), most=100)
    last_days = whole_field(_l("Forgotten after"), least=1, most=1_100)
    limit_points = whole_field(_l("Too many to book are"), most=1_000)
