"""What programs learn about organisations."""

from __future__ import annotations

from equipment_cloud.foundation.endpoint import Body, Code, Identifier, Text, Truth
from equipment_cloud.organisations.models import Kind, Standing


class OrganisationAnswer(Body):
    """Public facts; the telephone only for signed-in readers."""

    id = Identifier()
    name = Text()
    name_en = Text(allow_none=True)
    kind = Code(Kind)
    credit_code = Text(18, allow_none=True)
    town = Text(12, allow_none=True, metadata={"description": "township, NBS code"})
    industry = Text(8, allow_none=True, metadata={"description": "section of GB/T 4754-2017"})
    address = Text(allow_none=True)
    phone = Text(64, allow_none=True)
    introduction = Text(2000, allow_none=True)
    is_user = Truth()
    is_provider = Truth()
    standing = Code(Standing, allow_none=True, metadata={"description": "approval for vouchers (用券资格)"})
    standing_note = Text(allow_none=True)


class Refusal(Body):
    """Why: the organisation reads it."""

    reason = Text(255, required=True)
