"""What managers type about opening hours, rules, quotas and closures."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired, Optional

from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, LocalDateTimeField, text_field, whole_field
from equipment_cloud.kernel.errors import N_
from equipment_cloud.occupancy.models import ApprovalMode, QuotaOf, QuotaPer
from equipment_cloud.occupancy.rules import Hours, read_hours, read_week

APPROVALS = {
    ApprovalMode.APPROVE_EACH: N_("Staff confirm each request"),
    ApprovalMode.TRAINED: N_("Qualified people at once, others by staff"),
    ApprovalMode.INSTANT: N_("Confirmed at once"),
}
QUOTAS_OF = {QuotaOf.PERSON: N_("Each person"), QuotaOf.ORGANISATION: N_("Each organisation")}
QUOTAS_PER = {
    QuotaPer.DAY: N_("a day"),
    QuotaPer.WEEK: N_("a week"),
    QuotaPer.MONTH: N_("a month"),
    QuotaPer.YEAR: N_("a year"),
}


class DatedForm(Form):
    """Something that holds from a day on; today unless told."""

    valid_from = DateField(_l("Holds from"), validators=[Optional()])


class HoursForm(DatedForm):
    """A text of hours for each weekday."""

    monday = text_field(_l("Monday"), most=100)
    tuesday = text_field(_l("Tuesday"), most=100)
    wednesday = text_field(_l("Wednesday"), most=100)
    thursday = text_field(_l("Thursday"), most=100)
    friday = text_field(_l("Friday"), most=100)
    saturday = text_field(_l("Saturday"), most=100)
    sunday = text_field(_l("Sunday"), most=100)

    def read(self) -> dict[int, list[Hours]]:
        """Hours by weekday. Raises :class:`Invalid` with every field that makes no sense."""
        return read_week(self.data)


class RulesForm(DatedForm):
    """How the instrument may be booked."""

    step_minutes = whole_field(_l("Time step"), least=1, most=1440)
    shortest_minutes = whole_field(_l("Shortest booking"), least=1, most=43_200)
    longest_minutes = whole_field(_l("Longest booking"), least=1, most=43_200)
    lead_minutes = whole_field(_l("Book ahead by at least"), most=43_200)
    horizon_days = whole_field(_l("Bookable ahead for"), least=1, most=730)
    before_minutes = whole_field(_l("Kept free before, to warm up"), most=720)
    after_minutes = whole_field(_l("Kept free after, to clean up"), most=720)
    peak_longest_minutes = whole_field(_l("Most peak hours of a booking"), most=43_200)
    release_hours = whole_field(_l("Kept hours are everybody's before they begin by"), most=720)
    pending_hours = whole_field(_l("An unanswered request expires after"), least=1, most=720)
    remind_hours = whole_field(_l("Staff are reminded after"), most=720)
    escalate_hours = whole_field(_l("Managers are told after"), most=720)
    cancel_hours = whole_field(_l("Free cancellation until before the start"), most=720)
    approval = SelectField(_l("Requests"), coerce=ApprovalMode)
    needs_training = BooleanField(_l("Only people with a valid qualification may book"))
    unattended = BooleanField(_l("Runs unattended through nights: only start and end lie in opening hours"))
    follows_workdays = BooleanField(_l("Closed on public holidays, open on make-up working days"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.approval.choices = [(mode.value, worded(words)) for mode, words in APPROVALS.items()]

    def values(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class SpecialDayForm(Form):
    """A single day with hours of its own."""

    on = DateField(_l("Day"), validators=[InputRequired(_l("This must be filled in."))])
    hours = text_field(_l("Hours"), most=100)
    note = text_field(_l("Reason"), required=True, most=200)

    def read(self) -> tuple[date, list[Hours]]:
        """The day and its hours; none is closed. Raises :class:`Invalid`."""
        assert isinstance(self.on.data, date)  # noqa: S101 - required
        return self.on.data, read_hours(self.hours.data or "", field="hours")


class QuotaForm(DatedForm):
    """How much may be booked in a stretch of days."""

    of = SelectField(_l("Counts for"), coerce=QuotaOf)
    per = SelectField(_l("Counted over"), coerce=QuotaPer)
    most_hours = whole_field(_l("At most"), least=1, most=9_000)
    only_peak = BooleanField(_l("Counts peak hours only"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.of.choices = [(item.value, worded(words)) for item, words in QUOTAS_OF.items()]
        self.per.choices = [(item.value, worded(words)) for item, words in QUOTAS_PER.items()]


class ClosureForm(Form):
    """From when to when the instrument is closed, and why."""

    starts_at = LocalDateTimeField(_l("From"), validators=[InputRequired(_l("This must be filled in."))])
    ends_at = LocalDateTimeField(_l("To"), validators=[InputRequired(_l("This must be filled in."))])
    reason = text_field(_l("Reason"), required=True, most=200)
