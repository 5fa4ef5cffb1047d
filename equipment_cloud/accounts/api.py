"""Tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from equipment_cloud.accounts import door, service
from equipment_cloud.accounts.schemas import TokenAnswer, TokenRequest
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint

blp = Blueprint("accounts-api", __name__, description="Tokens: who a program acts for")


# Not made repeatable by Idempotency-Key as other calls are: a kept answer would keep the secret, and a joined
# transaction would forget the failures it has to count.
@blp.post("/tokens", repeatable=False)
@public
@door.limit_sign_ins
@blp.arguments(TokenRequest)
@blp.response(201, TokenAnswer)
def create_token(asked: dict[str, Any]) -> dict[str, Any]:
    """Exchange a password for a token; its text is answered once and not kept."""
    person = door.with_password(asked.get("mobile") or asked.get("email"), asked["password"])
    seconds = asked.get("expires_in")
    with transaction():
        text, token = service.issue_token(
            person.id,
            asked["name"],
            scopes=asked.get("scopes"),
            expires_in=timedelta(seconds=seconds) if seconds else None,
            now=clock.now(),
        )
        return {
            "id": token.id,
            "token": text,
            "name": token.name,
            "scopes": token.scopes,
            "expires_at": token.expires_at,
        }
