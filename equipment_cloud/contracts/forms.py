"""What people type about contracts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.form import Form, MoneyField, text_field


class ContractForm(Form):
    """A contract as signed; ``buyer_id`` is one of the person's own organisations."""

    buyer_id = SelectField(_l("Buyer (user of the service)"), coerce=int)
    provider = text_field(_l("Provider (name or credit code)"), required=True)
    number = text_field(_l("Contract number"), required=True, most=100)
    title = text_field(_l("Title"), required=True)
    signed_on = DateField(_l("Signed on"), validators=[InputRequired(_l("This must be filled in."))])
    amount_fen = MoneyField(_l("Contract amount"), validators=[InputRequired(_l("This must be filled in."))])
    file = FileField(_l("Signed contract (PDF)"))
    next = HiddenField()
