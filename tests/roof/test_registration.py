"""What rooms offer at their edges, the roof has taken up, and the OpenAPI document tells."""

from __future__ import annotations

import importlib

import pytest
from flask import Flask

from equipment_cloud import app as roof
from equipment_cloud.foundation.endpoint import document
from tests.architecture.sources import rooms

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def _rooms_with(furniture: str) -> list[str]:
    """Names of the rooms that have such a piece, be it a module or a package."""
    return [room.name for room in rooms() if (room / f"{furniture}.py").exists() or (room / furniture).is_dir()]


def _module(room: str, furniture: str) -> object:
    return importlib.import_module(f"equipment_cloud.{room}.{furniture}")


@pytest.mark.parametrize(("furniture", "taken"), [("views", roof.PAGES), ("api", roof.APIS), ("jobs", roof.CLOCKWORK)])
def test_every_edge_of_every_room_is_taken_up(furniture: str, taken: tuple[object, ...]) -> None:
    forgotten = [room for room in _rooms_with(furniture) if _module(room, furniture) not in taken]
    assert forgotten == []


def test_every_call_stands_in_the_openapi_document(app: Flask) -> None:
    with app.test_request_context():
        paths = document()["paths"]
    told = {(path, verb.upper()) for path, verbs in paths.items() for verb in verbs}
    silent = [
        (rule.rule, verb)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "endpoint-api.openapi_json"
        for verb in (rule.methods or set()) & METHODS
        if (_openapi(rule.rule), verb) not in told
    ]
    assert silent == []


def _openapi(rule: str) -> str:
    """``/a/<int:b>`` as ``/a/{b}``."""
    parts = ("{" + part.strip("<>").rpartition(":")[2] + "}" if part[:1] == "<" else part for part in rule.split("/"))
    return "/".join(parts)
