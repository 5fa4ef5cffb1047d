"""A small API on the real application, for tests of the glue: no room's rules in the way."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import marshmallow as ma
from flask import Flask, Response

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import Actor, Grant, current_actor, only, public, signed_in
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.foundation.endpoint import (
    Blueprint,
    Body,
    Code,
    Day,
    Fen,
    Identifier,
    Instant,
    PageQuery,
    Several,
    Text,
    Truth,
    add,
    etag,
    if_match,
    page_of,
)
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import Conflict
from tests import databases


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Thing(Body):
    name = Text(20, required=True)
    price_fen = Fen(load_default=None, allow_none=True)
    colour = Code(Colour, load_default=Colour.RED)
    starts_at = Instant(load_default=None, allow_none=True)
    day = Day(load_default=None, allow_none=True)
    is_new = Truth(load_default=False)
    parts = Several(Identifier(), most=3, load_default=list)


class Asked(PageQuery):
    since = Instant(load_default=None)
    town = Several(Text(10), load_default=list)


class ThingShown(ma.Schema):
    name = ma.fields.String()
    colour = Code(Colour)
    starts_at = Instant(allow_none=True)


TOKENS = {
    "all": Actor(7, "A", (Grant(1, "reviewer"),)),
    "reader": Actor(7, "A", (Grant(1, "reviewer"),), frozenset({"read"})),
    "writer": Actor(8, "B", (Grant(1, "reviewer"),), frozenset({"try"})),
    "nobody": Actor(9, "C"),
}


def blueprint() -> Blueprint:
    blp = Blueprint("try-api", __name__)

    @blp.get("/try/things")
    @public
    @blp.arguments(Asked, location="query")
    @blp.response(200, page_of(ThingShown))
    def things(asked: dict[str, Any]) -> Page[Any]:
        item = {"name": ",".join(asked["town"]), "colour": Colour.BLUE, "starts_at": asked["since"]}
        return Page([item], asked["page"], asked["per_page"], 41)

    @blp.post("/try/things")
    @signed_in
    @blp.arguments(Thing)
    @blp.response(201, ThingShown)
    def make(thing: dict[str, Any]) -> Any:
        with transaction():
            audit.note("try.make", f"thing:{thing['name']}", by=current_actor(), now=clock.now())
        if thing["name"] == "refused":
            raise Conflict
        return thing, 201, {"Location": "/api/v1/try/things/1"}

    @blp.post("/try/things/<int:thing_id>/answer")
    @only("reviewer")
    def answer(thing_id: int) -> Any:
        with transaction():
            audit.note("try.answer", f"thing:{thing_id}", by=current_actor(), now=clock.now())
        return Response(str(thing_id), status=418 if thing_id == 13 else 200)

    @blp.patch("/try/things/<int:thing_id>")
    @only("reviewer")
    @blp.arguments(Thing(partial=True))
    @blp.response(200, ThingShown)
    def change(thing: dict[str, Any], thing_id: int) -> Any:
        if_match(thing_id)
        return thing, 200, etag(thing_id + 1)

    return blp


def make_app(folder: Path, url: str, **overrides: Any) -> Flask:
    app = databases.make_app(url, folder, **overrides)
    add(app, blueprint())
    app.extensions["token_loader"] = TOKENS.get
    return app


def running(folder: Path, **overrides: Any) -> Iterator[Flask]:
    """The application on a database of its own, for a fixture."""
    with databases.fresh_database() as url:
        app = make_app(folder, url, **overrides)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
