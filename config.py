"""Settings. The environment wins over ``instance/local.env``, which ``make run`` writes.

Production has no defaults for secrets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
DEVELOPMENT_SECRET = "development-only"  # noqa: S105 - refused in production below


def settings(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The Flask configuration from the environment and ``instance/local.env``.

    Raises ``RuntimeError`` in production (``APP_ENV=production``) without a secret of its own or with demo accounts.
    """
    given = dict(_local_env())
    given.update(os.environ if environ is None else environ)
    production = given.get("APP_ENV") == "production"
    secret = given.get("SECRET_KEY") or DEVELOPMENT_SECRET
    demo = given.get("DEMO") == "1"
    if production and (secret == DEVELOPMENT_SECRET or len(secret) < 32):
        raise RuntimeError("production needs a SECRET_KEY of at least 32 characters")
    if production and demo:
        raise RuntimeError("production does not start with demo accounts (DEMO=1)")
    return {
        "SECRET_KEY": secret,
        "DEMO": demo,
        "PRODUCTION": production,
        "SQLALCHEMY_DATABASE_URI": _database_url(given.get("DATABASE_URL")),
        "PUBLIC_URL": (given.get("PUBLIC_URL") or f"http://127.0.0.1:{given.get('PORT') or 8000}").rstrip("/"),
        "TIMEZONE": given.get("TIMEZONE", "Asia/Shanghai"),
        "BABEL_DEFAULT_LOCALE": given.get("DEFAULT_LOCALE", "zh_CN"),
        "MAIL_URL": given.get("MAIL_URL"),
        "SMS_URL": given.get("SMS_URL"),
        "STORAGE_DIR": given.get("STORAGE_DIR", str(INSTANCE / "files")),
        "REDIS_URL": given.get("REDIS_URL"),
        "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),  # without a request; each request begins it anew
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": given.get("REDIS_URL") or "memory://",
    }


def _database_url(url: str | None) -> str:
    """SQLite in ``instance/`` by default; ``postgresql://`` means psycopg 3."""
    if not url:
        INSTANCE.mkdir(exist_ok=True)
        return f"sqlite:///{INSTANCE / 'equipment_cloud.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _local_env() -> dict[str, str]:
    path = INSTANCE / "local.env"
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
