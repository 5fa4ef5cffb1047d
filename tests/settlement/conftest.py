"""Calls of programs in a town where services were rendered on a voucher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from equipment_cloud.accounts import service as accounts
from equipment_cloud.foundation.access import Actor
from tests.factories.settlement import Town

Call = Callable[..., Any]


@pytest.fixture
def call(client: FlaskClient, place: Town) -> Call:
    """``call(actor, "POST", "/claims", json=...)``; the actor may be None."""

    def send(actor: Actor | None, method: str, path: str, **options: Any) -> Any:
        headers = dict(options.pop("headers", {}))
        if actor is not None:
            headers["Authorization"] = f"Bearer {accounts.issue_token(actor.id, 'test', now=place.later)[0]}"
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return send
