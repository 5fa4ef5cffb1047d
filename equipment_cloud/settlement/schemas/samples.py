"""What programs send and get about the second look."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.foundation.endpoint import Body, Code, Day, Fen, Identifier, Instant, Text, Whole
from equipment_cloud.settlement.rules.sampling import SampleState


class SampleShown(ma.Schema):
    """A draw. Claims come in order of SHA-256 of ``seed:number``, until they make up the rate in number and money."""

    id = Identifier()
    pool_id = Identifier()
    period_start = Day()
    period_end = Day()
    seed = Text()
    rate_bp = Whole(metadata={"description": "share of what was paid, in 1/10000"})
    population = Whole()
    population_fen = Fen()
    drawn = Whole()
    drawn_fen = Fen()
    open = Whole(metadata={"description": "claims nobody judged yet"})
    drawn_at = Instant()


class SampleLineShown(ma.Schema):
    """A claim of a draw."""

    id = Identifier()
    position = Whole()
    claim_id = Identifier()
    claim_number = Text()
    organisation = Text()
    provider = Text()
    amount_fen = Fen()
    state = Code(SampleState)
    opinion = Text(allow_none=True)
    judged_by = Text(allow_none=True)
    judged_at = Instant(allow_none=True)


class Judgement(Body):
    """What the second look found."""

    result = Code((SampleState.CLEAR, SampleState.IRREGULAR), required=True)
    opinion = Text(2000, required=True)
