"""What programs send and get about public notices."""

from __future__ import annotations

import marshmallow as ma

from equipment_cloud.foundation.endpoint import Body, Code, Day, Identifier, PageQuery, Text, Whole
from equipment_cloud.notices.models import LineState, NoticeState


class NoticesQuery(PageQuery):
    """Filters of the list."""

    state = Code(NoticeState, load_default=None)


class NoticeShown(ma.Schema):
    """A notice; its rows are at ``/notices/{id}/lines``."""

    id = Identifier()
    number = Text()
    title = Text()
    body = Text()
    state = Code(NoticeState)
    posted_on = Day()
    closes_on = Day(metadata={"description": "last day, inclusive"})
    working_days = Whole()
    address = Text(allow_none=True)
    checksum = Text(metadata={"description": "SHA-256 over title, columns and every row in order"})


class NoticeLineShown(ma.Schema):
    """A frozen row."""

    id = Identifier()
    position = Whole()
    content = ma.fields.Dict()
    state = Code(LineState)


class NewObjection(Body):
    """Anyone's objection to a row, named and reachable."""

    name = Text(60, required=True)
    contact = Text(60, required=True)
    text = Text(4000, required=True)


class ObjectionTaken(ma.Schema):
    """That it was taken; what was said is not repeated to anyone."""

    id = Identifier()
    raised_at = ma.fields.DateTime()
