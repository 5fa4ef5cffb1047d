"""Addresses no record could have are simply not found."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from equipment_cloud.foundation.converters import BoundedInteger, PlainText

ROUTES = Map(
    [Rule("/things/<int:thing_id>", endpoint="thing"), Rule("/at/<code>", endpoint="at")],
    converters={"int": BoundedInteger, "default": PlainText},
).bind("localhost")


@pytest.mark.parametrize("number", ["2147483648", "9" * 40, "-1", "1.0", "１２", "x"])
def test_an_id_no_database_holds_is_not_found(number: str) -> None:
    with pytest.raises(NotFound):
        ROUTES.match(f"/things/{number}")


def test_the_largest_id_is_an_id() -> None:
    assert ROUTES.match("/things/2147483647") == ("thing", {"thing_id": 2147483647})


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "x" * 256, "\ud800"])
def test_text_with_control_characters_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        ROUTES.match(f"/at/{text}")


def test_other_text_is_taken_as_it_is() -> None:
    assert ROUTES.match("/at/330281-000231 三") == ("at", {"code": "330281-000231 三"})


def test_the_application_uses_them(client: FlaskClient) -> None:
    assert client.get("/jobs/a%00b").status_code == 404
