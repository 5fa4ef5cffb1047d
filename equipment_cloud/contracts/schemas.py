"""What programs send and get about contracts."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.foundation.endpoint import Body, Day, Fen, Identifier, Instant, PageQuery, Text


class ContractsQuery(PageQuery):
    """Filters of the list."""

    q = Text(200, load_default=None, allow_none=True, metadata={"description": "number, title or a party's name"})


class NewContract(Body):
    """A signed contract; its paper is a PDF sent to ``/files`` before."""

    organisation_id = Identifier(
        load_default=None, allow_none=True, metadata={"description": "buyer; needed only by who acts for several"}
    )
    provider_id = Identifier(required=True)
    number = Text(100, required=True)
    title = Text(255, required=True)
    signed_on = Day(required=True)
    amount_fen = Fen(1, required=True)
    file_id = Identifier(required=True)


class ContractShown(ma.Schema):
    """A contract."""

    id = Identifier()
    number = Text()
    title = Text()
    organisation_id = Identifier(attribute="buyer_id")
    provider_id = Identifier()
    signed_on = Day()
    amount_fen = Fen()
    file_id = Identifier(allow_none=True)
    created_at = Instant()
