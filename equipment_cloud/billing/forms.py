"""What people type about papers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from equipment_cloud.foundation.form import Form, MoneyField, text_field
from equipment_cloud.foundation.state_words import state_choices

_REQUIRED = _l("This must be filled in.")


class InvoiceForm(Form):
    """An invoice as printed; ``buyer_id`` is one of the person's own organisations."""

    buyer_id = SelectField(_l("Recorded for"), coerce=int)
    number = text_field(_l("Invoice number"), required=True, most=20)
    code = text_field(_l("Invoice code"), most=12)
    issued_on = DateField(_l("Invoice date"), validators=[InputRequired(_REQUIRED)])
    buyer_name = text_field(_l("Buyer's name"), required=True)
    buyer_code = text_field(_l("Buyer's credit code"), required=True, most=24)
    seller_name = text_field(_l("Seller's name"), required=True)
    seller_code = text_field(_l("Seller's credit code"), required=True, most=24)
    item = text_field(_l("Item"), required=True)
    net_fen = MoneyField(_l("Amount without tax"), validators=[InputRequired(_REQUIRED)])
    tax_fen = MoneyField(_l("Tax"), validators=[InputRequired(_REQUIRED)])
    total_fen = MoneyField(_l("Total with tax"), validators=[InputRequired(_REQUIRED)])
    file = FileField(_l("Invoice (PDF or picture)"))
    next = HiddenField(validators=[Optional()])


class PaymentForm(Form):
    """A bank slip as printed; ``payer_id`` is one of the person's own organisations."""

    payer_id = SelectField(_l("Recorded for"), coerce=int)
    slip_number = text_field(_l("Slip number"), required=True, most=100)
    paid_on = DateField(_l("Payment date"), validators=[InputRequired(_REQUIRED)])
    payer_name = text_field(_l("Payer's account name"), required=True)
    payee_name = text_field(_l("Payee's account name"), required=True)
    amount_fen = MoneyField(_l("Amount paid"), validators=[InputRequired(_REQUIRED)])
    file = FileField(_l("Bank slip (PDF or picture)"))
    next = HiddenField(validators=[Optional()])


class StatusForm(Form):
    """What became of an invoice after it was recorded."""

    status = SelectField(_l("Status"))
    reason = text_field(_l("Reason"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = state_choices("invoice")
