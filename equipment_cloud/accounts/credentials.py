"""Hashing of passwords, codes and tokens. Values in, values out; no database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from equipment_cloud.accounts.rules import PASSWORD_MOST

TOKEN_PREFIX = "ec_"  # noqa: S105 - tells a leaked token from other secrets, opens nothing
_hasher = PasswordHasher()
"""Argon2id with the library's defaults (RFC 9106, low memory)."""


def hash_password(password: str) -> str:
    """An argon2id hash with its salt and parameters."""
    return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password made the hash. Without a hash the same work is done, so that time tells nothing."""
    if len(password) > PASSWORD_MOST:
        password = password[:PASSWORD_MOST] + "\0"  # never right, and never more work than an honest one
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06}"


def hash_code(person_id: int, code: str) -> str:
    """Keyed with the installation's secret: six digits alone would be found from their hash in no time."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"one-time-code:{person_id}:{code}".encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare without telling where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def new_token() -> str:
    """A bearer token of 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256: the token is random enough to need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
