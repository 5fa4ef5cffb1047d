"""What programs send and get about batches and payments."""

from __future__ import annotations

import marshmallow as ma
from flask_smorest.fields import Upload as UploadField

from equipment_cloud.foundation.endpoint import (
    Body,
    Code,
    Day,
    Fen,
    Identifier,
    Instant,
    Nested,
    PageQuery,
    Query,
    Several,
    Text,
    Truth,
    Whole,
)
from equipment_cloud.settlement.rules import BatchState, LineState


class BatchShown(ma.Schema):
    """A batch; its lines are at ``/batches/{id}/lines``."""

    id = Identifier()
    number = Text()
    state = Code(BatchState)
    pool_id = Identifier()
    period_start = Day()
    period_end = Day()
    round = Whole()
    lines_count = Whole()
    total_fen = Fen()
    notice_id = Identifier(allow_none=True)


class LineSums(ma.Schema):
    """Lines of one state."""

    state = Code(LineState)
    count = Whole()
    total_fen = Fen()


class StepShown(ma.Schema):
    """A step of a batch's chain, open while ``done_at`` is null."""

    id = Identifier()
    code = Text(metadata={"description": "assemble, check, notice, send, pay, close, or one of the office's own"})
    label = Text()
    done_at = Instant(allow_none=True)
    done_by = Text(allow_none=True)
    document_number = Text(allow_none=True)
    note = Text(allow_none=True)


class BatchWhole(BatchShown):
    """A batch with its sums by state, which add up to its total, and its chain."""

    sums = ma.fields.List(Nested(LineSums))
    agrees = Truth()
    steps = ma.fields.List(Nested(StepShown))


class NewBatch(Body):
    """Claims of a pool filed by the end of a period and approved since the last batch."""

    pool_id = Identifier(required=True)
    period_start = Day(required=True)
    period_end = Day(required=True)


class Check(Body):
    """The second check."""

    note = Text(2000, load_default=None, allow_none=True)


class StepDone(Body):
    """What a step of the office's own chain came to: one of the two is needed."""

    document_number = Text(100, load_default=None, allow_none=True)
    note = Text(2000, load_default=None, allow_none=True)


class NewNotice(Body):
    """The public notice; its rows are the lines of the batch."""

    title = Text(255, required=True)
    body = Text(4000, required=True)
    posted_on = Day(load_default=None, allow_none=True, metadata={"description": "today if omitted"})
    address = Text(255, load_default=None, allow_none=True, metadata={"description": "where else it is posted"})


class Sending(Body):
    """Handing the payment list over."""

    document_number = Text(100, load_default=None, allow_none=True)


class PaymentListQuery(Query):
    """The bank whose accounts are marked as its own."""

    bank = Text(100, load_default=None, allow_none=True)


class LinesQuery(PageQuery):
    """Filters of the lines."""

    state = Code(LineState, load_default=None)


class LineShown(ma.Schema):
    """A line of a batch; bank accounts are not shown."""

    position = Whole()
    claim_id = Identifier()
    claim_number = Text()
    organisation = Text()
    provider = Text()
    payee = Text()
    amount_fen = Fen()
    state = Code(LineState)
    paid_on = Day(allow_none=True)
    reference = Text(allow_none=True)
    reason = Text(allow_none=True)


class ResultGiven(Body):
    """The treasury's answer to one line: number, claim and amount must agree with it."""

    position = Whole(1, 10_000_000, required=True)
    claim_number = Text(64, required=True)
    amount_fen = Fen(1, required=True)
    result = Code(("paid", "bounced"), required=True)
    paid_on = Day(load_default=None, allow_none=True)
    reference = Text(255, load_default=None, allow_none=True)
    reason = Text(255, load_default=None, allow_none=True)


class Results(Body):
    """Answers to lines of a batch, at most 10,000 a call."""

    results = Several(Nested(ResultGiven), most=10_000, required=True)


class ResultsFile(ma.Schema):
    """A multipart body with the treasury's workbook (xlsx, xls, ods) or csv."""

    class Meta:
        unknown = ma.EXCLUDE

    file = UploadField(required=True)


class RowNotTaken(ma.Schema):
    """A row that changed nothing."""

    row = Whole(metadata={"description": "place in the list, from 1"})
    code = Text()
    message = Text()


class ResultsTaken(ma.Schema):
    """Every row once: paid, bounced, unchanged or refused."""

    id = Identifier()
    rows = Whole()
    paid = Whole()
    bounced = Whole()
    unchanged = Whole()
    refused = Whole()
    paid_fen = Fen()
    without_result = Whole()
    problems = ma.fields.List(Nested(RowNotTaken))
