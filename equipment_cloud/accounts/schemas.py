"""What programs send to get a token, and what they get."""

from __future__ import annotations

from equipment_cloud.accounts import rules
from equipment_cloud.foundation.endpoint import Body, Identifier, Instant, Several, Text, Whole


class TokenRequest(Body):
    """E-mail or mobile with the password; ``expires_in`` in seconds."""

    email = Text(254)
    mobile = Text(32)
    password = Text(rules.PASSWORD_MOST, required=True)
    name = Text(100, required=True)
    scopes = Several(Text(64), most=3 * len(rules.SCOPES), allow_none=True)
    expires_in = Whole(int(rules.TOKEN_LEAST.total_seconds()), int(rules.TOKEN_MOST.total_seconds()), allow_none=True)


class TokenAnswer(Body):
    """The token's text stands here and nowhere else."""

    id = Identifier()
    token = Text()
    name = Text()
    scopes = Several(Text(64), allow_none=True)
    expires_at = Instant()
