"""The shape of lists: ``{"items": [...], "page": {"number", "size", "total"}}``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import marshmallow as ma

from equipment_cloud.foundation.endpoint.fields import Nested, Query, Whole
from equipment_cloud.foundation.page import MAX_NUMBER, MAX_SIZE, Page


class PageQuery(Query):
    """``page`` from 1, ``per_page`` up to 100; a room's list derives from it and adds its filters."""

    page = Whole(1, MAX_NUMBER, load_default=1)
    per_page = Whole(1, MAX_SIZE, load_default=20)


class PageFacts(ma.Schema):
    """Where in the list this page stands."""

    number = Whole(1, dump_only=True)
    size = Whole(1, dump_only=True)
    total = Whole(0, dump_only=True)


class _PageSchema(ma.Schema):
    page = Nested(PageFacts, dump_only=True)

    @ma.pre_dump
    def _open_page(self, given: Page[Any] | Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """A :class:`Page`, or a mapping with it under ``page`` and further members beside it."""
        if isinstance(given, Page):
            return {"items": given.items, "page": given}
        return {**given, "items": given["page"].items}


@cache
def page_of(item: type[ma.Schema], base: type[ma.Schema] | None = None) -> type[ma.Schema]:
    """The schema of a page of ``item``. ``base`` is a schema with further members, such as ``facets``:
    the view then returns ``{"page": page, "facets": ...}``, else the :class:`Page` alone.
    """
    name = item.__name__.removesuffix("Schema") + "Page"
    parents = (_PageSchema, base) if base else (_PageSchema,)
    return type(name, parents, {"items": ma.fields.List(Nested(item), dump_only=True), "__module__": item.__module__})
