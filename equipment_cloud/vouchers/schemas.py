"""What programs send and get about vouchers."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.foundation.endpoint import (
    Body,
    Code,
    Fen,
    Identifier,
    Instant,
    PageQuery,
    Several,
    Text,
)
from equipment_cloud.vouchers.models import VoucherState


class VouchersQuery(PageQuery):
    """Filters of the list."""

    state = Code(VoucherState, load_default=None)
    organisation_id = Identifier(load_default=None)


class Application(Body):
    """An application, kept as a draft. ``organisation_id`` is needed only by who acts for several enterprises."""

    policy_id = Identifier(allow_none=True, load_default=None, metadata={"description": "the one in force if omitted"})
    organisation_id = Identifier(allow_none=True, load_default=None)
    requested_fen = Fen(1, required=True)
    purpose = Text(2000, required=True)


class ApplicationChange(Body):
    """What is not named stays."""

    requested_fen = Fen(1)
    purpose = Text(2000)


class Opinion(Body):
    """A decision that passes the application on, or issues it; the amount may only be lowered."""

    opinion = Text(1000, allow_none=True, load_default=None)
    amount_fen = Fen(1, allow_none=True, load_default=None)


class SendBack(Body):
    """Back to the applicant with everything that is to be mended."""

    reason = Text(1000, required=True)
    defects = Several(Text(500), most=50, load_default=list)


class Reason(Body):
    """Why."""

    reason = Text(1000, required=True)


class GivingBack(Body):
    """Why, if one likes to say."""

    reason = Text(1000, allow_none=True, load_default=None)


class VoucherShown(ma.Schema):
    """A voucher with what is left of it, in fen."""

    id = ma.fields.Integer()
    number = ma.fields.String()
    state = ma.fields.Enum(VoucherState, by_value=True)
    organisation_id = ma.fields.Integer()
    policy_id = ma.fields.Integer()
    policy = ma.fields.String(metadata={"description": "code of the policy"})
    policy_version = ma.fields.Integer()
    is_example = ma.fields.Boolean(metadata={"description": "true for an example policy that is no official rule"})
    settlement_model = ma.fields.String(metadata={"enum": ["enterprise", "institution"]})
    purpose = ma.fields.String()
    requested_fen = ma.fields.Integer()
    issued_fen = ma.fields.Integer(allow_none=True)
    available_fen = ma.fields.Integer()
    held_fen = ma.fields.Integer()
    drawn_fen = ma.fields.Integer()
    issued_at = Instant(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    redeem_by = ma.fields.Date(allow_none=True)
    revision = ma.fields.Integer()


class EntryShown(ma.Schema):
    """One ledger entry. ``effect_fen`` is the change of what is available."""

    id = ma.fields.Integer()
    at = Instant()
    act = ma.fields.String()
    source = ma.fields.String()
    target = ma.fields.String()
    amount_fen = ma.fields.Integer()
    effect_fen = ma.fields.Integer()
    reference = ma.fields.String(metadata={"description": "the record it came from, such as booking:12"})
    note = ma.fields.String(allow_none=True)
