"""What programs send and get about bills, invoices and payments."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.billing.models import InvoiceStatus
from equipment_cloud.foundation.endpoint import Body, Code, Day, Fen, Identifier, Instant, PageQuery, Text

_OWN = {"description": "the organisation it is recorded for; needed only by who acts for several"}


class ChargesQuery(PageQuery):
    """Which side's bills."""

    side = Code(("to-pay", "to-receive", "all"), load_default="to-pay")


class ChargeShown(ma.Schema):
    """A bill."""

    id = Identifier()
    number = Text()
    usage_id = Identifier()
    organisation_id = Identifier()
    provider_id = Identifier()
    price_fen = Fen()
    voucher_fen = Fen()
    payable_fen = Fen()
    lines = ma.fields.List(ma.fields.Dict())
    issued_at = Instant()


class PapersQuery(PageQuery):
    """Filters of the lists of papers."""

    q = Text(200, load_default=None, allow_none=True, metadata={"description": "number or counterpart"})


class NewInvoice(Body):
    """An invoice as printed; its paper was sent to ``/files`` before. Buyer's name and code default to one's own."""

    organisation_id = Identifier(load_default=None, allow_none=True, metadata=_OWN)
    number = Text(20, required=True, metadata={"description": "20 digits, or 8 with a code"})
    code = Text(12, load_default=None, allow_none=True)
    issued_on = Day(required=True)
    buyer_name = Text(255, load_default=None, allow_none=True)
    buyer_code = Text(24, load_default=None, allow_none=True)
    seller_name = Text(255, required=True)
    seller_code = Text(24, required=True)
    item = Text(255, required=True)
    net_fen = Fen(required=True)
    tax_fen = Fen(required=True)
    total_fen = Fen(1, required=True)
    file_id = Identifier(required=True)


class InvoiceShown(ma.Schema):
    """An invoice, and how much of it is allocated."""

    id = Identifier()
    key = Text()
    number = Text()
    code = Text(allow_none=True)
    issued_on = Day()
    organisation_id = Identifier(attribute="buyer_id")
    buyer_name = Text()
    buyer_code = Text()
    seller_name = Text()
    seller_code = Text()
    item = Text()
    net_fen = Fen()
    tax_fen = Fen()
    total_fen = Fen()
    allocated_fen = Fen()
    status = Code(InvoiceStatus)
    file_id = Identifier(allow_none=True)


class NewPayment(Body):
    """A bank slip as printed; its paper was sent to ``/files`` before. The payer's name defaults to one's own."""

    organisation_id = Identifier(load_default=None, allow_none=True, metadata=_OWN)
    slip_number = Text(100, required=True)
    payer_name = Text(255, load_default=None, allow_none=True)
    payee_name = Text(255, required=True)
    paid_on = Day(required=True)
    amount_fen = Fen(1, required=True)
    file_id = Identifier(required=True)


class PaymentShown(ma.Schema):
    """A bank slip, and how much of it is allocated."""

    id = Identifier()
    slip_number = Text()
    organisation_id = Identifier(attribute="payer_id")
    payer_name = Text()
    payee_name = Text()
    paid_on = Day()
    amount_fen = Fen()
    allocated_fen = Fen()
    file_id = Identifier(allow_none=True)
