"""What every answer tells the browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import accounts


@pytest.mark.parametrize("path", ["/", "/no/such/page", "/healthz", "/api/v1/openapi.json", "/api/v1/nowhere"])
def test_answers_carry_the_strict_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    for directive in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"):
        assert directive in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_a_person_are_never_stored(session: Session, client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    client.sign_in(accounts.person(session))
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_only_production_insists_on_https(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Strict-Transport-Security" not in client.get("/help").headers
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    assert "max-age=31536000" in client.get("/help").headers["Strict-Transport-Security"]
