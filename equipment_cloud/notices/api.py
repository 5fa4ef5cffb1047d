"""Public notices for programs: reading needs no token."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint, PageQuery, page_of
from equipment_cloud.foundation.limits import limiter
from equipment_cloud.foundation.page import Page
from equipment_cloud.notices import queries, schemas, service
from equipment_cloud.notices.models import Notice, NoticeLine, Objection

blp = Blueprint("notices-api", __name__, description="Public notices and objections")


@blp.get("/notices")
@public
@blp.arguments(schemas.NoticesQuery, location="query")
@blp.response(200, page_of(schemas.NoticeShown))
def notices(query: dict[str, Any]) -> Page[Notice]:
    """All notices, those posted last first."""
    return queries.page(state=query["state"], number=query["page"], size=query["per_page"])


@blp.get("/notices/<int:notice_id>")
@public
@blp.response(200, schemas.NoticeShown)
def one(notice_id: int) -> Notice:
    """One notice."""
    return queries.notice(notice_id)


@blp.get("/notices/<int:notice_id>/lines")
@public
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(schemas.NoticeLineShown))
def lines(query: dict[str, Any], notice_id: int) -> Page[NoticeLine]:
    """Rows in their printed order."""
    queries.notice(notice_id)
    return queries.lines_page(notice_id, number=query["page"], size=query["per_page"])


@blp.post("/notices/<int:notice_id>/lines/<int:line_id>/objections")
@public
@limiter.limit("10 per hour")
@blp.arguments(schemas.NewObjection)
@blp.response(201, schemas.ObjectionTaken)
def object_to(body: dict[str, Any], notice_id: int, line_id: int) -> Objection:
    """Object to a row until the end of the last day; the row alone stops."""
    with transaction():
        found = service.object_to(notice_id, line_id, body["name"], body["contact"], body["text"], now=clock.now())
        objection_id = found.id
    return queries.objection(objection_id)
