"""What managers type about prices."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, MoneyField, text_field, whole_field
from equipment_cloud.kernel.errors import N_
from equipment_cloud.pricing.rules import Basis, CustomerClass

BASES = {
    Basis.BOOKED: N_("Booked time"),
    Basis.USED: N_("Used time"),
    Basis.LONGER: N_("The longer of booked and used time"),
}


class PlanForm(Form):
    """A price plan from a day on."""

    valid_from = DateField(_l("From"), validators=[InputRequired(_l("This must be filled in."))])
    basis = SelectField(_l("Charged is"), coerce=Basis)
    minimum_minutes = whole_field(_l("Minimum charge"), most=43_200)
    setup_fen = MoneyField(_l("Set-up fee"))
    internal_fen = MoneyField(_l("Own staff, per hour"))
    local_fen = MoneyField(_l("Enterprises of Yuyao, per hour"))
    outside_fen = MoneyField(_l("Others, per hour"))
    note = text_field(_l("Remarks"), most=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basis.choices = [(basis.value, worded(words)) for basis, words in BASES.items()]

    def rates(self) -> dict[CustomerClass, int]:
        """Fen per hour of the classes that have a price."""
        fields = {
            CustomerClass.INTERNAL: self.internal_fen,
            CustomerClass.LOCAL: self.local_fen,
            CustomerClass.OUTSIDE: self.outside_fen,
        }
        return {customer: int(field.data) for customer, field in fields.items() if field.data is not None}
