"""The JSON API's glue: rooms declare endpoints here, under ``/api/v1``, with strict fields and one way to refuse."""

from equipment_cloud.foundation.endpoint.blueprint import PREFIX, SAFE, Blueprint, etag, if_match
from equipment_cloud.foundation.endpoint.document import add, document, register
from equipment_cloud.foundation.endpoint.fields import (
    Body,
    Code,
    Day,
    Fen,
    Function,
    Identifier,
    Instant,
    Nested,
    Query,
    Raw,
    Several,
    Slip,
    Text,
    Truth,
    Whole,
    refuse,
)
from equipment_cloud.foundation.endpoint.pages import PageQuery, page_of
from equipment_cloud.foundation.endpoint.reading import problems_of

__all__ = [
    "PREFIX",
    "SAFE",
    "Blueprint",
    "Body",
    "Code",
    "Day",
    "Fen",
    "Function",
    "Identifier",
    "Instant",
    "Nested",
    "PageQuery",
    "Query",
    "Raw",
    "Several",
    "Slip",
    "Text",
    "Truth",
    "Whole",
    "add",
    "document",
    "etag",
    "if_match",
    "page_of",
    "problems_of",
    "refuse",
    "register",
]
